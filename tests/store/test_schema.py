"""Files of other schemas: older ones are read as today's, newer ones refused with a sentence."""

import json
import shutil
from pathlib import Path

import pytest

from opsdesk.errors import SettingsError
from opsdesk.store import open_store
from opsdesk.store.tinydb import schema, sealed
from tests.store.stage import Event, Shelf, day_after, furnished, outcome

RECORDINGS = Path(__file__).parents[1] / "recordings"


@pytest.fixture(params=[1, 2, 3])
def recorded(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """What a desk of each schema has stored: the records of `furnished`."""
    return Path(shutil.copytree(RECORDINGS / f"store_schema_{request.param}", tmp_path / "state"))


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """The same, of the newest schema."""
    return Path(shutil.copytree(RECORDINGS / "store_schema_3", tmp_path / "state"))


def fourth_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the desk is a newer one, whose schema has "4:" before each key."""

    def upgrade(tables: schema.Plain) -> schema.Plain:
        return {
            table: {name: {**row, "key": f"4:{row['key']}"} if "key" in row else row for name, row in rows.items()}
            for table, rows in tables.items()
        }

    monkeypatch.setattr(schema, "SCHEMA", 4)
    monkeypatch.setitem(schema.UPGRADES, 3, upgrade)


def test_what_any_schema_has_stored_is_read_and_goes_on(recorded: Path, tmp_path: Path) -> None:
    shelf, today = Shelf(recorded), furnished(tmp_path / "today")
    for _ in range(2):
        assert shelf.everything() == today.everything()
        for one in (shelf, today):
            one.say(1, "goes on")
            one.add("of a new day", day_after(3))
            one.note(None, "channel", "C2")
        shelf, today = shelf.again(), today.again()
    assert shelf.store.warnings() == ()
    assert {written_as(path) for path in (recorded / "days").glob("*-2[36].json")} == {schema.SCHEMA}


def test_an_older_file_is_upgraded_when_read_and_rewritten_when_changed(
    recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = written_as(recorded / "undated.json")
    fourth_schema(monkeypatch)
    shelf = Shelf(recorded)
    assert shelf.add("again", key="4:key 1") == Event(1, "looked at again", open=False)
    assert written_as(recorded / "days" / "2026-11-23.json") == before
    shelf.say(1, "changed by the newer desk")
    assert written_as(recorded / "days" / "2026-11-23.json") == 4
    assert written_as(recorded / "days" / "2026-11-24.json") == before
    shelf = shelf.again()
    assert shelf.add("again", key="4:key 1").text == "changed by the newer desk"
    assert shelf.add("again", key="4:key 2").number == 2


def test_an_older_file_in_parts_is_upgraded_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = furnished(tmp_path)
    shelf.store.close()
    day = tmp_path / "days" / "2026-11-23.json"
    assert day.read_bytes().count(b"\n") > 3
    fourth_schema(monkeypatch)
    shelf = Shelf(tmp_path)
    assert shelf.add("again", key="4:key 1") == Event(1, "looked at again", open=False)
    shelf.say(1, "changed by the newer desk")
    assert written_as(day) == 4
    assert shelf.again().add("again", key="4:key 2").number == 2


def test_a_file_of_a_newer_desk_is_refused_and_left_alone(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        fourth_schema(newer)
        shelf = Shelf(sample)
        shelf.say(1, "changed by the newer desk")
        shelf.store.close()
    day = (sample / "days" / "2026-11-23.json").read_bytes()
    shelf = Shelf(sample)
    assert outcome(lambda: shelf.say(1, "by the older")) == (
        "NewerSchema: The stored records have schema 4; this desk reads up to 3. Start the newer desk again."
    )
    assert shelf.events.get(3) == Event(3, "event 3", open=False)
    assert (sample / "days" / "2026-11-23.json").read_bytes() == day


def test_a_desk_does_not_start_on_the_folder_of_a_newer_one(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        fourth_schema(newer)
        shelf = Shelf(sample)
        shelf.add("of a new day, so that the index is written, too", day_after(7))
        shelf.store.close()
    with pytest.raises(SettingsError, match="schema 4; this desk reads up to 3") as told:
        open_store(sample)
    fourth_schema(monkeypatch)
    open_store(sample).close()
    assert told.value.complaints  # kept so that nothing was given back for want of anybody who holds it


def test_a_schema_whose_upgrade_is_missing_is_not_guessed_at(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "SCHEMA", 4)
    with pytest.raises(sealed.Broken):
        sealed.unseal((sample / "undated.json").read_bytes(), "undated.json")


def written_as(path: Path) -> int:
    """The schema of every part of the file."""
    (schema,) = {int(json.loads(f"{line}}}")["_file"]["1"]["schema"]) for line in path.read_text().splitlines()[::2]}
    return schema
