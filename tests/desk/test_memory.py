"""What the desk holds is set aside once it has started, and given back every ten minutes."""

import gc
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from opsdesk import memory
from opsdesk.memory import AT_START, AT_WORK, Memory
from tests.conftest import ROOT
from tests.oncall.stage import eastern

AT = eastern("2026-11-23 13:00")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


def test_the_first_tick_ends_what_is_set_for_the_start_alone() -> None:
    gc.set_threshold(AT_START)
    Memory().tidy(AT)
    assert gc.get_threshold() == AT_WORK
    assert gc.get_freeze_count() > 0


def test_what_a_bot_of_somebody_s_own_has_set_stays() -> None:
    gc.set_threshold(5_000, 5, 5)
    Memory().tidy(AT)
    assert gc.get_threshold() == (5_000, 5, 5)
    assert gc.get_freeze_count() == 0


def test_what_is_free_is_given_back_every_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[None] = []
    monkeypatch.setattr(memory, "_trim", lambda: given.append(None))
    desk = Memory()
    for minutes in (0, 1, 9, 10, 11, 19, 20):
        desk.tidy(AT + timedelta(minutes=minutes))
    assert len(given) == 3


def test_the_configuration_sets_for_the_start_what_the_desk_ends() -> None:
    (set_there,) = re.findall(r"gc\.set_threshold\(([\d_]+)\)", (ROOT / "config.py").read_text("utf-8"))
    assert int(set_there) == AT_START
