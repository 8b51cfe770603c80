"""Messages with a time, and whether to send them. Decisions alone; no sending here."""

import enum
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

import msgspec

from opsdesk.chat import Button
from opsdesk.clock import Backoff
from opsdesk.posts.post import (
    FAILED,
    STATE_AFTER,
    PostLine,
    PostRecord,
    PostStep,
    State,
    edits_refused,
)

BACKOFF = Backoff(first=timedelta(seconds=1), longest=timedelta(minutes=1))
HURRIED_BACKOFF = Backoff(first=timedelta(seconds=1), longest=timedelta(seconds=4))  # while a post is not yet late
EDIT_TRIES, PAUSE_AFTER_EDIT_TRIES = 5, timedelta(minutes=10)
LATE_AFTER = timedelta(minutes=1)
FOLLOWED = 1_000  # posts whose last look is remembered; another is only looked at once more
SENDS_UNPROVEN = 2  # where a chat cannot be read back: sent once more, marked as possibly repeated

Lines = Sequence[PostLine]


class Decision(enum.Enum):
    """What to do about a post at a moment."""

    NOT_YET = "not due yet"
    PAUSE = "waiting before the next try"
    SEND = "send it"
    CONFIRM = "look for it in the chat, then send it"
    CONFIRM_LAST = "look for it in the chat, then give it up"
    TAKE_OVER = "look for it in the chat, and follow it if it is there"
    GIVE_UP = "give it up"
    DONE = "nothing left to send"


class Sender(enum.Enum):
    """On whose account a post is sent."""

    LEASE = "whoever has the lease sends it, and nobody else"
    ALONE = "the store cannot be reached: it is sent from memory, and says so by its version"


def one_part(text: str) -> Lines:
    """Return a whole text as the only part of a post."""
    return (PostLine("text", text),)


def saying(lines: Lines) -> Callable[[datetime, PostRecord], Lines]:
    """Return what gives these lines at any moment, whatever was sent before."""
    return lambda at, record: lines


def as_it_stands(standing: Lines, before: Lines, now: Lines) -> Lines:
    """Return what stands: of a post that is never edited nothing is added."""
    return standing


class Scheduled(msgspec.Struct, frozen=True):
    """A message with a time: to a `room`, there in a `thread` if one is named, or to a `person` directly.

    With `sets_topic` it is no message but the topic of its room.

    It is sent from `due` on; refusals are tried again until `until` (as long after the first,
    if that was late); from `lapse` on it is not sent at all. `compose` gives the text for a moment,
    handed what was sent before. A posted one is edited until `edits_until` whenever `stale` says that
    its text may have changed since the desk last looked (None: it has not looked since its start).
    `notices` are further messages that its record calls for. `punctual`: it must not be late, so that the chat is
    read back ahead of it, and one that is late all the same begins by saying so.

    With `found_only` it is not sent, but followed if it stands in the chat. A message that another desk wrote, or
    this one before its state was put back, is read by `read`; `join` gives the text that loses nothing of it, from
    the lines that stand there, those that the desk itself had before, and those that it has now.

    In a chat that has them it is sent with `buttons`.
    """

    key: str
    day: date
    due: datetime
    until: datetime
    lapse: datetime
    compose: Callable[[datetime, PostRecord], Lines]
    room: str = ""
    thread: str = ""
    person: str = ""
    sets_topic: bool = False
    edits_until: datetime | None = None
    stale: Callable[[PostRecord, datetime, datetime | None], bool] = lambda record, at, looked: False
    notices: Callable[[PostRecord], Iterable["Scheduled"]] = lambda record: ()
    punctual: bool = False
    found_only: bool = False
    sender: Sender = Sender.LEASE
    read: Callable[[str], Lines] = one_part
    join: Callable[[Lines, Lines, Lines], Lines] = as_it_stands
    buttons: tuple[Button, ...] = ()


def decide(scheduled: Scheduled, record: PostRecord, at: datetime) -> Decision:
    """Return what to do about `scheduled` at `at`."""
    if not _is_owed(scheduled, record, at):
        return Decision.DONE
    if at < scheduled.due:
        return Decision.NOT_YET
    unconfirmed = record.state is State.UNCONFIRMED
    if scheduled.found_only and not unconfirmed:
        return Decision.PAUSE if _pausing(record, at) else Decision.TAKE_OVER
    if at >= min(deadline(scheduled, record), scheduled.lapse):
        return Decision.CONFIRM_LAST if unconfirmed else Decision.GIVE_UP
    if _pausing(record, at):
        return Decision.PAUSE
    return Decision.CONFIRM if unconfirmed else Decision.SEND


def _is_owed(scheduled: Scheduled, record: PostRecord, at: datetime) -> bool:
    """Return whether a post is still to be sent.

    One that was given up is owed anew once the clock is set back so far that all the time for tries lies ahead.
    """
    if record.given_up_at:
        return record.given_up_at - at >= scheduled.until - scheduled.due
    return record.state in (State.WAITING, State.UNCONFIRMED) or record.deleted_ahead_of(scheduled.due)


def deadline(scheduled: Scheduled, record: PostRecord) -> datetime:
    """Return until when tries go on: `until`, or as long after the first failed try if that came late.

    A try cut short by the end of the desk has not failed: without a failed one, tries go on until `lapse`.
    """
    failed = record.since(scheduled.due, *FAILED, PostStep.UNSEEN)
    if not failed:
        return scheduled.lapse
    return max(scheduled.until, failed[0].at + (scheduled.until - scheduled.due))


def edit_pause_ends(record: PostRecord) -> datetime | None:
    """Return when the pause after the last refused edit ends; None if none was refused."""
    refused = edits_refused(record)
    if not refused:
        return None
    tries, last = len(refused), refused[-1]
    pause = BACKOFF.after(tries) if tries < EDIT_TRIES else PAUSE_AFTER_EDIT_TRIES
    return max(last.at + pause, last.retry_at or last.at)


def edit_pause(record: PostRecord, at: datetime) -> bool:
    """Return whether the pause after the last refused edit is still running; a clock that was set back ends it."""
    ends = edit_pause_ends(record)
    return ends is not None and edits_refused(record)[-1].at <= at < ends


def wakes(scheduled: Scheduled, record: PostRecord, at: datetime) -> datetime | None:
    """Return when, after `at`, something about sending `scheduled` is due next; None if nothing is."""
    if record.state is State.POSTED:
        moments = [edit_pause_ends(record)] if scheduled.edits_until else []
    elif _is_owed(scheduled, record, at):
        last = record.last(*STATE_AFTER)
        moments = [scheduled.due, last.retry_at if last else None, min(deadline(scheduled, record), scheduled.lapse)]
    else:
        moments = []
    return min((moment for moment in moments if moment and moment > at), default=None)


def _pausing(record: PostRecord, at: datetime) -> bool:
    """Return whether the pause after the last failed try is still running.

    A claim ends it, and so does a clock that was set back.
    """
    last = record.last(*STATE_AFTER)
    return bool(last and last.retry_at and last.at <= at < last.retry_at)
