"""What an alert goes on doing is told in the incident that it became, and no alert waits for that to be sent."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from opsdesk.alerts.group import ActionKind, AlertGroup, GroupAction
from opsdesk.alerts.incident_links import IncidentLinks
from opsdesk.chat import Job, Outbox, Person, Place
from opsdesk.chat import outbox as outboxes
from opsdesk.clock import Backoff
from opsdesk.incidents import Change, IncidentLog
from tests.alerts.stage import APM, Stage
from tests.chat.stage import LOST, failing
from tests.oncall.stage import EASTERN
from tests.patience import LONG

ALICE = Person("U0ALICE", "Alice")


def recovered(stage: Stage, log: IncidentLog) -> tuple[AlertGroup, AlertGroup]:
    """An alert that became an incident of Alice's, before it recovered and after."""
    group = stage.intake.message(stage.message("Triggered: Puma backlog"))
    assert group
    source = f"alert/{group.number}"
    log.open(Change(title="Puma backlog", source=source), at=stage.at, by=ALICE, place=Place(APM, "#apm", "7.0"))
    before = stage.ledger.act(group.number, GroupAction(stage.at, ALICE, ActionKind.OPENED, incident=1))
    after = stage.intake.message(stage.message("Recovered: Puma backlog", 5))
    assert after
    return before, after


def test_once_an_alert_recovered_the_owner_is_asked_in_the_background_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = timedelta(milliseconds=1)
    monkeypatch.setattr(outboxes, "BACKOFF", Backoff(first=moment, longest=moment))
    monkeypatch.setattr(LOST, "retry_after", timedelta())
    stage, jobs, done = Stage(tmp_path / "state"), Outbox(), threading.Event()
    log = IncidentLog(stage.store, EASTERN)
    before, after = recovered(stage, log)
    hanging = threading.Event()
    stage.channel.before = lambda call: None if hanging.wait(LONG) else pytest.fail(call)
    stage.channel.after = failing("post", LOST)  # the answer to the first try is lost

    IncidentLinks(log, stage.channel, jobs, lambda: stage.at).follow(before, after)
    hanging.set()
    jobs.add(Job("the end", done.set, lambda reason: None, about=f"alert {after.number} over"))
    assert done.wait(LONG)
    jobs.close()

    assert stage.channel.texts(APM) == [
        "Alice, alert 1 recovered at 2:05pm: is #1 over? `!incident resolve 1 <what ended it>`"
    ]
    assert log.get(1).entries[-1].text == "alert 1 recovered: Puma backlog"
    stage.store.close()
