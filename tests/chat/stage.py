"""A chat for tests: rooms as lists, with faults on order. What it confirms, it shows; what it refuses, it does not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from opsdesk.chat import Panel
from opsdesk.chat.chat import Command, MessageRef, Person, Reply, SendError, SentMessage

REFUSED = SendError("channel_not_found")
BUSY = SendError("ratelimited", retry_after=timedelta(seconds=30))
GONE = SendError("message_not_found", gone=True)
LOST = SendError("the connection was cut", unclear=True)


@dataclass(frozen=True)
class Message:
    """A message as the room shows it."""

    room: str
    ts: str
    text: str
    key: str = ""
    thread: str = ""
    record: str = ""
    version: str = ""
    replies: int = 0


@dataclass
class Channel:
    """The chat. `before` and `after` are called with each call's name: what they raise happens before or after it."""

    edits: bool = True
    reads_back: bool = True
    gaps: int = 0
    admins: tuple[str, ...] = ()
    messages: list[Message] = field(default_factory=list)
    topics: list[tuple[str, str]] = field(default_factory=list)
    others: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    before: Callable[[str], None] = lambda call: None
    after: Callable[[str], None] = lambda call: None
    now: Callable[[], datetime | None] = lambda: None  # the chat's own clock
    times: dict[str, datetime | None] = field(default_factory=dict)
    sent: int = 0

    def texts(self, room: str) -> list[str]:
        """What a room shows."""
        return [message.text for message in self.messages if message.room == room]

    def post(
        self,
        room: str,
        text: str,
        *,
        thread: str = "",
        key: str = "",
        record: str = "",
        version: str = "",
        panel: Panel | None = None,
    ) -> MessageRef:
        self.before("post")
        message = self.put(Message(room, self.next_ts(), text, key, thread, record, version))
        self.after("post")
        return _ref(message)

    def next_ts(self) -> str:
        """The ts of the next message."""
        self.sent += 1
        return f"{self.sent}.0"

    def put(self, message: Message) -> Message:
        """Shows a message from now on."""
        self.messages.append(message)
        self.times[message.ts] = self.now()
        return message

    def reply(self, below: MessageRef, text: str) -> None:
        self.post(below.room, text, thread=below.thread or below.ts)

    def tell(self, person: str, text: str, **more: Any) -> MessageRef:
        return self.post(person, text, **more)

    def tell_admins(self, text: str) -> None:
        for admin in self.admins:
            self.tell(admin, text)

    def edit(
        self,
        posted: MessageRef,
        text: str,
        *,
        key: str = "",
        record: str = "",
        version: str = "",
        panel: Panel | None = None,
    ) -> None:
        self.before("edit")
        if not any(one.ts == posted.ts for one in self.messages):
            raise GONE
        carried = {"key": key, "record": record, "version": version} if key else {}
        changed = [replace(one, text=text, **carried) if one.ts == posted.ts else one for one in self.messages]
        self.messages = changed
        self.after("edit")

    def delete(self, posted: MessageRef) -> None:
        self.before("delete")
        self.messages = [one for one in self.messages if one.ts != posted.ts]
        self.after("delete")

    def find(
        self, room: str, key: str, since: datetime, until: datetime | None = None, *, thread: str = ""
    ) -> Sequence[SentMessage]:
        self.before("find")
        where = (room, thread, key)
        found = [one for one in self.messages if (one.room, one.thread, one.key) == where and self.reads_back]
        in_order = sorted(found, key=lambda one: float(one.ts))
        return [SentMessage(_ref(one), one.record, one.version, one.text, one.replies) for one in in_order]

    def sent_at(self, posted: MessageRef) -> datetime | None:
        return self.times.get(posted.ts)

    def history(self, room: str, since: datetime, *, thread: str = "") -> list[dict[str, Any]]:
        self.before("history")
        return [one for one in self.others.get(room, []) if float(one["ts"]) >= since.timestamp()]

    def link(self, room: str, ts: str, *, thread: str = "") -> str:
        return f"https://chat.example/{room}/{ts}"

    def command(self, message: Any, text: str, at: datetime) -> Command:
        raise NotImplementedError

    def answer(self, message: Any, reply: Reply, *, refused: bool = False) -> str | None:
        raise NotImplementedError

    def person(self, named: str) -> Person | None:
        return Person(named, named.removeprefix("@"))

    def react(self, posted: MessageRef, emoji: str) -> None:
        self.before("react")

    def unreact(self, posted: MessageRef, emoji: str) -> None:
        self.before("unreact")

    def upload(self, room: str, file: Path, *, title: str, thread: str = "") -> None:
        self.before("upload")

    def topic(self, room: str, text: str) -> None:
        self.before("topic")
        self.topics.append((room, text))


def _ref(message: Message) -> MessageRef:
    return MessageRef(message.room, message.ts, permalink=f"https://chat.example/{message.room}/{message.ts}")


def failing(call: str, *faults: SendError | None) -> Callable[[str], None]:
    """Raises the faults one after another, each time `call` is made; None lets one through."""
    left = list(faults)

    def fail(made: str) -> None:
        fault = left.pop(0) if made == call and left else None
        if fault:
            raise fault

    return fail
