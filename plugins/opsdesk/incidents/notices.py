"""Outage notices: which incidents have one, the message that keeps each current, and whom else it is sent to."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

import msgspec
from msgspec.structs import replace

from opsdesk.chat import Command, MessageRef, Person
from opsdesk.clock import day_of
from opsdesk.contacts import Directory
from opsdesk.errors import UserError
from opsdesk.ground import Ground
from opsdesk.incidents import notice_words as words
from opsdesk.incidents.entries import ENDING
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.log import IncidentLog, passed_over
from opsdesk.posts import PostLine, PostRecord, PostStep, Scheduled, State
from opsdesk.remembered import Remembered
from opsdesk.undo import WITHIN, made

KEPT_CURRENT = timedelta(days=1)  # after its incident was over
TRIED_FOR = timedelta(hours=1)  # from when it is due; it is not posted at all once it is NEWS_FOR late
NEWS_FOR = timedelta(hours=4)
NOBODY = Person("", "")

Record = Callable[[Scheduled], PostRecord]


class NoticeChange(msgspec.Struct, frozen=True):
    """A change of a notice; `before` is what it said that it means for people, None where there was no notice."""

    at: datetime
    by: Person
    before: str | None = None


class Notice(msgspec.Struct, frozen=True):
    """The notice of an incident: what it means for people, since when it is wanted, when it was last changed.

    At `sent_at` somebody had it sent to people without the chat, too. `changes` are those that can be taken back; where
    the first of them was, the notice holds no more.
    """

    number: int
    asked_at: datetime
    changed_at: datetime
    impact: str = ""
    sent_at: datetime | None = None
    sent_by: Person = NOBODY
    changes: tuple[NoticeChange, ...] = ()
    taken_back_at: datetime | None = None
    taken_back_by: Person = NOBODY


class Notices:
    """Keeps the notices that were asked for, for as long as anything becomes of them.

    `record` gives what became of a message that was planned.
    """

    def __init__(self, log: IncidentLog, ground: Ground, directory: Callable[[], Directory], record: Record) -> None:
        self._log, self._ground, self._directory, self._record = log, ground, directory, record
        self._kept = ground.store.keyed("notices", Notice)
        self._read = Remembered(lambda version: self._kept.all(None))

    def ask(self, number: int, impact: str, command: Command) -> str:
        """Keep a notice from now on, with what it means for people if that is said; return the answer.

        Raise a UserError where that is too long for a notice.
        """
        incident, at = self._log.get(number), command.at
        text = " ".join(impact.split())
        if len(text) > words.LONGEST:
            raise UserError(words.too_long(number, len(text)))

        kept = self._kept.change(None, str(number), lambda before: _asked(before, number, text, command))
        made("notice", number)
        stands = self._ground.chat.edits and incident.is_open and self._message(incident) is not None
        return words.asked(incident, self.text(incident, kept, at), kept.impact, stands=stands)

    def take_back(self, change: NoticeChange, number: int, by: Person, at: datetime) -> str:
        """Take back a change; return the answer. Raise a UserError where somebody has changed or sent it since."""
        incident = self._log.get(number)

        def edit(before: Notice | None) -> Notice:
            if not before or change not in before.changes:
                raise UserError(words.gone(number))
            if before.changes[-1] != change:
                raise UserError(words.changed_since(number, before.changes[-1].by.name))
            if change.before is None and before.sent_at:
                raise UserError(words.not_unsent(number))
            return _without(before, change, by, at)

        kept = self._kept.change(None, str(number), edit)
        if kept.taken_back_at:
            return words.taken_back(number, stands=self._stands(kept, incident))
        return words.as_before(number, kept.impact, sent=bool(kept.sent_at and kept.sent_at >= change.at))

    def announce(self, number: int, targets: Sequence[str], command: Command) -> str:
        """Have the notice sent to these targets; return the answer. Raise a UserError if it was sent before."""
        incident, at, zone = self._log.get(number), command.at, self._log.zone
        if not targets:
            return words.nobody(incident)

        def edit(before: Notice | None) -> Notice:
            old = before if before and not before.taken_back_at else Notice(number, at, at)
            if old.sent_at and not _ended_since(incident, old.sent_at):
                raise UserError(words.announced_before(incident, old.sent_by.name, old.sent_at, at, zone))
            return replace(old, sent_at=at, sent_by=command.by)

        self._kept.change(None, str(number), edit)
        made("notice", number)
        return words.announced(incident, targets)

    def text(self, incident: Incident, kept: Notice, at: datetime) -> str:
        """Return the notice as of `at`, or that it was taken back."""
        subsystem = self._directory().subsystems.get(incident.subsystem)
        name = subsystem.name if subsystem else incident.subsystem
        if kept.taken_back_at:
            return words.struck(incident, name, kept.taken_back_by.name, kept.taken_back_at, self._log.zone)
        return words.notice(incident, name, kept.impact, at, self._log.zone)

    def standing(self) -> Iterator[tuple[Notice, Incident]]:
        """Yield each notice that is kept, with its incident; without those whose incident cannot be read.

        Raise a UserError where the notices cannot be read.
        """
        notices = self._read(self._kept.version()).values()
        incidents = {one.number: one for one in self._log.some([kept.number for kept in notices], passed_over)}
        for kept in notices:
            if kept.number in incidents:
                yield kept, incidents[kept.number]

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield the messages that keep the notices current; forget those whose incident is over for long."""
        over = []
        for kept, incident in self.standing():
            if _is_over(kept, incident, at):
                over.append(kept.number)
            elif (message := self._message(incident)) and self._is_shown(kept, incident):
                yield self._scheduled(kept, incident, message)
        if over:
            self._kept.forget(None, lambda one: one.number in over)

    def _is_shown(self, kept: Notice, incident: Incident) -> bool:
        """Return whether the notice is to stand below its incident, or to be struck out where it stands."""
        return self._ground.chat.edits and (not kept.taken_back_at or self._stands(kept, incident))

    def _stands(self, kept: Notice, incident: Incident) -> bool:
        """Return whether the notice was posted, or may have been."""
        message = self._message(incident)
        if not message:
            return False
        return self._record(self._scheduled(kept, incident, message)).state in (State.POSTED, State.UNCONFIRMED)

    def _message(self, incident: Incident) -> MessageRef | None:
        """Return the message below which the notice stands; None where the incident has none."""
        return incident.card if incident.card and incident.card.ts else None

    def _scheduled(self, kept: Notice, incident: Incident, card: MessageRef) -> Scheduled:
        def compose(at: datetime, before: PostRecord) -> Sequence[PostLine]:
            return [PostLine("notice", self.text(incident, kept, at))]

        ended = kept.taken_back_at or (None if incident.is_open else incident.written_at)
        due, changed = kept.asked_at, max(kept.changed_at, incident.written_at)
        first = Scheduled(
            key=f"notice:{kept.number}",
            day=day_of(due, self._log.zone),
            due=due,
            until=due + TRIED_FOR,
            lapse=kept.taken_back_at or due + NEWS_FOR,
            compose=compose,
            room=card.room,
            thread=card.thread or card.ts,
            edits_until=(ended or due + timedelta(days=365)) + KEPT_CURRENT,
            stale=partial(_is_stale, changed),
        )
        return _anew(first, self._record(first), kept)


def _anew(first: Scheduled, record: PostRecord, kept: Notice) -> Scheduled:
    """Return the message, as one of its own where the first was given up before the notice was asked for anew."""
    given_up = record.last(PostStep.GIVEN_UP) if record.state is State.GIVEN_UP else None
    if given_up is None or given_up.at > kept.asked_at:
        return first
    return replace(first, key=f"{first.key}:{kept.asked_at:%H:%M:%SZ}")


def _asked(before: Notice | None, number: int, impact: str, command: Command) -> Notice:
    """Return a notice that is asked for, anew where it was taken back, and what of it can be taken back."""
    at = command.at
    old = before if before and not before.taken_back_at else None
    kept = tuple(one for one in old.changes if at - one.at <= WITHIN) if old else ()
    changes = kept
    if not old or (impact and impact != old.impact):
        changes = (*kept, NoticeChange(at, command.by, old.impact if old else None))
    new = old or Notice(number, at, at)
    return replace(new, impact=impact or new.impact, changed_at=at, changes=changes)


def _without(notice: Notice, change: NoticeChange, by: Person, at: datetime) -> Notice:
    """Return a notice without its last change, which was that one."""
    rest = notice.changes[:-1]
    if change.before is None:
        return replace(notice, changes=rest, changed_at=at, taken_back_at=at, taken_back_by=by)
    return replace(notice, changes=rest, changed_at=at, impact=change.before)


def _is_over(kept: Notice, incident: Incident, at: datetime) -> bool:
    """Return whether nothing becomes of a notice any more."""
    ended = None if incident.is_open else incident.written_at + 2 * KEPT_CURRENT
    over = [moment for moment in (ended, kept.taken_back_at and kept.taken_back_at + KEPT_CURRENT) if moment]
    return bool(over) and min(over) < at


def _is_stale(changed: datetime, record: PostRecord, at: datetime, looked: datetime | None) -> bool:
    return looked is None or looked <= changed


def _ended_since(incident: Incident, sent_at: datetime) -> bool:
    """Return whether an incident was over at some time after its notice was sent: its end was told, too."""
    return any(entry.kind in ENDING and entry.written_at > sent_at for entry in incident.entries)
