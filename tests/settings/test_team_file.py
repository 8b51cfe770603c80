"""The team's TOML files: every mistake told at once, a wrong edit without effect."""

from pathlib import Path

import pytest

from opsdesk.errors import SettingsError
from opsdesk.settings import team_file as tomlfile
from tests.settings.house import House, Room, Written


def complaints(path: Path) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        tomlfile.read(path, House)
    return list(raised.value.complaints)


def test_a_right_file_is_read_whole(written: Written) -> None:
    path = written('name = "Elm"\n[rooms.hall]\nfloor = 0\ndoors = ["north"]\n[porch]\nfloor = 1\n[[sheds]]\nfloor = 0')
    assert tomlfile.read(path, House) == House("Elm", {"hall": Room(0, ("north",))}, Room(1), (Room(0),))


def test_every_mistake_is_told_at_once_with_file_table_and_key(written: Written) -> None:
    path = written(
        """
        nmae = "Elm"
        [rooms.hall]
        floor = "ground"
        doors = ["north", 5, true]
        [rooms.attic]
        floor = 12
        [rooms.cellar]
        dors = []
        [rooms.den]
        floor = 1
        lamp = "broken"
        [porch]
        lamp = 3
        [[sheds]]
        floor = 0
        [[sheds]]
        floor = 0.5
        """
    )
    assert complaints(path) == [
        "house.toml nmae: unknown key, did you mean name?",
        "house.toml name: missing",
        "house.toml [rooms.hall] floor: a whole number belongs here, not text in quotes",
        "house.toml [rooms.hall.doors] 2: text in quotes belongs here, not a whole number",
        "house.toml [rooms.hall.doors] 3: text in quotes belongs here, not true or false",
        "house.toml [rooms.attic] floor: 12 is above the roof",
        "house.toml [rooms.cellar] dors: unknown key, did you mean doors?",
        "house.toml [rooms.cellar] floor: missing",
        "house.toml [rooms.den] lamp: broken",
        "house.toml [rooms.den] lamp: and hot",
        "house.toml [porch] floor: missing",
        "house.toml [porch] lamp: text in quotes belongs here, not a whole number",
        "house.toml [sheds.2] floor: a whole number belongs here, not a number",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = ", "house.toml cannot be read: Invalid value"),
        ('name = "Elm"\nname = "Oak"', "house.toml cannot be read: Cannot overwrite a value"),
        ('name = "Elm"\nrooms = 3', "house.toml rooms: a table belongs here, not a whole number"),
    ],
)
def test_a_file_of_another_shape_says_where(written: Written, text: str, told: str) -> None:
    assert complaints(written(text))[0].startswith(told)


def test_a_file_in_another_encoding_cannot_be_read(written: Written) -> None:
    path = written("")
    path.write_bytes('name = "Élan"'.encode("latin-1"))
    assert complaints(path)[0].startswith("house.toml cannot be read: ")


def test_a_missing_file_says_where_it_should_be(tmp_path: Path) -> None:
    path = tmp_path / "house.toml"
    assert complaints(path) == [f"house.toml is missing: it should be {path}."]


def test_a_look_keeps_the_tables_that_are_right_and_names_the_others(written: Written) -> None:
    seen = tomlfile.parse(written('name = "Elm"\n[rooms.hall]\nfloor = 0\n[rooms.attic]\nfloor = 12'), House)
    assert seen.value == House("Elm", {"hall": Room(0)})
    assert list(seen.raw["rooms"]) == ["hall", "attic"]
    assert seen.complaints == ("house.toml [rooms.attic] floor: 12 is above the roof",)
