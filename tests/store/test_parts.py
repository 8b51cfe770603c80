"""The files of the store: what a change adds to them, when they are written anew, and how a change cut short reads."""

import os
import random
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw
from tinydb import TinyDB

from opsdesk.store.tinydb.sealed import Broken, Sealed, seal, unseal
from tests.store.stage import MONDAY, Shelf, furnished

DAY = f"days/{MONDAY}.json"


def parts_of(path: Path) -> list[bytes]:
    """Its parts, each with the two lines it has."""
    lines = path.read_bytes().splitlines(keepends=True)
    return [b"".join(lines[at : at + 2]) for at in range(0, len(lines), 2)]


def test_tinydb_reads_each_part_as_it_is(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add("an event", key="k")
    shelf.say(1, "looked at")
    for text, part in zip(("an event", "looked at"), parts_of(shelf.folder / DAY)[1:], strict=True):
        (tmp_path / "part.json").write_bytes(part)
        with TinyDB(tmp_path / "part.json", access_mode="r") as read:
            assert read.table("events").all() == [{"key": "k", "record": {"number": 1, "text": text, "open": True}}]


def test_a_change_adds_the_row_it_left_and_no_more_however_much_its_day_holds(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for turn in range(300):
        shelf.add(f"event {turn}")
    written: list[bytes] = []
    real = os.write

    def write(handle: int, data: bytes) -> int:
        written.append(bytes(data))
        return real(handle, data)

    monkeypatch.setattr(os, "write", write)
    shelf.say(7, "looked at")
    first, second = written
    assert first == second
    [(table, rows)] = unseal(first, DAY).tables.items()
    assert (table, list(rows), bytes(rows["7"]["record"])) == (
        "events",
        ["7"],
        b'{"number":7,"text":"looked at","open":true}',
    )


class Case(msgspec.Struct, frozen=True):
    number: int
    notes: tuple[str, ...] = ()
    owner: str | None = None


def note(case: Case, *texts: str) -> Case:
    return msgspec.structs.replace(case, notes=(*case.notes, *texts))


def test_what_is_added_to_a_long_record_is_written_alone(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = shelf.store.numbered("cases", Case, lambda case: True)
    cases.add(MONDAY, lambda number: Case(number, ("a long text " * 1000,)))
    written: list[bytes] = []
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: written.append(bytes(data)) or real(handle, data))
    cases.change(1, MONDAY, lambda case: msgspec.structs.replace(note(case, "one", "two"), owner="alice"))
    added = [msgspec.json.decode(part)["cases"] for part in written]
    assert added == [{"1": {"add": {"+notes": ["one", "two"], "owner": "alice"}}}] * 2


def test_a_record_with_much_added_to_it_is_whole_again_once_its_file_is_written_anew(shelf: Shelf) -> None:
    cases = shelf.store.numbered("cases", Case, lambda case: True)
    expected = cases.add(MONDAY, lambda number: Case(number, ("a long text " * 100,)))
    sizes = []
    for turn in range(300):
        expected = cases.change(1, MONDAY, lambda case, turn=turn: note(case, f"{turn} " + "x" * 500))
        sizes.append((shelf.folder / DAY).stat().st_size)
        assert cases.get(1) == expected
    found = unseal((shelf.folder / DAY).read_bytes(), DAY)
    assert found.first > 65_536  # it was written anew, more than once
    cases = shelf.again().store.numbered("cases", Case, lambda case: True)
    assert cases.get(1) == expected


@pytest.mark.parametrize("edit", ["a note taken away", "a note changed", "an owner changed"])
def test_a_change_that_does_more_than_add_writes_the_whole_record(shelf: Shelf, edit: str) -> None:
    cases = shelf.store.numbered("cases", Case, lambda case: True)
    case = cases.add(MONDAY, lambda number: Case(number, ("a long text " * 100, "second"), "alice"))
    changed = {
        "a note taken away": Case(1, case.notes[:1], "alice"),
        "a note changed": Case(1, (case.notes[0], "changed", "third"), "alice"),
        "an owner changed": Case(1, case.notes, "bob"),
    }[edit]
    cases.change(1, MONDAY, lambda _: changed)
    last = unseal(b"".join(parts_of(shelf.folder / DAY)[-1:]), DAY).tables["cases"]["1"]
    assert list(last) == ["record"]
    assert shelf.again().store.numbered("cases", Case, lambda case: True).get(1) == changed


def test_a_file_is_written_anew_before_its_changes_outgrow_it(shelf: Shelf) -> None:
    path, sizes = shelf.folder / DAY, []
    shelf.add()
    for turn in range(500):
        shelf.say(1, f"{turn} " + "x" * 1000)
        sizes.append(path.stat().st_size)
    assert max(sizes) < 70_000
    assert shelf.again().events.get(1).text.startswith("499 ")


def test_both_copies_are_the_same_after_every_change(shelf: Shelf) -> None:
    for turn in range(200):
        shelf.say(1, "x" * 700) if turn else shelf.add()
        assert (shelf.folder / DAY).read_bytes() == (shelf.folder / "mirror" / DAY).read_bytes()


@pytest.mark.parametrize("lost", ["all of it", "a change", "the beginning of one"])
def test_a_second_copy_that_lags_is_written_anew_with_the_next_change(shelf: Shelf, lost: str) -> None:
    for turn in range(3):
        shelf.add(f"event {turn}")
    path = shelf.folder / "mirror" / DAY
    whole = path.read_bytes()
    ends = {"all of it": None, "a change": len(b"".join(parts_of(path)[:-1])), "the beginning of one": -7}
    path.unlink() if lost == "all of it" else path.write_bytes(whole[: ends[lost]])
    shelf.add("the next")
    assert path.read_bytes() == (shelf.folder / DAY).read_bytes()
    assert shelf.again().store.warnings() == ()


def ended_while_adding(folder: Path, kept: int) -> None:
    """What an end of the desk leaves which comes when `kept` bytes of one more change are on the disk."""
    found = unseal((folder / DAY).read_bytes(), DAY)
    change = {"events": {"2": {"record": Raw(b'{"number":2,"text":"never acknowledged","open":true}')}}}
    part = b"".join(seal(change, found.generation + 1, DAY))
    assert kept < len(part)
    with (folder / DAY).open("ab") as file:
        file.write(part[:kept])


@pytest.mark.parametrize("kept", [1, 2, 20, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 90, 100])
def test_a_change_that_was_cut_short_was_never_made(tmp_path: Path, kept: int) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    ended_while_adding(tmp_path, kept)
    shelf = Shelf(tmp_path)
    assert (shelf.everything(), shelf.store.warnings()) == (before, ())
    assert not (tmp_path / "quarantine").exists()
    shelf.say(2, "said after it")
    shelf = shelf.again()
    assert (shelf.events.get(2).text, shelf.store.warnings()) == ("said after it", ())


@pytest.mark.parametrize("behind", range(1, 4))
def test_a_power_cut_takes_the_end_of_the_second_copy_and_nothing_else(tmp_path: Path, behind: int) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    ended_while_adding(tmp_path, 40)
    second = tmp_path / "mirror" / DAY
    second.write_bytes(b"".join(parts_of(second)[:-behind]) + b'{"_fi')
    shelf = Shelf(tmp_path)
    assert (shelf.everything(), shelf.store.warnings()) == (before, ())
    assert second.read_bytes() == (tmp_path / DAY).read_bytes()
    assert not (tmp_path / "quarantine").exists()


@pytest.mark.parametrize("other", ["missing", "empty", "cut short or garbled"])
def test_a_copy_cut_short_without_another_is_used_as_far_as_it_goes_and_told(tmp_path: Path, other: str) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    ended_while_adding(tmp_path, 40)
    cut, second = tmp_path / DAY, tmp_path / "mirror" / DAY
    damaged = cut.read_bytes()
    {"missing": second.unlink, "empty": lambda: second.write_bytes(b"")}.get(
        other, lambda: second.write_bytes(random.Random(7).randbytes(500))
    )()
    shelf = Shelf(tmp_path)
    assert shelf.everything() == before
    told, told_of_second = shelf.store.warnings()
    assert told == (
        f"{cut} was cut short at its end: what was added last may be lost, all before it is in use. "
        f"What was there is kept as {tmp_path / 'quarantine' / cut.name}.1."
    )
    assert told_of_second.startswith(f"{second} was {other}; it was restored from {cut}.")
    assert (tmp_path / "quarantine" / f"{cut.name}.1").read_bytes() == damaged
    assert shelf.again().store.warnings() == ()


@pytest.mark.parametrize("root", ["", "mirror"])
def test_room_that_was_taken_but_not_written_to_spoils_nothing_before_it(tmp_path: Path, root: str) -> None:
    shelf = furnished(tmp_path)
    before = shelf.everything()
    shelf.store.close()
    with (tmp_path / root / DAY).open("ab") as file:
        file.write(bytes(120))
    shelf = Shelf(tmp_path)
    assert shelf.everything() == before
    assert (tmp_path / DAY).read_bytes() == (tmp_path / "mirror" / DAY).read_bytes()


def test_a_change_after_a_part_without_its_line_feed_is_read_again(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    shelf.store.close()
    for root in ("", "mirror"):
        path = tmp_path / root / DAY
        path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    shelf = Shelf(tmp_path)
    shelf.say(2, "the last word")
    after = shelf.everything()
    shelf = shelf.again()
    assert (shelf.everything(), shelf.store.warnings()) == (after, ())


def test_a_power_cut_may_leave_a_second_copy_from_before_the_first_was_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = furnished(tmp_path)
    former = (tmp_path / "mirror" / DAY).read_bytes()
    monkeypatch.setattr(Sealed, "has_room", lambda content, more: False)
    shelf.say(2, "written anew")
    before = shelf.everything()
    shelf.store.close()
    ended_while_adding(tmp_path, 40)
    (tmp_path / "mirror" / DAY).write_bytes(former[:-7])
    assert Shelf(tmp_path).everything() == before


def sealed(texts: list[str]) -> tuple[bytes, list[int]]:
    """A file with a part for each text, and where each part ends."""
    data, ends = b"", []
    for generation, text in enumerate(texts, 17):
        tables = {"events": {str(generation): {"record": Raw(f'{{"t":"{text}"}}'.encode())}}}
        data += b"".join(seal(tables, generation, DAY))
        ends.append(len(data))
    return data, ends


TEXTS = st.lists(st.text("abc", max_size=9), min_size=1, max_size=5)


@given(TEXTS, st.data())
def test_any_cut_leaves_the_changes_before_it(texts: list[str], data: st.DataObject) -> None:
    whole, ends = sealed(texts)
    at = data.draw(st.integers(0, len(whole)))
    left = sum(end - 1 <= at for end in ends)  # a part is whole without its line feed, too
    if not left:
        with pytest.raises(Broken):
            unseal(whole[:at], DAY)
        return
    found = unseal(whole[:at], DAY)
    assert (found.generation, found.size) == (16 + left, min(at, ends[left - 1]))
    told = [bytes(row["record"]).decode() for row in found.tables["events"].values()]
    assert told == [f'{{"t":"{text}"}}' for text in texts[:left]]


@pytest.mark.parametrize("generation", [16, 17, 19])
def test_a_part_that_does_not_follow_the_one_before_it_is_none(generation: int) -> None:
    whole, ends = sealed(["a"])
    foreign = b"".join(seal({"events": {}}, generation, DAY))
    assert unseal(whole + foreign, DAY).size == ends[0]


@given(TEXTS, st.data())
def test_any_changed_byte_is_noticed_and_costs_no_part_before_it(texts: list[str], data: st.DataObject) -> None:
    whole, ends = sealed(texts)
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[at]))
    changed = whole[:at] + bytes([byte]) + whole[at + 1 :]
    try:
        found = unseal(changed, DAY)
    except Broken:
        return
    assert found.size < len(whole)
    assert found.size == ends[-2]  # only the last part may be missing
    assert at >= found.size
