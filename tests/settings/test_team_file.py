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
        ('name = "Elm"\nrooms = 3', "house.toml rooms: a table belongs here, not a whole number"),
    ],
)
def test_a_file_of_another_shape_says_where(written: Written, text: str, told: str) -> None:
    assert complaints(written(text))[0].startswith(told)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("name = ", "write a value after ="),
        ("= 1", "write a key before ="),
        ("name = Elm Street", "put text in quotes"),
        ('name = "Elm', 'a quote " is missing'),
        ("name = “Elm”", 'use straight quotes, "'),
        ('name: "Elm"', "write = between a key and its value"),
        ("open = 1pm # every day", 'put a time of day in quotes, such as "1pm"'),
        ("built = 11/23/1926", "write a day as 2026-11-23"),
        ("built = Nov 23 1926", "write a day as 2026-11-23"),
        ("built = [1926-11-3]", "write a day as 2026-11-23"),
        ("built = 1926-02-30", "there is no such day or time"),
        ("heated = No", "write true or false, in small letters"),
        ("cost = 1,765", "leave the comma out of a number"),
        ("share = 40%", "leave out the %"),
        ("[rooms.hall", "end the name of a table with ]"),
        ("[rooms.Big Hall]", "put a name with blanks or other signs in quotes"),
        ("[rooms.🏠]", "put a name with blanks or other signs in quotes"),
        ('doors = ["north" "south"]', "a list lacks a comma, or its ] at the end"),
        (r'plan = "C:\users\elm"', r"write \\ for a \ in quotes"),
        ("// a comment", "begin a comment with #"),
        ("<<<<<<< HEAD", "it is left over from a merge; keep one of the two versions"),
        ("a house", "write KEY = VALUE, or [TABLE]"),
        ("street = 5\n[rooms]\n[rooms]", "there is a table of that name already, further up"),
        ('street = 5\nstreet = "Elm"', "there is such a key already, further up"),
        ('name = "Elm",', "leave out the comma at its end"),
        ("open.late : 5", "write = between a key and its value"),
        ("street = 0x", "leave out what stands behind the value"),
        ("street = @5", "put text in quotes"),
        ("rooms = { doors = 5", "what stands in { } lacks a comma, or its } at the end"),
        ("rooms = { doors = 5, doors = 6 }", "a key stands in it twice"),
        ("doors = [\n[rooms]", "what stands above it lacks a ] at the end"),
        ("[rooms.hall]\n[rooms]\nhall.doors = 5", "it is there already, further up"),
        ('doors = ["north"],', "leave out the comma at its end"),
        ('doors = ["north",', "a list lacks a comma, or its ] at the end"),
        ('name = """Elm\nstreet', 'a text lacks its """ at the end'),
    ],
)
def test_a_line_that_cannot_be_read_is_shown_with_what_to_do(written: Written, line: str, told: str) -> None:
    path = written(f"# The house\n{line}\n")
    shown = line.splitlines()[-1].strip()
    assert complaints(path) == [f"house.toml cannot be read: line {2 + line.count(chr(10))} is `{shown}`: {told}."]


def test_what_cannot_be_seen_in_a_line_is_said_and_not_repeated(written: Written) -> None:
    blank = "\N{NO-BREAK SPACE}"
    told = 'house.toml cannot be read: line 1 is `name = "Elm"`: a sign in it cannot be seen; type the line anew.'
    assert complaints(written(f'name{blank}={blank}"Elm"')) == [told]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le"])
def test_a_file_in_another_encoding_cannot_be_read(written: Written, encoding: str) -> None:
    path = written("")
    path.write_bytes('name = "Élan"'.encode(encoding))
    told = 'house.toml cannot be read: it is not saved as UTF-8. Save it again, with the encoding "UTF-8".'
    assert complaints(path) == [told]


def test_a_folder_in_its_place_is_told_without_its_address_twice(tmp_path: Path) -> None:
    (tmp_path / "house.toml").mkdir()
    assert complaints(tmp_path / "house.toml") == ["house.toml cannot be read: Is a directory."]


def test_one_of_several_words_is_told_with_all_of_them(written: Written) -> None:
    path = written('name = "Elm"\nrooms = {}\nroof = "tin"\nwalls = ["brick", "straw"]')
    assert complaints(path) == [
        'house.toml roof: "slate" or "tile" belongs here',
        'house.toml [walls] 2: "brick", "stone" or "wood" belongs here',
    ]


def test_a_missing_file_says_where_it_should_be(tmp_path: Path) -> None:
    path = tmp_path / "house.toml"
    assert complaints(path) == [f"house.toml is missing: it should be {path}."]
    (tmp_path / "House.toml.txt").touch()
    there = "There is House.toml.txt: give it the right name."
    assert complaints(path) == [f"house.toml is missing: it should be {path}. {there}"]


def test_a_look_keeps_the_tables_that_are_right_and_names_the_others(written: Written) -> None:
    seen = tomlfile.parse(written('name = "Elm"\n[rooms.hall]\nfloor = 0\n[rooms.attic]\nfloor = 12'), House)
    assert seen.value == House("Elm", {"hall": Room(0)})
    assert list(seen.raw["rooms"]) == ["hall", "attic"]
    assert seen.complaints == ("house.toml [rooms.attic] floor: 12 is above the roof",)
