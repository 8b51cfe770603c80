"""A log of incidents for tests, on a real store, with a clock moved by hand; Alice is on call."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from opsdesk.chat.chat import Person, Place
from opsdesk.errors import UserError
from opsdesk.incidents.incident import Incident, Status
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.rules import Change
from opsdesk.store import Lost, open_store
from tests.oncall.stage import EASTERN, eastern

ALICE, BOB, CHARLIE = (Person(f"@{name}", name) for name in ("alice", "bob", "charlie"))
HERE = Place("C0GOLIVE", "#check-in-go-live")


class Shift:
    """People at work on incidents, from 1:12pm on Monday, November 23, 2026."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.at = folder, eastern("2026-11-23 13:12")
        self.listeners: list[Callable[[Incident], None]] = []
        self._open()

    def _open(self) -> None:
        self.store = open_store(self.folder)
        self.log = IncidentLog(self.store, EASTERN, on_call=lambda person, at: person == ALICE, changed=self.listeners)

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
        with pytest.raises(UserError) as refused:
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


FIRST = eastern("2026-10-30 13:12")  # two days before the clocks change
ZOE = Person("U0ZOE", "=Zoë <b>, “ops”")
PEOPLE = st.sampled_from((ALICE, BOB, CHARLIE, ZOE))
ODD = (
    "",
    "restarted",
    "https://example.org/x",
    "- a\n\n## b\n- c",
    "\u2028x\x85y\r\nz",
    "=1+1",
    "x" * 4000,
    "ß\n" * 2000,
)
TEXTS = st.text(max_size=40) | st.sampled_from(ODD)
NAMES = st.text(max_size=200) | st.sampled_from(("VistA timeouts", "x" * 200, "site\n688", "-", "`@here`"))
MINUTES_AGO = (*[None] * 12, 0, 10, 90, 2_000, 10_000_000, -5)
AGO = st.sampled_from([None if ago is None else timedelta(minutes=ago) for ago in MINUTES_AGO])
COMMANDS = st.fixed_dictionaries(
    {
        "by": PEOPLE,
        "passed": st.sampled_from((1, 20, 300, 1_440)).map(lambda minutes: timedelta(minutes=minutes)),
        "happened": AGO,
        "started": AGO,
        "sets": st.fixed_dictionaries(
            {
                "text": TEXTS,
                "title": st.none() | NAMES,
                "status": st.sampled_from((None, None, None, None, *Status)),
                "severity": st.none() | st.integers(1, 3),
                "subsystem": st.sampled_from((None, "vista", "vetext")),
                "owner": st.none() | PEOPLE,
                "reported_by": st.none() | NAMES,
                "source": st.sampled_from(("C0GOLIVE/1.0", "C0GOLIVE/2.0", "")),
            }
        ),
    }
)


OPEN = st.sampled_from(("update", "note", "assign", "withdraw", "link", "open", "resolve"))
OVER = st.sampled_from(("reopen", "note", "withdraw", "link", "update"))


SETS = {  # what each command can say beside a text and a moment
    "open": ("title", "status", "severity", "subsystem", "owner", "reported_by", "source"),
    "update": ("title", "status", "severity", "subsystem", "owner", "reported_by"),
    "reopen": ("status",),
    "assign": ("owner",),
    "note": ("source",),
    "withdraw": ("source",),
}


class ListStore:
    """A store of incidents in a list, as far as a log asks it."""

    def __init__(self) -> None:
        self.all: list[Incident] = []

    def numbered(self, table: str, kind: type, is_open: Callable[[Incident], bool], search: object) -> "ListStore":
        return self

    def add(self, day: date, make: Callable[[int], Incident], *, key: str, refuse: Callable[[int], object]) -> Incident:
        refuse(len(self.open()))
        self.all.append(make(len(self.all) + 1))
        return self.all[-1]

    def change(self, number: int, day: date, edit: Callable[[Incident], Incident]) -> Incident:
        self.all[number - 1] = edit(self.all[number - 1])
        return self.all[number - 1]

    def get(self, number: int) -> Incident | None:
        return self.all[number - 1]

    def latest(self) -> int:
        return len(self.all)

    def open(self, lost: Lost | None = None) -> Sequence[Incident]:
        return [one for one in self.all if one.is_open]

    def touched(self, first: date, last: date, lost: Lost | None = None) -> Sequence[Incident]:
        return self.all


class History:
    """A log, the moment it has come to, and every incident as it was after each command that changed it."""

    def __init__(self) -> None:
        self.at = FIRST
        self.states: list[tuple[Incident, datetime]] = []
        self.stored = ListStore()
        self.log = IncidentLog(
            self.stored,  # type: ignore[arg-type]
            EASTERN,
            on_call=lambda person, at: person == ALICE,
            changed=(lambda incident: self.states.append((incident, self.at)),),
        )

    @property
    def incidents(self) -> list[Incident]:
        return list(self.stored.all)

    def do(self, what: str, number: int, command: dict) -> None:
        """What a drawn command says of an incident."""
        by = command["by"]
        sets = {name: value for name, value in command["sets"].items() if name in ("text", *SETS.get(what, ()))}
        moments = {"happened_at": command["happened"]}
        if what in ("open", "update"):
            moments["started_at"] = command["started"]
        self.at += command["passed"]
        told = Change(**sets, **{name: self.at - ago for name, ago in moments.items() if ago is not None})
        with suppress(UserError):
            if what == "open":
                self.log.open(told, at=self.at, by=by, place=HERE)
            elif what == "withdraw":
                self.log.withdraw(number, told.source, at=self.at, by=by)
            else:
                getattr(self.log, what)(number, told, at=self.at, by=by)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """What any commands about the first incident, and a few others, have come to."""
    history = History()
    history.log.open(Change(title="VistA timeouts"), at=history.at, by=draw(PEOPLE), place=HERE)
    for command in draw(st.lists(COMMANDS, min_size=8, max_size=25)):
        number = draw(st.sampled_from((1, 1, 1, history.log.latest())))
        history.do(draw(OPEN if history.log.get(number).is_open else OVER), number, command)
    return history


def invariants(incident: Incident, at: datetime) -> None:
    """What is true of every incident at any moment after its last entry."""
    assert incident.is_open == (incident.resolution is None) == (incident.time_to_resolve is None)
    assert incident.started_at <= incident.opened_at <= incident.written_at <= at
    assert incident.severity in (1, 2, 3)
    assert incident.owner is not None
    assert incident.age(at) >= timedelta(0)
    assert incident.quiet_for(at) >= timedelta(0)
    assert all(entry.at <= entry.written_at for entry in incident.entries)
    assert incident.time_to_acknowledge is None or incident.time_to_acknowledge >= timedelta(0)
    if incident.time_to_resolve is not None:
        assert incident.time_to_acknowledge is not None
        assert timedelta(0) <= incident.time_to_acknowledge <= incident.time_to_resolve
