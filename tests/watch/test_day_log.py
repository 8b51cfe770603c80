"""What the watch found is told while the disk refuses it, and stored once it does not."""

from datetime import date

import msgspec
import pytest

from opsdesk.store import Unreadable
from opsdesk.watch.day_log import DayLog
from tests.posts.stage import Records

DAY = date(2026, 11, 23)


class Found(msgspec.Struct, frozen=True):
    falls: tuple[str, ...] = ()

    def with_one(self, fall: str) -> "Found":
        return self if fall in self.falls else Found((*self.falls, fall))


def test_what_cannot_be_stored_is_known_and_stored_with_the_next_change() -> None:
    records = Records()
    days = DayLog(records, "counters", Found())
    records.full = True
    assert days.change(DAY, lambda found: found.with_one("check-ins"))
    assert days.get(DAY) == Found(("check-ins",))
    assert not days.change(DAY, lambda found: found.with_one("check-ins"))
    assert days.change(DAY, lambda found: found.with_one("pre-check-ins"))
    records.full = False
    assert not days.change(DAY, lambda found: found)
    assert DayLog(records, "counters", Found()).get(DAY) == Found(("check-ins", "pre-check-ins"))


def test_a_day_that_cannot_be_read_goes_on_as_if_nothing_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*asked: object) -> None:
        raise Unreadable("The records of November 23 are damaged.")

    records = Records()
    monkeypatch.setattr(records, "get", damaged)
    monkeypatch.setattr(records, "change", damaged)
    days = DayLog(records, "counters", Found())
    assert days.get(DAY) == Found()
    assert days.change(DAY, lambda found: found.with_one("check-ins"))
    assert days.get(DAY) == Found(("check-ins",))
