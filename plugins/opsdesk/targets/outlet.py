"""Where a target's messages are handed over: what is sent cannot be changed, found or deleted any more."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from opsdesk.chat import MessageRef, SendError, SentMessage

LOOPBACK = ("localhost", "127.0.0.1", "::1")
TIMEOUT = 10.0  # seconds that the other side has for each step
AGAIN = timedelta(seconds=15)  # at the earliest, where the other side does not say
LONGEST = timedelta(minutes=10)  # that the other side is waited for on its word


class Letter(msgspec.Struct, frozen=True):
    """A text to hand over, by the id of its `record`; it `answers` that of another, "" for none."""

    text: str
    record: str
    answers: str = ""


Hand = Callable[[Letter], None]


class TargetOutlet:
    """Hands over what is sent to one target by `hand`, which raises a SendError if it was not taken.

    `legible` makes of a message what people read who are not in the chat.
    """

    edits = False
    reads_back = False

    def __init__(self, hand: Hand, legible: Callable[[str], str]) -> None:
        self._hand, self._legible = hand, legible

    def post(self, room: str, text: str, *, thread: str = "", record: str = "", **more: Any) -> MessageRef:
        """Hand over a message; `thread` is the id of the record that it belongs to, "" for none."""
        self._hand(Letter(self._legible(text), record, thread))
        return MessageRef(room)

    def tell(self, person: str, text: str, **more: Any) -> MessageRef:
        """Raise SendError: a target is no person."""
        raise SendError("nobody can be told here alone", final=True)

    def edit(self, posted: MessageRef, text: str, **more: Any) -> None:
        """Raise SendError: what was sent cannot be changed."""
        raise SendError("what was sent there cannot be changed", final=True)

    def delete(self, posted: MessageRef) -> None:
        """Raise SendError: what was sent cannot be taken back."""
        raise SendError("what was sent there cannot be deleted", final=True)

    def topic(self, room: str, text: str) -> None:
        """Raise SendError: a target has no topic."""
        raise SendError("there is no topic here", final=True)

    def find(self, room: str, key: str, since: datetime, *more: Any, **named: Any) -> Sequence[SentMessage]:
        """Return nothing: what was sent cannot be read back."""
        return ()

    def sent_at(self, posted: MessageRef) -> datetime | None:
        """Return None: nobody there tells."""
        return None


def retry_after(seconds: str | None) -> timedelta:
    """Return how long to wait by the header of an answer: at least `AGAIN`, and no longer than `LONGEST`."""
    asked = timedelta(seconds=int(seconds)) if seconds and seconds.isdecimal() and len(seconds) < 7 else AGAIN
    return min(max(asked, AGAIN), LONGEST)
