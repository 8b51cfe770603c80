"""A copy of everything, made while the desk goes on, and the README's way back to it."""

import re
import stat
import subprocess
import tarfile
from datetime import timedelta
from pathlib import Path

import pytest

from opsdesk.errors import UserError
from opsdesk.store.moving import Way, move_records
from opsdesk.store.postgres import backup as database_backup
from opsdesk.store.postgres.database import open_database
from opsdesk.store.tinydb import backup
from tests.conftest import ROOT
from tests.oncall.stage import EASTERN, eastern
from tests.postgres import server
from tests.store.stage import Shelf, day_after, furnished

AT = eastern("2026-11-23 15:42:17").astimezone(EASTERN)
README = (ROOT / "README.md").read_text("utf-8")
STEPS = re.search(r"### Backups\n.*?```\n(.*?)```", README, re.DOTALL)
INTO_A_DATABASE = re.search(r"### Backups\n.*?```\n.*?```.*?```\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return furnished(tmp_path / "data" / "state")


def go_back(shelf: Shelf) -> Shelf:
    """The shelf once its desk was stopped and the README's steps were typed."""
    shelf.store.close()
    assert STEPS
    subprocess.run(["sh", "-e"], input=STEPS[1], text=True, cwd=shelf.folder.parents[1], check=True)
    return Shelf(shelf.folder)


def test_the_readme_s_steps_bring_back_everything(shelf):
    before = shelf.everything()
    made = shelf.store.back_up(AT)
    shelf.add("said since")
    back = go_back(shelf)
    assert made.path.name == "desk-2026-11-23-154217.tar.gz"
    assert back.everything() == before
    assert back.store.warnings() == ()
    assert back.add("goes on").number == 6


def test_a_backup_is_for_the_desk_s_user_alone(shelf):
    made = shelf.store.back_up(AT)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
    assert made.size == made.path.stat().st_size


def test_the_last_seven_are_kept(shelf):
    made = [shelf.store.back_up(AT + timedelta(minutes=later)).path for later in range(9)]
    assert sorted(made[0].parent.iterdir()) == made[2:]


def test_what_changes_meanwhile_is_in_it_as_it_is_at_its_end(shelf, monkeypatch):
    add, changed = backup._add, []

    def add_and_change(*told):  # as a command of somebody else would, between two files
        add(*told)
        if not changed:
            changed.append(shelf.say(1, "changed meanwhile"))
            changed.append(shelf.add("added meanwhile", day_after(3)))

    monkeypatch.setattr(backup, "_add", add_and_change)
    shelf.store.back_up(AT)
    after = shelf.everything()
    assert go_back(shelf).everything() == after


def test_a_copy_that_is_damaged_is_not_backed_up_but_the_other_is(shelf):
    before = shelf.everything()
    (shelf.folder / "days" / f"{day_after(1)}.json").write_text("broken")
    assert shelf.store.back_up(AT).lacking == []
    assert go_back(shelf).everything() == before


def test_a_day_that_is_lost_is_named_and_all_others_are_in_it(shelf):
    name = f"days/{day_after(1)}.json"
    for root in (shelf.folder, shelf.folder / "mirror"):
        (root / name).write_text("broken")
    made = shelf.store.back_up(AT)
    with tarfile.open(made.path) as archive:
        names = set(archive.getnames())
    assert made.lacking == [name]
    assert names == {f"days/{day_after(0)}.json", f"days/{day_after(2)}.json", "undated.json", "index.json"}


def test_a_backup_that_the_disk_refuses_leaves_nothing_behind(shelf):
    (shelf.folder / "backups").write_text("in its way")
    with pytest.raises(UserError, match="No backup was made: there is a file where a folder should be"):
        shelf.store.back_up(AT)


def full_database(folder: Path) -> tuple[Shelf, str]:
    """A desk on a database, furnished as the folder's is, and the database's address."""
    url, old = server().schema(), folder / "data" / "old"
    furnished(old).store.close()
    move_records(Way.DATABASE, old, url, (), AT, lambda told: None)
    return Shelf(folder / "data" / "state", opened=lambda path: open_database(url, state_dir=path)), url


def test_a_copy_of_a_database_is_put_back_into_a_folder_and_into_a_database(tmp_path):
    shelf, _ = full_database(tmp_path)
    shelf.note(None, "a key\0with NUL", "NUL \0")
    before = shelf.everything()
    made = shelf.store.back_up(AT)
    shelf.add("said since")
    assert (made.path.name, made.lacking) == ("desk-2026-11-23-154217.tar.gz", ())
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    back = Shelf(restored(shelf, tmp_path))
    assert back.everything() == before
    assert back.store.warnings() == ()
    assert back.add("goes on").number == 6
    back.store.close()


def test_it_is_moved_from_there_into_a_database_by_the_readme_s_steps(tmp_path):
    shelf, _ = full_database(tmp_path)
    before = shelf.everything()
    shelf.store.back_up(AT)
    new = server().schema()
    move_records(Way.DATABASE, restored(shelf, tmp_path), new, (), AT, lambda told: None)
    moved = Shelf(tmp_path, opened=lambda path: open_database(new))
    assert moved.everything() == before
    moved.store.close()


def restored(shelf: Shelf, folder: Path) -> Path:
    """The folder into which the README's steps put the copy of a database."""
    shelf.store.close()
    assert INTO_A_DATABASE
    steps = INTO_A_DATABASE[1].partition("DESK_STATE_DIR")[0]
    subprocess.run(["sh", "-e"], input=steps, text=True, cwd=folder, check=True)
    return folder / "data" / "restored"


def test_what_changes_in_a_database_meanwhile_is_not_in_its_copy(tmp_path, monkeypatch):
    shelf, _ = full_database(tmp_path)
    before, add, changed = shelf.everything(), database_backup.add, []

    def add_and_change(*told):
        add(*told)
        if not changed:
            changed.append(shelf.say(1, "changed meanwhile"))
            changed.append(shelf.add("added meanwhile", day_after(3)))

    monkeypatch.setattr(database_backup, "add", add_and_change)
    shelf.store.back_up(AT)
    back = Shelf(restored(shelf, tmp_path))
    assert back.everything() == before
    back.store.close()


def test_a_database_that_is_gone_is_not_backed_up(tmp_path):
    url = "postgresql://desk@127.0.0.1:1/postgres"
    with pytest.raises(UserError, match="No backup was made: the database cannot be reached"):
        database_backup.back_up(url, tmp_path, AT)
    assert list(tmp_path.glob("backups/*")) == []
