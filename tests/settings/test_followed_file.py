"""A file of the team that is edited while the desk runs."""

import threading
from pathlib import Path
from typing import Any

import pytest

from opsdesk.errors import SettingsError
from opsdesk.settings import looking_once, looks
from opsdesk.settings import team_file as tomlfile
from opsdesk.settings.followed_file import TeamFile
from tests.patience import LONG
from tests.settings.house import House, Written


class Reader:
    """Reads a file as its text, and refuses one that says "wrong"."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.in_force, self.reads = "", 0

    def read(self, path: Path) -> str:
        self.reads += 1
        text = "".join(file.read_text() for file in ([path] if path.is_file() else sorted(path.iterdir())))
        if "wrong" in text:
            raise SettingsError([text])
        return text

    def complain(self, wrong: SettingsError) -> None:
        *complaints, self.in_force = wrong.complaints
        self.told += complaints

    def follow(self, path: Path, **how: Any) -> TeamFile[str]:
        return TeamFile(path, self.read, self.complain, **({"instead": str} | how))


@pytest.fixture
def reader() -> Reader:
    return Reader()


def test_a_changed_file_takes_effect_at_once(written: Written, reader: Reader) -> None:
    file = reader.follow(written("first"))
    assert file() == "first"
    written("second")
    assert file() == "second"


def test_an_unchanged_file_is_not_read_again(written: Written, reader: Reader) -> None:
    file = reader.follow(written("first"))
    assert [file(), file(), file()] == ["first"] * 3
    assert reader.reads == 1


def test_who_asks_for_much_at_once_looks_at_a_file_once(
    written: Written, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "VALID", LONG)
    file = reader.follow(written("first"))
    with looking_once():
        assert file() == "first"
        written("second")
        assert file() == "first"
        other = threading.Thread(target=file)
        other.start()
        other.join(LONG)
        assert reader.reads == 2
    written("third")
    assert file() == "third"


def test_what_takes_long_looks_at_a_file_again(
    written: Written, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "VALID", -1)
    file = reader.follow(written("first"))
    with looking_once():
        assert file() == "first"
        written("second")
        assert file() == "second"


def test_a_wrong_edit_keeps_the_last_good_one_and_is_told_once(written: Written, reader: Reader) -> None:
    file = reader.follow(written("first"))
    assert file() == "first"
    written("wrong here")
    assert [file(), file()] == ["first"] * 2
    assert (reader.told, file.complaints) == (["wrong here"], ("wrong here",))
    assert reader.in_force == "What it said when it was last right stays in force."
    written("wrong there")
    assert file() == "first"
    assert reader.told == ["wrong here", "wrong there"]
    written("third")
    assert (file(), file.complaints) == ("third", ())


def test_a_file_taken_away_keeps_the_last_good_one(written: Written, tmp_path: Path) -> None:
    told: list[SettingsError] = []
    path = written('name = "Elm"\nrooms = {}')
    file = TeamFile(path, lambda at: tomlfile.read(at, House), told.append, instead=lambda wrong: House("none", {}))
    assert file() == House("Elm", {})
    path.unlink()
    assert file() == House("Elm", {})
    assert [wrong.complaints[0] for wrong in told] == [f"house.toml is missing: it should be {path}."]


def test_a_file_beside_it_counts_as_much(written: Written, reader: Reader, tmp_path: Path) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    file = reader.follow(written("first"), beside=[folder])
    assert file() == "first"
    for change in (lambda: (folder / "a").write_text("x"), lambda: (folder / "a").unlink()):
        before = reader.reads
        change()
        assert file() == "first"
        assert reader.reads == before + 1


def test_an_editor_s_lock_in_a_folder_hides_no_edit(written: Written, reader: Reader, tmp_path: Path) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / ".#a").symlink_to("alice@nowhere")
    (folder / "a").write_text("x")
    file = reader.follow(written("first"), beside=[folder])
    assert file() == "first"
    (folder / "a").write_text("longer")
    assert (file(), reader.reads) == ("first", 2)


def test_a_file_may_be_asked_for_by_itself(written: Written, reader: Reader, tmp_path: Path) -> None:
    beside = tmp_path / "beside"
    beside.write_text("first")
    file = reader.follow(written("first"), beside=[beside])
    assert file() == "first"
    beside.write_text("second")
    assert (file.itself(), reader.reads) == ("first", 1)
    written("second")
    assert (file.itself(), reader.reads) == ("second", 2)
    beside.write_text("the third")
    assert (file(), reader.reads) == ("second", 3)


def test_a_file_by_itself_looks_beside_it_while_something_is_wrong(
    written: Written, reader: Reader, tmp_path: Path
) -> None:
    beside = tmp_path / "beside"
    beside.write_text("wrong")
    file = TeamFile(written("first"), lambda path: reader.read(beside), reader.complain, beside=[beside], instead=str)
    assert file.itself() == "wrong"
    beside.write_text("right")
    assert file.itself() == "right"
    beside.write_text("wrong again")
    assert (file(), file.itself()) == ("right", "right")
    beside.write_text("right again")
    assert file.itself() == "right again"


def test_a_file_wrong_from_the_start_has_a_stand_in_until_it_is_right(written: Written, reader: Reader) -> None:
    file = reader.follow(written("wrong already"), instead=lambda wrong: f"instead of {wrong}")
    assert file() == "instead of wrong already"
    written("wrong in another way")
    assert (file(), reader.in_force) == ("instead of wrong in another way", "There is no earlier version to go by.")
    written("right")
    assert file() == "right"
    written("wrong again")
    assert (file(), reader.in_force) == ("right", "What it said when it was last right stays in force.")


def test_a_file_with_a_stand_in_is_read_when_first_asked_for(written: Written, reader: Reader) -> None:
    file = reader.follow(written("wrong already"), instead=str)
    assert (reader.reads, reader.told) == (0, [])
    written("right by now")
    assert (file(), reader.told) == ("right by now", [])


def test_reading_it_again_complains_even_if_nothing_changed(written: Written, reader: Reader) -> None:
    file = reader.follow(written("wrong already"), instead=lambda wrong: "nothing")
    assert (file(), reader.told) == ("nothing", ["wrong already"])
    assert reader.in_force == "There is no earlier version to go by."
    file.reread()
    file.reread()
    assert reader.told == ["wrong already"] * 3


def test_many_threads_complain_once_of_one_edit(written: Written, reader: Reader) -> None:
    file = reader.follow(written("first"))
    assert file() == "first"
    written("wrong here")
    ready = threading.Barrier(8)

    def use() -> None:
        ready.wait()
        file()

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reader.told == ["wrong here"]


def test_a_complaint_that_takes_long_keeps_nobody_waiting(written: Written, reader: Reader) -> None:
    answers: list[str] = []

    def complain(wrong: SettingsError) -> None:
        other = threading.Thread(target=lambda: answers.append(file()))
        other.start()
        other.join(LONG)

    file = TeamFile(written("first"), reader.read, complain, instead=str)
    assert file() == "first"
    written("wrong here")
    file()
    assert answers == ["first"]
