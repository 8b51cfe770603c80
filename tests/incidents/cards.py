"""The stage of the messages that show incidents: a chat with one thread, and hands that react."""

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

from opsdesk.chat import outbox as jobs
from opsdesk.chat.chat import Message, MessageRef, SendError, SentMessage
from opsdesk.clock import Backoff
from opsdesk.incidents.cards import Cards
from tests.incidents.stage import BOB, CHARLIE, HERE, Shift
from tests.patience import LONG

CARD = MessageRef(HERE.room, "1795470990.000001")
SAID = "1795471000.000001"
BUSY = SendError("Slack asks to wait 1 second", retry_after=timedelta(0))
GONE = SendError("Slack refused: cant_update_message")
DELETED = SendError("Slack refused: message_not_found", gone=True)


@dataclass
class Thread:
    """A chat with one thread in it; `faults` are met by the next calls."""

    shown: dict[str, str] = field(default_factory=dict)
    posts: list[tuple[str, str]] = field(default_factory=list)
    faults: list[SendError] = field(default_factory=list)
    said: dict[str, Message] = field(default_factory=dict)
    edits: bool = True
    keys: dict[str, MessageRef] = field(default_factory=dict)

    def post(self, room, text, *, thread="", key="", panel=None):
        card = MessageRef(room, f"179547200{len(self.keys)}.000001", thread=thread)
        self.keys[key] = card
        self.shown[card.ts] = text
        return card

    def find(self, room, key, since, *, thread=""):
        found = self.keys.get(key)
        return [SentMessage(found, "", "", "")] if found else []

    def _do(self, what):
        if self.faults:
            raise self.faults.pop(0)
        what()

    def edit(self, posted, text, *, panel=None):
        self._do(lambda: self.shown.update({posted.ts: text}))

    def read(self, room, ts):
        self._do(lambda: None)
        return self.said.get(ts)

    def reply(self, below, text):
        self.posts.append((below.thread or below.ts, text))

    def person(self, named):
        return {"<@U02BOB>": BOB, "<@U03CHARLIE>": CHARLIE}.get(named)


@dataclass
class Stage:
    shift: Shift
    chat: Thread
    cards: Cards
    complaints: list[str]

    def settle(self):
        """Waits until nothing is left to do."""
        done, waiting = threading.Event(), self.cards._jobs.waiting

        def end():
            if waiting():
                raise BUSY
            done.set()

        self.cards._jobs.add(jobs.Job("the end", end, lambda reason: None, lasts=True))
        assert done.wait(LONG)

    def react(self, emoji="pushpin", by="U02BOB", *, added=True, ts=SAID):
        item = {"type": "message", "channel": HERE.room, "ts": ts}
        action = "added" if added else "removed"
        self.cards.reacted(
            SimpleNamespace(reaction_name=emoji, reacted_to=item, action=action, reactor=SimpleNamespace(person=by))
        )
        self.settle()


def words(incident, at):
    return f"#{incident.number} {incident.status}"


def staged(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "BACKOFF", Backoff(first=timedelta(milliseconds=1), longest=timedelta(milliseconds=1)))
    shift, chat, complaints = Shift(tmp_path), Thread(), []
    cards = Cards(
        shift.log,
        chat,
        words,
        lambda: shift.at,
        complaints.append,
    )
    shift.listeners.append(cards.follow)
    yield Stage(shift, chat, cards, complaints)
    cards.close()
    shift.store.close()


def opened(stage):
    """An open incident with its message."""
    number = stage.shift.open().number
    stage.shift.log.place(number, CARD)
    return number
