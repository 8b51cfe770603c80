"""What fails in a tick holds back nothing that stands behind it, tick after tick."""

import inspect
import threading
from itertools import islice
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest

from opsdesk.alerts import AlertDesk
from opsdesk.incidents import IncidentDesk
from opsdesk.oncall import OnCallDesk
from opsdesk.store import Duty, Unreadable
from opsdesk.ticker import Ticker
from opsdesk.watch import WatchDesk
from opsdesk.watch.tellings import Tellings
from opsdesk.workers import ANSWERING
from tests.oncall.stage import EASTERN
from tests.patience import LONG
from tests.talk import MovedClock

DAMAGED = Unreadable("The records of November 20 are damaged.")


def ticker(**parts: Any) -> Ticker:
    """What does a desk's own work; `parts` are its wings, of which the others do nothing."""
    desks = MagicMock(shared=False, duty=lambda: Duty.LEADS)
    wings = {name: MagicMock() for name in inspect.signature(Ticker).parameters}
    wings["summary"].posts.tick.return_value = wings["report"].posts.tick.return_value = None
    store = SimpleNamespace(desks=desks, warnings=lambda: ())
    return Ticker(**(wings | {"store": store, "now": MovedClock(), "files": ()} | parts))


def fails(*given: object) -> None:
    raise DAMAGED


def test_a_mistake_in_one_part_keeps_no_other_from_doing_what_is_due() -> None:
    report, heard = MagicMock(), MagicMock()
    report.posts.tick.return_value = None
    failing = MagicMock(tick=fails, flush=fails)
    work = ticker(files=(fails,), trouble=failing, targets=failing, alerts=MagicMock(catch_up=failing), report=report)
    for _ in range(2):
        work.tick()
    assert (report.posts.tick.call_count, report.tick.call_count) == (2, 2)
    work = ticker(report=MagicMock(posts=failing, tick=fails), watch=heard)
    work.tick()
    assert heard.tick.call_count == 1


def test_the_first_tick_gets_ready_while_nobody_is_being_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces, loaded, ended = iter("abc"), list[str](), threading.Event()

    def load_next() -> bool:
        loaded.extend(piece := list(islice(pieces, 1)))
        return bool(piece)

    monkeypatch.setattr("opsdesk.later.load_next", load_next)
    monkeypatch.setattr("opsdesk.ticker.PATIENCE", LONG)
    summary = MagicMock(plan=MagicMock(is_close=lambda at: False))
    summary.posts.tick.return_value = None
    tick = threading.Thread(target=lambda: (ticker(summary=summary).tick(), ended.set()))
    with ANSWERING:
        tick.start()
        assert not ended.wait(0)
        assert len(loaded) < 2
    assert ended.wait(LONG)
    assert loaded == ["a", "b", "c"]


def test_nothing_is_loaded_while_the_summary_is_close(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opsdesk.later.load_next", fails)
    ticker(summary=MagicMock(plan=MagicMock(is_close=lambda at: True)))._get_ready()


def test_whoever_is_being_answered_for_long_keeps_nothing_from_getting_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = iter("abc")
    monkeypatch.setattr("opsdesk.later.load_next", lambda: bool(next(pieces, "")))
    monkeypatch.setattr("opsdesk.ticker.PATIENCE", 0)
    with ANSWERING:
        ticker(summary=MagicMock(plan=MagicMock(is_close=lambda at: False)))._get_ready()
    assert list(pieces) == []


def test_nothing_that_goes_before_the_post_keeps_it_back() -> None:
    summary = MagicMock(commands=MagicMock(tick=fails))
    summary.posts.tick.return_value = None
    store = SimpleNamespace(desks=MagicMock(shared=False, hurry=fails, changes=fails))
    assert ticker(summary=summary, store=store).tick_summary() > 0
    assert summary.posts.tick.call_count == 1


PARTS = {
    AlertDesk: ("reminders", "questions", "mute_notices", "unused"),
    IncidentDesk: ("reminders", "calls", "notices"),
    OnCallDesk: ("handover", "misfits"),
}


@pytest.mark.parametrize("kind", PARTS)
def test_what_one_part_of_a_wing_cannot_read_keeps_the_others_from_planning_nothing(kind: Any) -> None:
    for damaged in PARTS[kind]:
        parts: dict[str, Any] = {name: MagicMock() for name in kind.__struct_fields__}
        parts |= {name: SimpleNamespace(plan=lambda at, name=name: [name]) for name in PARTS[kind]}
        if "log" in parts:
            parts["log"].with_actions.return_value = ()
        parts[damaged] = SimpleNamespace(plan=fails)
        assert list(kind(**parts).plan(MovedClock()())) == [name for name in PARTS[kind] if name != damaged]


def test_what_one_part_of_the_watch_cannot_read_keeps_the_others_from_looking_and_telling_nothing() -> None:
    raised, message = MagicMock(), SimpleNamespace(alert="fallen", alert_id="1")
    channels = SimpleNamespace(alerts=())
    ground = SimpleNamespace(zone=EASTERN, settings=SimpleNamespace(file=SimpleNamespace(channels=channels)))
    tellings = Tellings(ground, (fails, lambda day: [message]), MagicMock(), MagicMock(), raised)
    parts = {name: MagicMock(tick=fails) for name in WatchDesk.__struct_fields__}
    WatchDesk(**(parts | {"tellings": tellings})).tick(MovedClock()())
    assert raised.call_count == 1
