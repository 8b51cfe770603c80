"""The desk keeps up with its database whatever happens: else it would never do again what is scheduled."""

import threading
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from opsdesk.store.postgres import database, desks
from tests.patience import LONG


def test_a_mistake_in_one_beat_is_not_the_last_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "BEAT", 0.01)
    store = database.PostgresStore(MagicMock(), MagicMock(), print, ("", Path()))
    beats, again = list[int](), threading.Event()

    def keep_up() -> None:
        beats.append(1)
        if len(beats) == 1:
            raise KeyError("holder")
        again.set()

    monkeypatch.setattr(store, "keep_up", keep_up)
    store._thread.start()
    assert again.wait(LONG)
    store._stopping.set()
    store._thread.join(LONG)
