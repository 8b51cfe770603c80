"""What desks on one database should have in common: shown at once, and told to the admins if it lasts."""

import inspect
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock
from zoneinfo import ZoneInfo

from opsdesk.status import Differences, desk_lines
from opsdesk.status.desks import FILES, VERSIONS
from opsdesk.store import DeskSeen, Duty
from opsdesk.ticker import Ticker
from tests.conftest import MovedClock

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FIRST = DeskSeen("one, process 7", NOON - 60 * MINUTE, NOON, "1.0.0", "aaaa1111", here=True, leads=True)
OTHER = DeskSeen("two, process 9", NOON - 5 * MINUTE, NOON, "1.1.0", "bbbb2222", here=True, leads=False)
ALIKE = DeskSeen("two, process 9", NOON - 5 * MINUTE, NOON, "1.0.0", "aaaa1111", here=True, leads=False)
GONE = DeskSeen("three, process 4", NOON - 90 * MINUTE, NOON - 20 * MINUTE, "0.9.0", "cccc", here=False, leads=False)


def test_a_difference_that_lasts_ten_minutes_is_told_once() -> None:
    news = Differences()
    told = [news.to_tell([FIRST, OTHER], NOON + minutes * MINUTE) for minutes in range(13)]
    assert told == [[]] * 10 + [[FILES, VERSIONS]] + [[]] * 2


def test_an_update_that_takes_less_is_not_told_and_the_next_one_counts_anew() -> None:
    news = Differences()
    assert news.to_tell([FIRST, OTHER], NOON) == []
    assert news.to_tell([FIRST, ALIKE], NOON + 9 * MINUTE) == []
    assert news.to_tell([FIRST, OTHER], NOON + 10 * MINUTE) == []
    assert news.to_tell([FIRST, OTHER], NOON + 20 * MINUTE) == [FILES, VERSIONS]
    assert news.to_tell([FIRST, ALIKE], NOON + 21 * MINUTE) == []
    assert news.to_tell([FIRST, OTHER], NOON + 22 * MINUTE) == []
    assert news.to_tell([FIRST, OTHER], NOON + 32 * MINUTE) == [FILES, VERSIONS]


def test_a_desk_that_is_gone_differs_from_nobody() -> None:
    news = Differences()
    assert [news.to_tell([FIRST, GONE], NOON + minutes * MINUTE) for minutes in (0, 30)] == [[], []]


def test_the_status_says_what_differs_above_the_desks() -> None:
    assert desk_lines([FIRST, OTHER, GONE], NOON, ZoneInfo("America/New_York")) == [
        "⚠ The desks on this database have different team files (data/*.toml): copy those of one to the others.",
        "⚠ The desks on this database are of different versions: update them all.",
        "Desks on this database: 2",
        "• one, process 7: since 11:00am, does what is scheduled, version 1.0.0, team files aaaa1111",
        "• two, process 9: since 11:55am, answers, version 1.1.0, team files bbbb2222",
        "• three, process 4: gone, last seen 11:40am",
    ]


def ticker(desks: Sequence[DeskSeen], duty: Duty, told: list[str], now: Callable[[], datetime]) -> Ticker:
    """What does a desk's own work, with these desks on its store."""
    several = SimpleNamespace(all=lambda: desks, duty=lambda: duty, changes=lambda: 0, shared=False)
    store = SimpleNamespace(desks=several, warnings=lambda: ())
    trouble = SimpleNamespace(flush=lambda: None, tell_admins_later=told.append)
    report = SimpleNamespace(posts=SimpleNamespace(tick=lambda at: None), tick=lambda at: None)
    wings: dict[str, Any] = {name: MagicMock() for name in inspect.signature(Ticker).parameters}
    return Ticker(**(wings | {"store": store, "report": report, "trouble": trouble, "files": (), "now": now}))


def test_one_of_the_desks_tells_the_admins() -> None:
    for duty, expected in ((Duty.LEADS, [FILES, VERSIONS]), (Duty.WAITS, [])):
        told: list[str] = []
        clock = MovedClock()
        work = ticker([FIRST, OTHER], duty, told, clock)
        for _ in range(6):
            work.tick()
            clock.forward(minutes=4)
        assert told == expected
