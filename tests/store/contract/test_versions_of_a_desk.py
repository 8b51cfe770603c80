"""What every store promises to desks of two versions: each reads what the other wrote, and neither loses a field."""

import msgspec

from opsdesk.store import KeyedTable, NumberedTable
from tests.store.stage import MONDAY, Shelf


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    text: str
    by: str = ""


class Case(msgspec.Struct, frozen=True, omit_defaults=True):
    number: int
    steps: tuple[Step, ...] = ()
    owner: Step | None = None
    tags: dict[str, Step] = {}
    urgent: bool = False


class NewerStep(msgspec.Struct, frozen=True, omit_defaults=True):
    text: str
    by: str = ""
    seen_by: tuple[str, ...] = ()


class NewerCase(msgspec.Struct, frozen=True, omit_defaults=True):
    number: int
    steps: tuple[NewerStep, ...] = ()
    owner: NewerStep | None = None
    tags: dict[str, NewerStep] = {}
    urgent: bool = False
    pager: str = ""
    source: NewerStep | None = None


FIRST, SECOND = NewerStep("opened", "alice", ("bob",)), NewerStep("looked at", seen_by=("charlie",))
OWNED = NewerStep("mine", seen_by=("alice",))
CASE = NewerCase(1, (FIRST, SECOND), OWNED, {"db": OWNED, "ui": FIRST}, urgent=True, pager="P1", source=FIRST)


def older(shelf: Shelf) -> tuple[NumberedTable[Case], KeyedTable[Case]]:
    return shelf.store.numbered("cases", Case, lambda case: not case.urgent), shelf.store.keyed("kept cases", Case)


def newer(shelf: Shelf) -> tuple[NumberedTable[NewerCase], KeyedTable[NewerCase]]:
    cases = shelf.store.numbered("cases", NewerCase, lambda case: not case.urgent)
    return cases, shelf.store.keyed("kept cases", NewerCase)


def edit(case: Case) -> Case:
    """Adds a step, hands the case to another, drops a tag, and sets `urgent` back to what is no news."""
    return msgspec.structs.replace(
        case,
        steps=(*case.steps, Step("said by the older desk")),
        owner=msgspec.structs.replace(case.owner or Step(""), by="bob"),
        tags={"db": case.tags["db"]},
        urgent=False,
    )


EDITED = NewerCase(
    1,
    (FIRST, SECOND, NewerStep("said by the older desk")),
    NewerStep("mine", "bob", ("alice",)),
    {"db": OWNED},
    pager="P1",
    source=FIRST,
)


def test_fields_that_an_older_desk_does_not_know_survive_its_change(shelf: Shelf) -> None:
    cases, kept = newer(shelf)
    cases.add(MONDAY, lambda number: CASE)
    kept.change(None, "k", lambda _: CASE)
    kept.change(None, "decided", lambda _: CASE)
    shelf = shelf.again()
    numbered, keyed = older(shelf)
    numbered.change(1, MONDAY, edit)
    keyed.change(None, "k", lambda case: edit(case or Case(0)))
    keyed.decide(None, lambda cases: ("decided", edit(cases["decided"])))
    shelf = shelf.again()
    cases, kept = newer(shelf)
    assert cases.get(1) == EDITED
    assert kept.all(None) == {"k": EDITED, "decided": EDITED}


def test_a_record_that_an_older_desk_replaces_keeps_nothing_of_steps_it_took_away(shelf: Shelf) -> None:
    cases, _ = newer(shelf)
    cases.add(MONDAY, lambda number: CASE)
    older(shelf)[0].change(1, MONDAY, lambda case: msgspec.structs.replace(case, steps=(), tags={}))
    assert cases.get(1) == msgspec.structs.replace(CASE, steps=(), tags={})


LONG = NewerStep("a long text, so that the record is a large one " * 50, "alice", ("bob",))


def test_what_either_adds_to_a_long_record_survives_the_changes_of_the_other(shelf: Shelf) -> None:
    case = NewerCase(1, (LONG, SECOND), tags={"db": OWNED}, urgent=True)
    newer(shelf)[0].add(MONDAY, lambda number: case)
    newer(shelf)[1].change(None, "k", lambda _: case)
    expected = case
    for turn in range(6):
        step = NewerStep(f"step {turn}", "bob", ("charlie",) if turn % 2 else ())

        def newer_edit(case: NewerCase, step: NewerStep = step) -> NewerCase:
            more = msgspec.structs.replace(case, steps=(*case.steps, step))
            return msgspec.structs.replace(more, pager="P1", owner=OWNED) if step.text == "step 3" else more

        def older_edit(case: Case, step: NewerStep = step) -> Case:
            return msgspec.structs.replace(case, steps=(*case.steps, Step(step.text, step.by)))

        expected = newer_edit(expected)
        edit = newer_edit if turn % 2 else older_edit
        numbered, keyed = (newer if turn % 2 else older)(shelf)
        numbered.change(1, MONDAY, edit)
        keyed.change(None, "k", edit)
        shelf = shelf.again() if turn == 2 else shelf
        assert (newer(shelf)[0].get(1), newer(shelf)[1].get(None, "k")) == (expected, expected)
    older(shelf)[0].change(1, MONDAY, lambda case: msgspec.structs.replace(case, urgent=False))
    shelf = shelf.again()
    assert newer(shelf)[0].get(1) == msgspec.structs.replace(expected, urgent=False)
    assert newer(shelf)[1].get(None, "k") == expected


def test_a_newer_desk_reads_what_an_older_one_wrote(shelf: Shelf) -> None:
    older(shelf)[0].add(MONDAY, lambda number: Case(number, (Step("opened"),)))
    shelf = shelf.again()
    cases, _ = newer(shelf)
    assert cases.get(1) == NewerCase(1, (NewerStep("opened"),))
    assert [case.number for case in cases.open()] == [1]
