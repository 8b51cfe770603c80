"""What became of a post: its record. Values alone; no sending here.

A post's life is the list of its entries, on disk before each step: claimed, then posted or refused.
Whatever dies in between leaves a claim without an outcome, which is looked up in the chat before
anything is sent again.
"""

import enum
from collections.abc import Sequence
from datetime import datetime

import msgspec

from opsdesk.chat import MessageRef, SentMessage


class PostStep(enum.StrEnum):
    """One step in the life of a post."""

    CLAIMED = "claimed"
    POSTED = "posted"
    FOUND = "found"  # read back from the chat after a claim whose outcome was lost
    TAKEN_OVER = "taken over"  # as it stands in the chat, without proof that this record wrote it
    UNSEEN = "unseen"  # to be taken over, but the chat could not be read
    ABSENT = "absent"  # to be taken over, but not in the chat
    REFUSED = "refused"
    UNWRITTEN = "unwritten"  # a mistake while its text was put together
    UNCLEAR = "unclear"  # the answer was lost: it may stand there
    EDITING = "editing"
    EDITED = "edited"
    EDIT_REFUSED = "edit refused"
    CLOSED = "closed"  # it stands, and can never be changed again
    DELETED = "deleted"  # by somebody: it stands no more
    REPEATED = "repeated"  # a second message of this record was found
    OTHER = "another one"  # a message that this record did not send was found beside its own
    GIVEN_UP = "given up"
    SKIPPED = "skipped"
    RESUMED = "resumed"
    NOTED = "noted"
    WITHDRAWN = "withdrawn"  # a note
    BEAT = "heartbeat"
    SHOWN = "picture shown"  # below it, or about to be


class State(enum.Enum):
    """Where a post stands: read off its entries."""

    WAITING = "waiting"
    UNCONFIRMED = "unconfirmed"
    POSTED = "posted"
    GIVEN_UP = "given up"
    SKIPPED = "skipped"
    DELETED = "deleted"
    ABSENT = "absent"


STATE_AFTER = {
    PostStep.CLAIMED: State.UNCONFIRMED,
    PostStep.UNCLEAR: State.UNCONFIRMED,
    PostStep.REFUSED: State.WAITING,
    PostStep.UNWRITTEN: State.WAITING,
    PostStep.UNSEEN: State.WAITING,
    PostStep.POSTED: State.POSTED,
    PostStep.FOUND: State.POSTED,
    PostStep.TAKEN_OVER: State.POSTED,
    PostStep.ABSENT: State.ABSENT,
    PostStep.DELETED: State.DELETED,
    PostStep.GIVEN_UP: State.GIVEN_UP,
    PostStep.SKIPPED: State.SKIPPED,
    PostStep.RESUMED: State.WAITING,
}
FAILED = (PostStep.REFUSED, PostStep.UNWRITTEN, PostStep.UNCLEAR)  # how a try may end without the post
NOT_SENT = (PostStep.REFUSED, PostStep.UNWRITTEN)
PROOFS = (PostStep.POSTED, PostStep.FOUND, PostStep.TAKEN_OVER)


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
    """One step: `text` is the reason or note, `by` who asked for it; room, ts and permalink are the chat's proof, and
    the room of a claim is where it was sent.

    `sent_at` is when the message was sent by the chat's own clock. `version` is what the message carries once this
    step is done. `final`: the refusal stays unless somebody mends something. `number` is that of a withdrawn note.
    """

    at: datetime
    step: PostStep = msgspec.field(name="what")  # as it has always been stored
    text: str = ""
    by: str = ""
    room: str = ""
    ts: str = ""
    permalink: str = ""
    retry_at: datetime | None = None
    sent_at: datetime | None = None
    version: str = ""
    final: bool = False
    number: int = 0

    @property
    def message(self) -> MessageRef:
        """Return the message that the entry is about."""
        return MessageRef(self.room, self.ts, permalink=self.permalink)


class PostRecord(msgspec.Struct, frozen=True):
    """What became of one post. `id` tells this record from any other of the same post, in another state folder.

    `lines` is the text as it was last sent. `ours` is what the desk itself had to say then, where the message was
    taken over, and `lines` therefore holds what others wrote as well.
    """

    key: str
    entries: tuple[PostEntry, ...] = ()
    lines: tuple[PostLine, ...] = ()
    id: str = ""
    ours: tuple[PostLine, ...] = ()

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
        return self.last(*PROOFS)

    @property
    def stands_since(self) -> datetime | None:
        """Return when the standing post was sent; if it was found only later, by the chat's clock or its claim."""
        proof = self.proof
        if not proof or proof.step is PostStep.POSTED:
            return proof.at if proof else None
        claim = self.last(PostStep.CLAIMED) if proof.step is PostStep.FOUND else None
        return proof.sent_at or (claim.at if claim else proof.at)

    @property
    def may_stand(self) -> bool:
        """Return whether the post was given up while nobody could tell if it stands in the chat."""
        last = self.last(PostStep.CLAIMED, *FAILED)
        return self.state is State.GIVEN_UP and last is not None and last.step in (PostStep.CLAIMED, PostStep.UNCLEAR)

    def deleted_ahead_of(self, due: datetime) -> bool:
        """Return whether the post was sent before it was due, and somebody deleted it: it is owed at its time anew."""
        proof = self.proof
        return self.state is State.DELETED and proof is not None and proof.at < due

    @property
    def given_up_at(self) -> datetime | None:
        """Return when the post was given up; None if it was not."""
        last = self.last(PostStep.GIVEN_UP)
        return last.at if last and self.state is State.GIVEN_UP else None

    @property
    def refused_since(self) -> datetime | None:
        """Return when the post was first refused in a way that stays unless somebody mends something; None if not so.

        Tries go on all the same.
        """
        last = self.last(*STATE_AFTER)
        if not last or not last.final or last.step not in FAILED:
            return None
        return next(entry.at for entry in self.entries if entry.final and entry.step in FAILED)

    @property
    def closed(self) -> PostEntry | None:
        """Return the entry that tells why the standing post can never be changed again; None while it can."""
        last = self.last(*PROOFS, PostStep.CLOSED)
        return last if last and last.step is PostStep.CLOSED else None

    @property
    def taken_over(self) -> bool:
        """Return whether the message holds what this record did not write."""
        return self.last(PostStep.TAKEN_OVER) is not None

    @property
    def sent(self) -> list[PostEntry]:
        """Return the claims that were not refused: what each of them sent may stand."""
        steps = [entry for entry in self.entries if entry.step in STATE_AFTER]
        outcomes = [entry.step for entry in steps[1:]] + [PostStep.CLAIMED]
        tried = zip(steps, outcomes, strict=False)
        return [one for one, then in tried if one.step is PostStep.CLAIMED and then not in NOT_SENT]

    @property
    def rooms(self) -> tuple[str, ...]:
        """Return the rooms to which the post was sent: it may stand there, wherever it is due now."""
        return tuple(dict.fromkeys(claim.room for claim in self.sent if claim.room))

    @property
    def notes(self) -> dict[int, PostEntry]:
        """Return the notes that were not withdrawn, by their number among all."""
        noted = enumerate((entry for entry in self.entries if entry.step is PostStep.NOTED), start=1)
        withdrawn = {entry.number for entry in self.entries if entry.step is PostStep.WITHDRAWN}
        return {number: entry for number, entry in noted if number not in withdrawn}

    def wrote(self, message: SentMessage) -> bool:
        """Return whether this record has proof of having written the message as it stands.

        Older desks left no version in their messages: then a claim without one is proof enough.
        """
        if message.version:
            return any(entry.version == message.version for entry in self.entries)
        return any(entry.step is PostStep.CLAIMED and not entry.version for entry in self.entries)

    def last(self, *steps: PostStep) -> PostEntry | None:
        """Return the latest entry of these kinds; None without one."""
        return next((entry for entry in reversed(self.entries) if entry.step in steps), None)

    def since(self, at: datetime, *steps: PostStep) -> list[PostEntry]:
        """Return the entries of these kinds from `at` on."""
        return [entry for entry in self.entries if entry.step in steps and entry.at >= at]


def edits_refused(record: PostRecord) -> list[PostEntry]:
    """Return the edits refused since the last one that succeeded, or since the post was sent."""
    kept: list[PostEntry] = []
    for entry in record.entries:
        if entry.step in (*PROOFS, PostStep.EDITED):
            kept = []
        elif entry.step is PostStep.EDIT_REFUSED:
            kept.append(entry)
    return kept


def merged(before: Sequence[PostLine], now: Sequence[PostLine], at: datetime, *, mark: bool) -> tuple[PostLine, ...]:
    """Return the lines of `now`: those that differ from `before` marked as updated at `at`, others unchanged."""
    known = {line.key: line for line in before}
    return tuple(_merged_line(known.get(line.key), line, at if mark and line.marked else None) for line in now)


def _merged_line(before: PostLine | None, now: PostLine, at: datetime | None) -> PostLine:
    if before and before.same_as(now):
        return msgspec.structs.replace(now, updated_at=before.updated_at)
    return msgspec.structs.replace(now, updated_at=at)
