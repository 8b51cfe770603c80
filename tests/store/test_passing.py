"""What matters for minutes is in a file of its own: it may be lost with a warning, and stops nothing."""

from pathlib import Path

import pytest

from tests.store.stage import Note, Shelf, furnished

BOTH = ("", "mirror")


def noted(folder: Path) -> Shelf:
    """A furnished shelf with a passing record."""
    shelf = furnished(folder)
    seen(shelf, "a")
    return shelf


def seen(shelf: Shelf, key: str) -> None:
    shelf.store.keyed("seen events", Note, passing=True).change(None, key, lambda _: Note(key))


def passing(shelf: Shelf) -> list[str]:
    return list(shelf.store.keyed("seen events", Note, passing=True).all(None))


def test_passing_records_change_no_other_file(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
    seen(shelf, "a")
    changed = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.json") if path not in before}
    assert changed == {"passing.json", "mirror/passing.json"}
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize("running", [True, False], ids=["while the desk runs", "while it does not"])
def test_damaged_in_both_copies_they_begin_anew_and_that_is_told(tmp_path: Path, running: bool) -> None:
    shelf = noted(tmp_path)
    before = shelf.everything()
    if not running:
        shelf.store.close()
    for root in BOTH:
        (tmp_path / root / "passing.json").write_bytes(b"damaged")
    shelf = shelf if running else Shelf(tmp_path)
    assert passing(shelf) == []
    assert shelf.store.warnings() == (
        "passing.json was damaged in both copies and begins anew, without what was in it.",
    )
    assert (tmp_path / "quarantine" / "passing.json.1").read_bytes() == b"damaged"
    seen(shelf, "b")
    assert shelf.everything() == before
    shelf = shelf.again()
    assert (passing(shelf), shelf.store.warnings()) == (["b"], ())


def test_lost_in_both_copies_they_begin_anew(tmp_path: Path) -> None:
    noted(tmp_path).store.close()
    for root in BOTH:
        (tmp_path / root / "passing.json").unlink()
    shelf = Shelf(tmp_path)
    assert passing(shelf) == []
    seen(shelf, "b")
    assert passing(shelf.again()) == ["b"]


def test_what_is_forgotten_leaves_the_file(tmp_path: Path) -> None:
    shelf = noted(tmp_path)
    table = shelf.store.keyed("seen events", Note, passing=True)
    for turn in range(300):
        seen(shelf, f"{turn}")
    table.forget(None, lambda note: note.text != "a")
    assert (tmp_path / "passing.json").stat().st_size < 200
    assert passing(shelf.again()) == ["a"]
