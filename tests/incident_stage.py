"""A log of incidents for tests, on a real store, with a clock moved by hand; Alice is on call."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from opsdesk.chat.chat import Person, Place
from opsdesk.errors import Refusal
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.rules import Change
from opsdesk.store import open_store
from rota import EASTERN, eastern

ALICE, BOB, CHARLIE = (Person(f"@{name}", name) for name in ("alice", "bob", "charlie"))
HERE = Place("C0GOLIVE", "#check-in-go-live")


class Shift:
    """People at work on incidents, from 1:12pm on Monday, November 23, 2026."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.at = folder, eastern("2026-11-23 13:12")
        self._open()

    def _open(self) -> None:
        self.store = open_store(self.folder)
        self.log = IncidentLog(self.store, EASTERN)
        self.log.on_call = lambda person, at: person == ALICE

    def restart(self) -> None:
        """The same folder, opened anew."""
        self.store.close()
        self._open()

    def to(self, local: str) -> None:
        self.at = eastern(local)

    def forward(self, **length: float) -> None:
        self.at += timedelta(**length)

    def open(self, title: str = "VistA timeouts", by: Person = ALICE, place: Place = HERE, **told: Any) -> Incident:
        return self.log.open(Change(title=title, **told), at=self.at, by=by, place=place)

    def do(self, what: str, number: int, text: str = "", by: Person = ALICE, **told: Any) -> Incident:
        """What `what` (update, resolve, ...) makes of an incident."""
        changed = getattr(self.log, what)(number, Change(text=text, **told), at=self.at, by=by)
        assert changed == self.log.get(number)
        return changed

    def refusal(self, what: str, number: int, text: str = "", by: Person = ALICE, **told: Any) -> str:
        """Why that is refused, with nothing changed."""
        before = self.log.get(number)
        with pytest.raises(Refusal) as refused:
            self.do(what, number, text, by, **told)
        assert self.log.get(number) == before
        return str(refused.value)


@contextmanager
def shift(folder: Path) -> Iterator[Shift]:
    """A shift whose store is closed at its end."""
    stage = Shift(folder)
    try:
        yield stage
    finally:
        stage.store.close()


def moment(local: str) -> datetime:
    """ "13:12" on the day of the shift, or a day and time in full."""
    return eastern(local if " " in local else f"2026-11-23 {local}")
