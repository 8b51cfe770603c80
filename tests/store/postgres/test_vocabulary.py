"""A value that an older desk does not know, and that would make a record unreadable to it, waits until it is gone."""

import enum
from collections.abc import Iterator

import msgspec
import pytest

from opsdesk.store import KeyedTable, NotStored, NumberedTable, Store
from opsdesk.store.postgres import database, desks
from opsdesk.store.postgres.database import open_database
from tests.patience import until
from tests.postgres import server
from tests.store.stage import MONDAY, outcome


class Mood(enum.StrEnum):
    CALM = "calm"


def enumerated(name: str, *values: str) -> type[enum.StrEnum]:
    """An enumeration as one version of the desk has it."""
    return enum.StrEnum(name, {value.upper(): value for value in values})


OldStep, NewStep = enumerated("Step", "opened", "resolved"), enumerated("Step", "opened", "resolved", "voided")


class OldEvent(msgspec.Struct, frozen=True, omit_defaults=True):
    steps: tuple[OldStep, ...] = ()  # type: ignore[valid-type]


class NewEvent(msgspec.Struct, frozen=True, omit_defaults=True):
    steps: tuple[NewStep, ...] = ()  # type: ignore[valid-type]
    notes: dict[str, list[NewStep]] = {}  # type: ignore[valid-type]
    mood: Mood | None = None


class Side:
    """One desk on the database, with its own idea of an event."""

    def __init__(self, url: str, kind: type[msgspec.Struct]) -> None:
        self.store: Store = open_database(url)
        self.events: NumberedTable[msgspec.Struct] = self.store.numbered("events", kind, lambda event: True)
        self.kept: KeyedTable[msgspec.Struct] = self.store.keyed("kept events", kind)

    def sees(self, many: int) -> bool:
        """Whether so many desks are here, as far as it has heard by now, and it has told what it knows."""
        return len([one for one in self.store.desks.all() if one.here]) == many


@pytest.fixture
def sides(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Side, Side]]:
    monkeypatch.setattr(desks, "BEAT", 0.02)
    monkeypatch.setattr(database, "AGAIN", 0.02)
    url = server().schema()
    older, newer = Side(url, OldEvent), Side(url, NewEvent)
    until(lambda: newer.store._vocabulary._unknown_to_some, "the newer to hear of the older")  # type: ignore[attr-defined]
    yield older, newer
    for side in (older, newer):
        side.store.close()


VOIDED = NewEvent((NewStep("voided"),))


def test_a_value_that_an_older_desk_cannot_read_waits_until_it_is_gone(sides: tuple[Side, Side]) -> None:
    older, newer = sides
    assert outcome(lambda: newer.events.add(MONDAY, lambda number: VOIDED)) == (
        "NotStored: Nothing was stored: another desk on this database is of an older version, and could not read it. "
        "Type it again once all are updated; `!desk status` lists them."
    )
    nested = NewEvent(notes={"a": [NewStep("voided")]})
    assert "could not read it" in outcome(lambda: newer.kept.change(None, "k", lambda _: nested))
    assert newer.events.latest() == 0
    older.store.close()
    until(lambda: newer.sees(1), "the older to be gone")
    assert newer.events.add(MONDAY, lambda number: VOIDED) == VOIDED


def test_what_both_know_is_written_and_so_is_a_field_that_the_older_keeps_as_it_is(sides: tuple[Side, Side]) -> None:
    older, newer = sides
    known = NewEvent((NewStep("opened"),), mood=Mood.CALM)
    newer.events.add(MONDAY, lambda number: known)
    assert older.events.get(1) == OldEvent((OldStep("opened"),))
    older.events.change(1, MONDAY, lambda event: OldEvent((*event.steps, OldStep("resolved"))))  # type: ignore[attr-defined]
    assert newer.events.get(1) == NewEvent((NewStep("opened"), NewStep("resolved")), mood=Mood.CALM)


def test_what_has_the_value_already_can_be_changed(sides: tuple[Side, Side]) -> None:
    older, newer = sides
    older.store.close()
    until(lambda: newer.sees(1), "the older to be gone")
    newer.events.add(MONDAY, lambda number: VOIDED)
    again = Side(str(newer.store._backed_up[0]), OldEvent)  # type: ignore[attr-defined]
    until(lambda: newer.store._vocabulary._unknown_to_some, "the newer to hear of it")  # type: ignore[attr-defined]
    more = NewEvent((NewStep("voided"), NewStep("opened")))
    assert newer.events.change(1, MONDAY, lambda event: more) == more
    with pytest.raises(NotStored):
        newer.events.add(MONDAY, lambda number: VOIDED)
    again.store.close()
