"""What the admins must hear reaches them, however long Slack fails."""

import threading
from datetime import timedelta

import pytest

from opsdesk import jobs
from opsdesk.chat import Posted, Unsent
from opsdesk.slack_notices import Notices

BUSY = Unsent("Slack asks to wait 1 second", retry_after=timedelta(0))
NOBODY = Unsent("Slack refused: user_not_found")
CHARLIE, GONE = "U03CHARLIE", "U04GONE"


class Rooms:
    """Direct messages; those to Charlie fail `busy` times, those to somebody who left always do."""

    def __init__(self):
        self.busy, self.told, self.heard = 0, [], threading.Event()

    def tell(self, person, text, *, key=""):
        if person == GONE:
            raise NOBODY
        if self.busy:
            self.busy -= 1
            raise BUSY
        self.told.append(text)
        self.heard.set()
        return Posted("D03CHARLIE")


@pytest.fixture
def rooms(monkeypatch):
    monkeypatch.setattr(jobs, "PAUSE", 0)
    return Rooms()


@pytest.fixture
def notices(rooms):
    notices = Notices(rooms, (GONE, CHARLIE))
    yield notices
    notices.close()


@pytest.mark.parametrize("busy", [0, 1, 500])
def test_a_notice_reaches_those_whom_slack_knows(rooms, notices, caplog, busy):
    rooms.busy = busy
    notices.add("An answer is missing.")
    assert rooms.heard.wait(20)
    assert rooms.told == ["An answer is missing."]
    assert f"Admin {GONE} was not told: An answer is missing. (Slack refused: user_not_found)" in caplog.text
    assert [one.message.split(":")[0] for one in caplog.records if one.levelname == "ERROR"] == [
        f"Admin {GONE} was not told"
    ]
