"""`!incident open` in a thread: what its first message says is not typed again."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opsdesk.alerts.commands import AlertCommands
from opsdesk.alerts.questions import Questions, QuestionState
from opsdesk.alerts.thread_openings import ThreadOpenings
from opsdesk.chat import Command, Message, Person, Place, SendError, Trouble
from opsdesk.contacts.file import read
from opsdesk.incidents import Change, Incident, IncidentLog
from opsdesk.settings import Channel
from tests.alerts.stage import APM
from tests.alerts.stage import Stage as AlertStage
from tests.conftest import ROOT
from tests.oncall.stage import EASTERN, Stage

GO_LIVE = "C02UP02HHGX"
ALICE, EVE = Person("U0ALICE", "alice"), Person("U0EVE", "eve")
REPORT = "RPC socket timeout at station 688\nsince noon"
TS = "1795460400.000100"


class Opening:
    """A desk in whose channels one message stands."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage(folder / "shift")
        self.stage.to("2026-11-23 14:00")
        self.alerts = AlertStage(folder / "alerts")
        self.log = IncidentLog(self.alerts.store, EASTERN)
        contacts, ledger = read(ROOT / "data"), self.alerts.ledger
        trouble = Trouble(self.stage.channel, (), self.stage.roster.to_tell)
        self.questions = Questions(
            self.alerts.store, self.stage.channel, self.stage.roster, lambda: contacts, trouble, GO_LIVE, on=True
        )
        commands = AlertCommands(ledger, self.log, lambda text: contacts.keyword_subsystem(text) or "")
        self.message: Message | None = Message(REPORT, EVE, datetime(2026, 11, 23, 19, 0, tzinfo=UTC))
        self.refuses = False
        self.stage.channel.read = self.read  # type: ignore[method-assign]
        self.openings = ThreadOpenings(
            self.stage.channel, self.log, ledger, commands, self.questions, lambda: contacts, Channel(GO_LIVE, "#go")
        )

    def read(self, room: str, ts: str) -> Message | None:
        if self.refuses:
            raise SendError("ratelimited")
        return self.message

    def __call__(self, title: str = "", room: str = GO_LIVE, thread: str = TS, source: str = "typed") -> Incident:
        command = Command(title, ALICE, Place(room, "#go", thread), self.stage.at)
        return self.openings.open(Change(title=title, source=source), command)


@pytest.fixture
def opening(tmp_path: Path) -> Iterator[Opening]:
    opening = Opening(tmp_path)
    yield opening
    opening.alerts.store.close()
    opening.stage.store.close()


def test_a_report_in_go_live_is_the_title_its_author_the_reporter_its_thread_the_incidents(opening: Opening) -> None:
    found = opening()
    assert (found.title, found.last_word) == ("RPC socket timeout at station 688", "since noon")
    assert (found.reported_by, found.subsystem, found.place) == ("eve", "vista", Place(GO_LIVE, "#go", TS))
    assert opening(source="typed again").number == found.number  # as 📟 on the message would


def test_a_question_becomes_the_incident_that_is_opened_in_its_thread(opening: Opening) -> None:
    event = {"channel": GO_LIVE, "user": EVE.id, "ts": TS, "text": "Is check-in down?"}
    opening.questions.heard(event, opening.stage.at)
    opening("Check-in is down")
    (question,) = opening.questions.day(opening.stage.at.date())
    assert (question.state, question.incident) == (QuestionState.BECAME, 1)


def test_a_title_that_was_typed_stays_and_the_reporter_is_known_all_the_same(opening: Opening) -> None:
    found = opening("VistA is slow")
    assert (found.title, found.reported_by) == ("VistA is slow", "eve")
    assert opening("Another one", source="another").number == found.number + 1


def test_elsewhere_the_message_gives_the_title_alone(opening: Opening) -> None:
    found = opening(room="C0ELSEWHERE")
    assert (found.title, found.reported_by) == ("RPC socket timeout at station 688", "alice")


def test_in_an_alerts_thread_it_is_opened_from_the_alert(opening: Opening) -> None:
    event = opening.alerts.message("Triggered: Puma backlog")
    opening.alerts.intake.message(event)
    found = opening(room=APM, thread=event["ts"])
    assert found.title == "Puma backlog"
    assert opening.alerts.ledger.get(1).incident == found.number


def _own(opening: Opening) -> None:
    opening.message = Message("#1 VistA", Person("U0DESK", "desk"), opening.stage.at, own=True)


def _gone(opening: Opening) -> None:
    opening.message = None


def _refused(opening: Opening) -> None:
    opening.refuses = True


@pytest.mark.parametrize("happens", [_own, _gone, _refused])
def test_without_a_message_to_take_it_from_a_title_is_asked_for(
    opening: Opening, happens: Callable[[Opening], None]
) -> None:
    happens(opening)
    with pytest.raises(Exception, match=r"What happened\? Type `!incident open"):
        opening()
    with pytest.raises(Exception, match=r"What happened\?"):
        opening(thread="")
