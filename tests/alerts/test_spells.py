"""A problem that comes again counts as come again: what was done about it before was about then."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from opsdesk.alerts.alert import AlertState
from opsdesk.alerts.commands import AlertCommands, opened_anew
from opsdesk.alerts.group import ActionKind, AlertGroup, GroupAction, Outcome
from opsdesk.alerts.incident_links import IncidentLinks, follow_incident, over_at
from opsdesk.alerts.ledger import Ledger
from opsdesk.alerts.words import state
from opsdesk.chat import Job, Outbox, Place
from opsdesk.incidents import Change, Incident, IncidentLog
from tests.alerts.test_ledger import ALICE, AT, notice
from tests.oncall.stage import EASTERN, Stage

ROOM = "C02U11L00TF"
MONITOR = "RPC socket timeouts"


class AtOnce(Outbox):
    """An outbox that does each job as it is added."""

    def add(self, job: Job) -> None:
        job.do()


class Spells:
    """Alice with one monitor that comes and goes. Moments are minutes after 2pm."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage(folder)
        self.store, self.channel, self.minutes = self.stage.store, self.stage.channel, 0.0
        self.log = IncidentLog(self.store, EASTERN, changed=[lambda incident: follow_incident(self.ledger, incident)])
        links = IncidentLinks(self.log, self.channel, AtOnce(), lambda: self.at)
        self.ledger = Ledger(self.store, EASTERN, [links.follow], partial(over_at, self.log))
        self.commands = AlertCommands(self.ledger, self.log, lambda text: "")

    @property
    def at(self) -> datetime:
        return AT + timedelta(minutes=self.minutes)

    def came(self, minutes: float, state: AlertState = AlertState.TRIGGERED) -> AlertGroup:
        self.minutes = minutes
        return self.ledger.take(notice(minutes, state))

    def over(self, minutes: float) -> AlertGroup:
        return self.came(minutes, AlertState.RECOVERED)

    def act(self, kind: ActionKind) -> AlertGroup:
        return self.ledger.act(1, GroupAction(self.at, ALICE, kind))

    def open(self) -> Incident:
        return self.commands.open_incident(1, ALICE, self.at, Place(ROOM, "#apm", "1795460400.000100"))

    def resolve(self, number: int) -> None:
        self.log.resolve(number, Change(text="restarted vista-api"), at=self.at, by=ALICE)


@pytest.fixture
def spells(tmp_path: Path) -> Iterator[Spells]:
    spells = Spells(tmp_path)
    yield spells
    spells.store.close()


@pytest.mark.parametrize("kind", [ActionKind.ACKNOWLEDGED, ActionKind.HANDLED])
def test_what_was_done_about_it_does_not_hold_for_what_comes_hours_later(spells: Spells, kind: ActionKind) -> None:
    spells.came(0)
    spells.act(kind)
    assert spells.over(5).outcome.value == kind.value
    again = spells.came(180)
    assert (again.outcome, again.began_at, again.count) == (Outcome.UNTOUCHED, spells.at, 2)
    assert spells.act(ActionKind.ACKNOWLEDGED).outcome is Outcome.ACKNOWLEDGED


def test_noise_holds_all_day_and_so_does_what_was_done_while_it_flaps(spells: Spells) -> None:
    spells.came(0)
    spells.act(ActionKind.ACKNOWLEDGED)
    for minutes in range(4, 60, 8):
        spells.over(minutes)
        assert spells.came(minutes + 4).outcome is Outcome.ACKNOWLEDGED
    spells.act(ActionKind.NOISE)
    spells.over(100)
    assert spells.came(200).outcome is Outcome.NOISE


def test_an_alert_that_is_back_after_its_incident_says_so_once_and_waits_for_somebody(spells: Spells) -> None:
    spells.came(0)
    assert spells.open().number == 1
    spells.minutes = 20
    spells.resolve(1)
    spells.over(25)
    group = [spells.came(minutes) for minutes in (180, 181, 190)][-1]
    told = (
        "Alert 1 came again at 5:00pm, after #1 was over. "
        "`!incident reopen 1 <what is seen>`, or a new one: `!alerts open 1`"
    )
    assert [message.text for message in spells.channel.messages] == [told]
    assert (group.outcome, state(group, spells.at, EASTERN)) == (Outcome.UNTOUCHED, f"🔴 {told}")
    assert [entry.text for entry in spells.log.get(1).entries[2:]] == [
        f"alert 1 recovered: {MONITOR}",
        "alert 1 again: x2",
    ]


def test_of_an_alert_that_is_back_another_incident_is_opened_or_the_one_before_goes_on(spells: Spells) -> None:
    spells.came(0)
    spells.open()
    spells.resolve(1)
    spells.came(60)
    other = spells.open()
    assert (other.number, other.started_at, spells.open().number) == (2, spells.at, 2)
    spells.resolve(2)
    assert spells.came(120).outcome is Outcome.UNTOUCHED
    spells.log.reopen(1, Change(text="it is back"), at=spells.at, by=ALICE)
    assert (spells.ledger.get(1).outcome, spells.open().number) == (Outcome.BECAME, 1)


def test_while_its_incident_goes_on_an_alert_that_is_back_is_the_incidents(spells: Spells) -> None:
    spells.came(0)
    spells.open()
    spells.over(5)
    assert (spells.came(180).outcome, spells.open().number) == (Outcome.BECAME, 1)


def test_a_flapping_alert_is_noted_in_its_incident_at_1_2_4_8(spells: Spells) -> None:
    spells.came(0)
    spells.open()
    for minutes in range(1, 41, 2):
        spells.over(minutes)
        spells.came(minutes + 1)
    notes = [entry.text for entry in spells.log.get(1).entries if "recovered" in entry.text]
    assert len(notes) == 5


def test_an_alert_whose_incident_was_a_mistake_becomes_another(spells: Spells) -> None:
    spells.came(0)
    for number in (1, 2, 3):
        assert spells.open().number == spells.open().number == spells.ledger.get(1).incident == number
        spells.log.void(number, Change(text="by mistake"), at=spells.at, by=ALICE)
        assert spells.ledger.get(1).outcome is Outcome.UNTOUCHED


def test_a_report_whose_incident_was_a_mistake_becomes_another_and_one_merged_the_one_it_went_into(
    spells: Spells,
) -> None:
    def open_one(source: str) -> Incident:
        told = Change(title="VistA is slow", source=source)
        return opened_anew(spells.log, told, at=spells.at, by=ALICE, place=Place(ROOM, "#apm"))

    assert [open_one(source).number for source in ("C1/1.1", "C1/2.2", "C1/1.1")] == [1, 2, 1]
    spells.log.void(1, Change(text="by mistake"), at=spells.at, by=ALICE)
    spells.log.merge(2, into=open_one("C1/1.1").number, at=spells.at, by=ALICE)
    assert [open_one(source).number for source in ("C1/1.1", "C1/2.2")] == [3, 3]
