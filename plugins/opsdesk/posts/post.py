"""Scheduled posts: what is due, what became of it, and whether to send. Records and decisions; no sending here.

A post's life is the list of its entries, on disk before each step: claimed, then posted or refused.
Whatever dies in between leaves a claim without an outcome, which is looked up in the chat before
anything is sent again.
"""

import enum
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

import msgspec

from opsdesk.clock import Backoff

BACKOFF = Backoff(first=timedelta(seconds=5), longest=timedelta(minutes=1))
EDIT_TRIES, PAUSE_AFTER_EDIT_TRIES = 5, timedelta(minutes=10)
LATE_AFTER = timedelta(minutes=1)
SENDS_UNPROVEN = 2  # where a chat cannot be read back: sent once more, marked as possibly repeated


class PostStep(enum.StrEnum):
    """One step in the life of a post."""

    CLAIMED = "claimed"
    POSTED = "posted"
    FOUND = "found"  # read back from the chat after a claim whose outcome was lost
    REFUSED = "refused"
    UNWRITTEN = "unwritten"  # a mistake while its text was put together
    UNCLEAR = "unclear"  # the answer was lost: it may stand there
    EDITED = "edited"
    EDIT_REFUSED = "edit refused"
    GIVEN_UP = "given up"
    SKIPPED = "skipped"
    RESUMED = "resumed"
    NOTED = "noted"
    BEAT = "heartbeat"


class State(enum.Enum):
    """Where a post stands: read off its entries."""

    WAITING = "waiting"
    UNCONFIRMED = "unconfirmed"
    POSTED = "posted"
    GIVEN_UP = "given up"
    SKIPPED = "skipped"


class Decision(enum.Enum):
    """What to do about a post at a moment."""

    NOT_YET = "not due yet"
    PAUSE = "waiting before the next try"
    SEND = "send it"
    CONFIRM = "look for it in the chat, then send it"
    CONFIRM_LAST = "look for it in the chat, then give it up"
    GIVE_UP = "give it up"
    DONE = "nothing left to send"


STATE_AFTER = {
    PostStep.CLAIMED: State.UNCONFIRMED,
    PostStep.UNCLEAR: State.UNCONFIRMED,
    PostStep.REFUSED: State.WAITING,
    PostStep.UNWRITTEN: State.WAITING,
    PostStep.POSTED: State.POSTED,
    PostStep.FOUND: State.POSTED,
    PostStep.GIVEN_UP: State.GIVEN_UP,
    PostStep.SKIPPED: State.SKIPPED,
    PostStep.RESUMED: State.WAITING,
}
FAILED = (PostStep.REFUSED, PostStep.UNWRITTEN, PostStep.UNCLEAR)  # how a try may end without the post


class PostLine(msgspec.Struct, frozen=True):
    """A part of a post that changes as one: the same `key` is the same part in a later version.

    `updated_at` is shown behind its first line; parts that are not `marked` change without saying so.
    `whole` is what the part has to say where `text` is cut short for want of room: only it decides
    whether the part has changed.
    """

    key: str
    text: str
    marked: bool = False
    updated_at: datetime | None = None
    whole: str = ""

    def same_as(self, other: "PostLine") -> bool:
        """Return whether both have the same to say, however much of it is shown."""
        return (self.whole or self.text) == (other.whole or other.text)


class PostEntry(msgspec.Struct, frozen=True):
    """One step: `text` is the reason or note, `by` who asked for it; room, ts and permalink are the chat's proof."""

    at: datetime
    step: PostStep = msgspec.field(name="what")  # as it has always been stored
    text: str = ""
    by: str = ""
    room: str = ""
    ts: str = ""
    permalink: str = ""
    retry_at: datetime | None = None


class PostRecord(msgspec.Struct, frozen=True):
    """What became of one post; `lines` is the text as it was last sent."""

    key: str
    entries: tuple[PostEntry, ...] = ()
    lines: tuple[PostLine, ...] = ()

    def then(self, entry: PostEntry) -> "PostRecord":
        """Return the record with one more entry."""
        return msgspec.structs.replace(self, entries=(*self.entries, entry))

    @property
    def state(self) -> State:
        """Return the state that the last decisive entry left the post in."""
        states = [STATE_AFTER[entry.step] for entry in self.entries if entry.step in STATE_AFTER]
        return states[-1] if states else State.WAITING

    @property
    def proof(self) -> PostEntry | None:
        """Return the entry that proves that the post stands in the chat; None without proof."""
        return self.last(PostStep.POSTED, PostStep.FOUND)

    @property
    def stands_since(self) -> datetime | None:
        """Return when the standing post was sent; if it was found only later, when it was last claimed."""
        proof = self.proof
        sent = self.last(PostStep.CLAIMED) if proof and proof.step is PostStep.FOUND else proof
        return sent.at if sent else proof.at if proof else None

    @property
    def may_stand(self) -> bool:
        """Return whether the post was given up while nobody could tell if it stands in the chat."""
        last = self.last(PostStep.CLAIMED, *FAILED)
        return self.state is State.GIVEN_UP and last is not None and last.step in (PostStep.CLAIMED, PostStep.UNCLEAR)

    def last(self, *steps: PostStep) -> PostEntry | None:
        """Return the latest entry of these kinds; None without one."""
        return next((entry for entry in reversed(self.entries) if entry.step in steps), None)

    def since(self, at: datetime, *steps: PostStep) -> list[PostEntry]:
        """Return the entries of these kinds from `at` on."""
        return [entry for entry in self.entries if entry.step in steps and entry.at >= at]


class Scheduled(msgspec.Struct, frozen=True):
    """A message with a time: to a `room`, there in a `thread` if one is named, or to a `person` directly.

    With `sets_topic` it is no message but the topic of its room.

    It is sent from `due` on; refusals are tried again until `until` (as long after the first,
    if that was late); from `lapse` on it is not sent at all. `compose` gives the text for a moment,
    handed what was sent before. A posted one is edited until `edits_until` whenever `stale` says that
    its text may have changed since the desk last looked (None: it has not looked since its start).
    `notices` are further messages that its record calls for. `punctual`: it must not be late, so that the chat is
    read back ahead of it, and one that is late all the same begins by saying so.
    """

    key: str
    day: date
    due: datetime
    until: datetime
    lapse: datetime
    compose: Callable[[datetime, PostRecord], Sequence[PostLine]]
    room: str = ""
    thread: str = ""
    person: str = ""
    sets_topic: bool = False
    edits_until: datetime | None = None
    stale: Callable[[PostRecord, datetime, datetime | None], bool] = lambda record, at, looked: False
    notices: Callable[[PostRecord], Iterable["Scheduled"]] = lambda record: ()
    punctual: bool = False


def decide(scheduled: Scheduled, record: PostRecord, at: datetime) -> Decision:
    """Return what to do about `scheduled` at `at`."""
    if record.state in (State.POSTED, State.GIVEN_UP, State.SKIPPED):
        return Decision.DONE
    if at < scheduled.due:
        return Decision.NOT_YET
    unconfirmed = record.state is State.UNCONFIRMED
    if at >= min(_deadline(scheduled, record), scheduled.lapse):
        return Decision.CONFIRM_LAST if unconfirmed else Decision.GIVE_UP
    if _pausing(record, at):
        return Decision.PAUSE
    return Decision.CONFIRM if unconfirmed else Decision.SEND


def edit_pause(record: PostRecord, at: datetime) -> bool:
    """Return whether the pause after the last refused edit is still running."""
    refused = edits_refused(record)
    if not refused or not refused[-1].at <= at:
        return False
    tries = len(refused)
    pause = BACKOFF.after(tries) if tries < EDIT_TRIES else PAUSE_AFTER_EDIT_TRIES
    return at < max(refused[-1].at + pause, refused[-1].retry_at or at)


def edits_refused(record: PostRecord) -> list[PostEntry]:
    """Return the edits refused since the last one that succeeded, or since the post was sent."""
    kept: list[PostEntry] = []
    for entry in record.entries:
        if entry.step in (PostStep.POSTED, PostStep.FOUND, PostStep.EDITED):
            kept = []
        elif entry.step is PostStep.EDIT_REFUSED:
            kept.append(entry)
    return kept


def _pausing(record: PostRecord, at: datetime) -> bool:
    """Return whether the pause after the last failed try is still running.

    A claim ends it, and so does a clock that was set back.
    """
    last = record.last(*STATE_AFTER)
    return bool(last and last.retry_at and last.at <= at < last.retry_at)


def _deadline(scheduled: Scheduled, record: PostRecord) -> datetime:
    """Return until when tries go on: `until`, or as long after the first failed try if that came late.

    A try cut short by the end of the desk has not failed: without a failed one, tries go on until `lapse`.
    """
    failed = record.since(scheduled.due, *FAILED)
    if not failed:
        return scheduled.lapse
    return max(scheduled.until, failed[0].at + (scheduled.until - scheduled.due))


def merged(before: Sequence[PostLine], now: Sequence[PostLine], at: datetime, *, mark: bool) -> tuple[PostLine, ...]:
    """Return the lines of `now`: those that differ from `before` marked as updated at `at`, others unchanged."""
    known = {line.key: line for line in before}
    return tuple(_merged_line(known.get(line.key), line, at if mark and line.marked else None) for line in now)


def _merged_line(before: PostLine | None, now: PostLine, at: datetime | None) -> PostLine:
    if before and before.same_as(now):
        return msgspec.structs.replace(now, updated_at=before.updated_at)
    return msgspec.structs.replace(now, updated_at=at)
