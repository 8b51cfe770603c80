"""One reply below each alert, changed in place; in a storm a handful of messages."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from opsdesk.alerts.group import ActionKind, AlertGroup, GroupAction
from opsdesk.alerts.panels import panel
from opsdesk.alerts.replies import Replies
from opsdesk.alerts.storm import MOST_NEW, OVER_AFTER
from opsdesk.alerts.words import KnownProblem
from opsdesk.chat import Job, Outbox, Panel, Person
from opsdesk.chat import outbox as outboxes
from opsdesk.clock import Backoff
from tests.alerts.stage import APM, MINUTE, Stage
from tests.chat.stage import BUSY, LOST, failing
from tests.patience import LONG

ALICE = Person("U0ALICE", "Alice")


class Answering:
    """Alerts with the replies below them."""

    def __init__(self, folder: Path) -> None:
        self.stage, self.complaints = Stage(folder), list[str]()
        self.replies = Replies(
            self.stage.ledger,
            self.stage.channel,
            lambda group: KnownProblem("vista"),
            APM,
            lambda: self.stage.at,
            self.complaints.append,
            Outbox(),
        )

    def came(self, title: str = "Puma backlog", minutes: float = 0) -> AlertGroup:
        group = self.stage.intake.message(self.stage.message(f"Triggered: {title}", minutes))
        assert group
        self.replies.follow(group)
        self.settle()
        return self.stage.ledger.get(group.number)

    def settle(self) -> None:
        """Waits until nothing is left to send."""
        done = threading.Event()

        def end() -> None:
            if self.replies._jobs.waiting():
                raise BUSY
            done.set()

        self.replies._jobs.add(Job("the end", end, lambda reason: None, lasts=True))
        assert done.wait(LONG)

    @property
    def texts(self) -> list[tuple[str, str]]:
        return [(message.thread, message.text.splitlines()[0]) for message in self.stage.channel.messages]


@pytest.fixture
def answering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Answering]:
    moment = timedelta(milliseconds=1)
    monkeypatch.setattr(outboxes, "BACKOFF", Backoff(first=moment, longest=moment))
    for unsent in (BUSY, LOST):
        monkeypatch.setattr(unsent, "retry_after", timedelta())
    answering = Answering(tmp_path / "state")
    yield answering
    answering.replies.close()
    answering.stage.store.close()


def test_the_reply_stands_once_and_follows_what_happens(answering: Answering) -> None:
    group = answering.came()
    assert group.place
    assert answering.texts == [(group.place.ts, "vista · 1st today")]
    answering.came(minutes=2)
    group = answering.stage.ledger.act(group.number, GroupAction(answering.stage.at, ALICE, ActionKind.ACKNOWLEDGED))
    answering.replies.follow(group)
    answering.settle()
    [message] = answering.stage.channel.messages
    assert message.text.startswith("vista · x2 today, last 2:02pm\n👀 Acknowledged by Alice at 2:00pm, at once\n")


def test_a_reply_is_shown_the_same_way_once_nothing_is_to_be_pressed(answering: Answering) -> None:
    group = answering.came()
    opened = GroupAction(answering.stage.at, ALICE, ActionKind.OPENED, incident=1)
    became = answering.stage.ledger.act(group.number, opened)
    assert [button.label for button in panel("words", group).buttons] == ["Looking", "Noise", "Open an incident"]
    assert panel("words", became) == Panel(text="words")


def test_a_reply_that_is_deleted_is_posted_anew_once(answering: Answering) -> None:
    group = answering.came()
    assert group.place
    answering.stage.channel.messages.clear()
    answering.came(minutes=2)
    assert answering.texts == [(group.place.ts, "vista · x2 today, last 2:02pm")]
    answering.stage.channel.messages.clear()
    answering.came(minutes=3)
    assert (answering.texts, answering.complaints) == ([], [])


def test_a_reply_whose_answer_was_lost_is_found_and_not_posted_again(answering: Answering) -> None:
    answering.stage.channel.after = failing("post", LOST)
    answering.came()
    assert len(answering.stage.channel.messages) == 1
    assert answering.stage.groups[0].reply


def test_what_came_by_webhook_alone_gets_a_message_of_its_own(answering: Answering) -> None:
    body = {"title": "[Triggered] Puma backlog", "date": "1795460400000", "alert": {"transition": "Triggered"}}
    group = answering.stage.intake.webhook("datadog", body, "1")
    answering.stage.at += timedelta(seconds=31)
    answering.replies.follow(group)
    answering.settle()
    first, reply = answering.stage.channel.messages
    assert (first.thread, first.text) == ("", "1. 🔴 Puma backlog · 2:00pm")
    assert reply.thread == first.ts


def test_a_storm_makes_a_handful_of_messages(answering: Answering) -> None:
    for number in range(40):
        answering.came(f"alert {number}", minutes=number / 100)
    told = answering.texts
    assert len(told) == MOST_NEW + 1
    assert told[-1] == ("", "… and 35 more groups of alerts: `!alerts`")


def test_another_storm_is_counted_anew_in_a_message_of_its_own(answering: Answering) -> None:
    for number in range(7):
        answering.came(f"alert {number}", minutes=number / 100)
    answering.stage.at += OVER_AFTER + MINUTE
    for number in range(8):
        answering.came(f"late alert {number}", minutes=61 + number / 100)
    assert [text for thread, text in answering.texts if not thread] == [
        "… and 2 more groups of alerts: `!alerts`",
        "… and 3 more groups of alerts: `!alerts`",
    ]


def test_once_the_storm_is_over_replies_go_on_and_one_that_is_touched_gets_its_own(answering: Answering) -> None:
    groups = [answering.came(f"alert {number}", number / 100) for number in range(8)]
    acted = answering.stage.ledger.act(
        groups[-1].number, GroupAction(answering.stage.at, ALICE, ActionKind.ACKNOWLEDGED)
    )
    answering.replies.follow(acted)
    answering.settle()
    answering.stage.at += 2 * MINUTE
    answering.came("afterwards", minutes=2)
    threads = {thread for thread, _ in answering.texts}
    assert groups[-1].place
    assert groups[-1].place.ts in threads
    assert groups[-2].place
    assert groups[-2].place.ts not in threads
    assert answering.stage.groups[-1].reply


@pytest.mark.parametrize("call", ["post"])
def test_a_reply_that_cannot_be_sent_is_told_to_the_admins(answering: Answering, call: str) -> None:
    refuse: Callable[[str], None] = failing(call, *[outboxes.SendError("channel_not_found")] * 3)
    answering.stage.channel.before = refuse
    answering.came()
    assert answering.complaints == [
        "The reply below alert 1 could not be sent or changed: channel_not_found. `!alerts 1`"
    ]
