"""What the admins must hear reaches them, however long Slack fails."""

import threading
from datetime import timedelta

import pytest

from opsdesk.chat import outbox as jobs
from opsdesk.chat.chat import MessageRef, SendError, SentMessage
from opsdesk.clock import Backoff
from opsdesk.slack.admins import AdminNotices
from tests.patience import LONG

LOST = SendError("Slack did not answer in time", retry_after=timedelta(0), unclear=True)
BUSY = SendError("Slack asks to wait 1 second", retry_after=timedelta(0))
NOBODY = SendError("Slack refused: user_not_found")
CHARLIE, GONE = "U03CHARLIE", "U04GONE"


class Rooms:
    """Direct messages; those to Charlie fail `busy` times, those to somebody who left always do.

    The proof of the first `lost` messages to Charlie gets lost, and the room cannot be read `busy` times either.
    """

    def __init__(self):
        self.busy, self.lost, self.told, self.keys, self.heard = 0, 0, [], [], threading.Event()

    def tell(self, person, text, *, key=""):
        if person == GONE:
            raise NOBODY
        if self.lost:
            self.lost -= 1
            self._show(text, key)
            raise LOST
        self._wait_if_busy()
        self._show(text, key)
        self.heard.set()
        return MessageRef("D03CHARLIE")

    def find(self, room, key, since, *, thread=""):
        self._wait_if_busy()
        return [SentMessage(MessageRef("D03CHARLIE"), "", "", "")] if key in self.keys else []

    def _wait_if_busy(self):
        if self.busy:
            self.busy -= 1
            raise BUSY

    def _show(self, text, key):
        self.told.append(text)
        self.keys.append(key)


@pytest.fixture
def rooms(monkeypatch):
    monkeypatch.setattr(jobs, "BACKOFF", Backoff(timedelta(), timedelta()))
    return Rooms()


@pytest.fixture
def notices(rooms):
    notices = AdminNotices(rooms, (GONE, CHARLIE))
    yield notices
    notices.close()


@pytest.mark.parametrize("busy", [0, 1, 500])
def test_a_notice_reaches_those_whom_slack_knows(rooms, notices, caplog, busy):
    rooms.busy = busy
    notices.add("An answer is missing.")
    assert rooms.heard.wait(LONG)
    assert rooms.told == ["An answer is missing."]
    assert f"Admin {GONE} was not told: An answer is missing. (Slack refused: user_not_found)" in caplog.text
    assert [one.getMessage().split(":")[0] for one in caplog.records if one.levelname == "ERROR"] == [
        f"Admin {GONE} was not told"
    ]


@pytest.mark.parametrize("busy", [0, 500], ids=["the room can be read", "the room can be read later"])
def test_a_notice_that_may_stand_there_is_not_told_twice(rooms, notices, busy):
    rooms.lost, rooms.busy = 2, busy
    for text in ("An answer is missing.", "A file is missing.", "All is well."):
        notices.add(text)
    assert rooms.heard.wait(LONG)
    assert rooms.told == ["An answer is missing.", "A file is missing.", "All is well."]


def test_why_a_desk_cannot_start_is_told_once_however_often_it_is_tried(rooms):
    for why in ("desk.toml is missing", "desk.toml is missing", "zone is none", "desk.toml is missing"):
        AdminNotices(rooms, [CHARLIE]).tell_now(why)
    assert rooms.told == ["desk.toml is missing", "zone is none"]


def test_a_start_that_fails_while_slack_does_not_answer_ends_all_the_same(rooms, caplog):
    rooms.busy = 1
    AdminNotices(rooms, [CHARLIE, GONE]).tell_now("desk.toml is missing")
    assert rooms.told == []
    assert [record.message for record in caplog.records] == [
        "Admin U03CHARLIE was not told: desk.toml is missing (Slack asks to wait 1 second)",
        "Admin U04GONE was not told: desk.toml is missing (Slack refused: user_not_found)",
    ]
