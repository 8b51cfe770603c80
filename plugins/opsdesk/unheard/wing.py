"""Tells people what they typed while the desk was away or deaf, and does what they then want done as of then."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

import msgspec
from msgspec.structs import replace

from opsdesk.chat import MessageRef, Reaction, SendError, Unheard
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.ground import Ground
from opsdesk.incidents import IncidentDesk
from opsdesk.oncall import ACCEPTING
from opsdesk.posts import PostLine, PostRecord, PostScheduler, Scheduled
from opsdesk.store import KeyedTable
from opsdesk.unheard import words
from opsdesk.unheard.listing import Listing, UnheardMessage, listed, meant

log = logging.getLogger(__name__)

ANSWER_WITHIN = timedelta(minutes=30)
TRY_FOR, STILL_WORTH_IT = timedelta(hours=1), timedelta(hours=12)
KEPT = timedelta(days=2)
MOST_THREADS = 50
CHANGED = "The message, or which incident it is about, has changed since: type it again."

Do = Callable[[Unheard, Callable[[str], bool]], bool]  # a message, and whether its text is as expected


class UnheardDesk(msgspec.Struct, frozen=True):
    """What was typed while nobody listened: where to look for it, who is told, what is done of it."""

    ground: Ground
    incidents: IncidentDesk
    posts: PostScheduler
    kept: KeyedTable[Listing]

    def places(self) -> Iterator[tuple[str, str]]:
        """Yield where people type: the desk's channels, then the threads of open incidents, the latest first."""
        yield from ((channel.id, "") for channel in self.ground.settings.file.channels.all if channel.id)
        latest = sorted(self.incidents.log.open_ones(lambda lost: None), key=lambda one: -one.number)
        cards = (one.card for one in latest if one.card)
        yield from ((card.room, card.thread or card.ts) for card in islice(cards, MOST_THREADS))

    def found(self, gap: str, typed: Sequence[Unheard], calls: Sequence[str]) -> None:
        """Keep what was typed in a gap, so that each person is told once; a gap that comes again changes nothing.

        Raises a UserError if it cannot be kept.
        """
        at = self.ground.now()
        self.kept.forget(None, lambda one: one.found_at < at - KEPT)
        for by, listing in listed(typed, calls, self.incidents.meant_in, at).items():
            self.kept.change(None, f"{gap} {by}", partial(_first, listing))

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield what people are told, each directly."""
        for key, listing in self._all().items():
            if at < listing.found_at + STILL_WORTH_IT:
                yield self._scheduled(key, listing)

    def reacted(self, reaction: Reaction, do: Do) -> None:
        """Do what is still to be done of a list that whoever it was for marked with ✅; reply below it."""
        if not reaction.added or reaction.emoji not in ACCEPTING:
            return
        for key, listing in self._all().items():
            record = self.posts.record(self._scheduled(key, listing))
            if listing.by == reaction.by and _stands_at(record, reaction):
                answer = self._answer(key, listing, record, do, self.ground.now())
                if answer:
                    self.ground.chat.reply(MessageRef(reaction.room, reaction.ts), answer)

    def _answer(self, key: str, listing: Listing, record: PostRecord, do: Do, at: datetime) -> str:
        """Do what is doable, once, and return the answer; "" where there is nothing to say."""
        doable = [line for line in listing.lines if line.is_doable]
        if listing.done_at or not doable:
            return ""
        if at > (record.stands_since or at) + ANSWER_WITHIN:
            return words.TOO_LATE
        tried = [(line, self._try(listing, line, do)) for line in doable]
        done, not_done = [line for line, why in tried if not why], [(line, why) for line, why in tried if why]
        if done:
            self.kept.change(None, key, lambda before: replace(before or listing, done_at=at))
        return words.did(done, not_done, at, self.ground.zone)

    def _try(self, listing: Listing, line: UnheardMessage, do: Do) -> str:
        """Have a line done as of then, and return why not; "" if it is."""
        if meant(line, listing.calls, self.incidents.meant_in) != line.about:
            return CHANGED
        try:
            is_there = do(Unheard(line.room, line.ts, line.thread, listing.by, line.at, line.text), line.says)
        except SendError as failed:
            return f"{failed.reason}: type it again."
        return "" if is_there else CHANGED

    def _scheduled(self, key: str, listing: Listing) -> Scheduled:
        def compose(at: datetime, before: PostRecord) -> Sequence[PostLine]:
            return [PostLine("words", words.told(listing, at, self.ground.zone))]

        at = listing.found_at
        day = day_of(at, self.ground.zone)
        return Scheduled(f"unheard:{key}", day, at, at + TRY_FOR, at + STILL_WORTH_IT, compose, person=listing.by)

    def _all(self) -> Mapping[str, Listing]:
        try:
            return self.kept.all(None)
        except UserError as damaged:
            log.warning("What was typed meanwhile cannot be read: %s", damaged)
            return {}


def _stands_at(record: PostRecord, reaction: Reaction) -> bool:
    proof = record.proof
    return proof is not None and (proof.room, proof.ts) == (reaction.room, reaction.ts)


def _first(listing: Listing, kept: Listing | None) -> Listing:
    return kept or listing


def build(ground: Ground, incidents: IncidentDesk, posts: PostScheduler) -> UnheardDesk:
    """Return what takes care of what nobody heard."""
    return UnheardDesk(ground, incidents, posts, ground.store.keyed("unheard", Listing))
