"""A file of the team that a start finds wrong: what it said when it was last right stays in force."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from opsdesk.errors import SettingsError, UserError
from opsdesk.settings.followed_file import TeamFile
from opsdesk.store import KeptTexts, Store, open_store
from tests.settings.house import Written

KEPT = "What it said when it was last right, before this start, stays in force."
NEVER = "There is no earlier version to go by."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "state")
    yield opened
    opened.close()


class Away:
    """What keeps the files, out of reach until it is back."""

    def __init__(self, kept: KeptTexts) -> None:
        self._kept, self.is_back = kept, False

    def texts(self, name: str) -> Mapping[str, str]:
        self._fail()
        return self._kept.texts(name)

    def keep(self, name: str, texts: Mapping[str, str]) -> None:
        self._fail()
        self._kept.keep(name, texts)

    def _fail(self) -> None:
        if not self.is_back:
            raise UserError("The database is away.")


class Start:
    """Starts of a desk, each of which follows the file anew; `told` is what the admins hear of the last one."""

    def __init__(self, path: Path, *beside: Path, optional: bool = False) -> None:
        self.path, self.beside, self.optional = path, beside, optional

    def __call__(self, kept: KeptTexts | Away) -> TeamFile[str]:
        self.told: list[str] = []
        return TeamFile(
            self.path, self.read, lambda wrong: self.told.extend(wrong.complaints), instead=str, beside=self.beside,
            kept=kept,
        )  # fmt: skip

    def read(self, path: Path) -> str:
        if self.optional and not path.exists():
            return "as shipped"
        folders = [path.with_name(folder.name) for folder in self.beside]
        text = "".join(file.read_text() for file in (path, *(one for folder in folders for one in folder.iterdir())))
        if "wrong" in text:
            raise SettingsError([text])
        return text


def test_what_was_last_right_outlives_the_process(written: Written, store: Store) -> None:
    start, kept = Start(written("first")), KeptTexts(store)
    file = start(kept)
    file()
    file.keep()
    written("second")
    file()
    file.keep()
    written("wrong")
    again = start(KeptTexts(store))
    assert (again(), start.told, again.in_force) == ("second", ["wrong", KEPT], KEPT)
    again.keep()  # nothing: it is wrong
    assert start(KeptTexts(store))() == "second"
    written("third")
    assert (again(), again.in_force) == ("third", "")


def test_without_an_earlier_version_the_stand_in_serves(written: Written, store: Store) -> None:
    start = Start(written("wrong"))
    assert start(KeptTexts(store))() == "wrong"
    assert start.told == ["wrong", NEVER]


def test_files_beside_it_are_kept_with_it_and_no_others(written: Written, store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "runbooks"
    folder.mkdir()
    for name in ("a.md", "b.md"):
        (folder / name).write_text(f"\n{name}")
    start = Start(written("first"), folder)
    file = start(KeptTexts(store))
    file()
    file.keep()
    (folder / "b.md").unlink()
    file()
    file.keep()
    assert KeptTexts(store).texts("house.toml") == {"house.toml": "first", "runbooks/a.md": "\na.md"}
    (folder / "c.md").write_text("wrong")
    assert start(KeptTexts(store))() == "first\na.md"


def test_an_optional_file_that_is_gone_leaves_what_it_said(written: Written, store: Store) -> None:
    path = written("narrowed")
    start = Start(path, optional=True)
    file = start(KeptTexts(store))
    file()
    file.keep()
    path.unlink()
    gone = f"house.toml is missing: it should be {path}. An empty one takes back what it said."
    assert (file(), start.told[0]) == ("narrowed", gone)
    again = start(KeptTexts(store))
    assert (again(), start.told) == ("narrowed", [gone, KEPT])
    written("")
    assert (again(), again.complaints) == ("", ())


def test_an_optional_file_that_never_was_there_is_none(tmp_path: Path, store: Store) -> None:
    start = Start(tmp_path / "house.toml", optional=True)
    file = start(KeptTexts(store))
    assert (file(), start.told) == ("as shipped", [])
    file.keep()
    assert KeptTexts(store).texts("house.toml") == {}


@pytest.mark.parametrize("says", ["wrong", None])
def test_what_could_not_be_found_out_is_gone_by_once_it_can_be(
    written: Written, store: Store, says: str | None
) -> None:
    path, kept = written("first"), KeptTexts(store)
    start = Start(path, optional=True)
    file = start(kept)
    file()
    file.keep()
    written(says) if says else path.unlink()
    away = Away(kept)
    file = start(away)
    assert file() in ("wrong", "as shipped")
    with pytest.raises(UserError):
        file.keep()
    away.is_back = True
    file.keep()
    assert (file(), start.told[-1]) == ("first", KEPT)


def test_an_edit_that_is_not_read_yet_is_not_kept(written: Written, store: Store) -> None:
    start, edit = Start(written("first")), written
    file = start(KeptTexts(store))
    file()
    edit("not looked at, and wrong")
    file.keep()
    assert KeptTexts(store).texts("house.toml") == {}
