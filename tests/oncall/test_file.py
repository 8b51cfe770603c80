"""data/rotation.toml: what is shipped, what may stand in it, and every complaint at once."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from opsdesk.errors import SettingsError
from opsdesk.oncall.file import read
from tests.oncall.stage import EASTERN, ROTATION_TOML

SHIPPED = Path(__file__).parents[2] / "data" / "rotation.toml"


def complaints(tmp_path: Path, *changes: tuple[str, str]) -> list[str]:
    text = ROTATION_TOML
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "rotation.toml").write_text(text)
    with pytest.raises(SettingsError) as wrong:
        read(tmp_path / "rotation.toml", EASTERN)
    return list(wrong.value.complaints)


def test_the_shipped_file_is_the_teams_shift_with_placeholders() -> None:
    rotation = read(SHIPPED, EASTERN)
    (times,) = rotation.calendar.times
    assert (times.start, times.end, times.weekdays) == (time(13), time(20), frozenset(range(5)))
    assert rotation.is_placeholder
    assert rotation.patterns[0].length == timedelta(weeks=1)
    assert rotation.patterns[0].first_day.weekday() == 0


def test_two_shifts_a_day_in_sprints_with_a_secondary_can_be_said(tmp_path: Path) -> None:
    file = tmp_path / "rotation.toml"
    file.write_text(
        """
people.ann = { id = "U01ANNAB", name = "Ann" }
people.ben = { id = "U01BENAB", name = "Ben", zone = "America/Denver" }
shifts = [{ name = "morning", start = "7am", end = "1pm" }, { name = "afternoon", start = "1pm", end = "8pm" }]

[[turns]]
first_day = 2026-11-16
each = "sprint"
secondary = true
order = { morning = ["ann", "ben"], afternoon = ["ben", "ann"] }

[holidays]
own = [2026-11-27]
"""
    )
    rotation = read(file, EASTERN)
    assert [times.name for times in rotation.calendar.times] == ["morning", "afternoon"]
    assert rotation.calendar.holiday(date(2026, 11, 27))
    (pattern,) = rotation.patterns
    assert (pattern.length, pattern.standby) == (timedelta(weeks=2), True)
    assert [member.name for member in pattern.order["afternoon"]] == ["Ben", "Ann"]


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    told = complaints(
        tmp_path,
        ('id = "@bob"', 'id = "@alice"'),
        ('["alice", "bob", "charlie"]', '["alice", "bobb"]\norder.night = ["charlie"]'),
        ('each = "week"', 'each = "week"\nsecondary = true'),
    )
    assert told == [
        "rotation.toml [people.alice] id: @alice is given to more than one person",
        "rotation.toml [people.bob] id: @alice is given to more than one person",
        "rotation.toml [turns.1.order] night: there is no shift of that name",
        'rotation.toml [turns.1.order] support: "bobb" is not among [people], did you mean bob?',
        "rotation.toml [turns.1.order] night: a secondary needs a second person",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"America/Los_Angeles"', '"Pacific"', 'zone: "Pacific" is not a time zone, such as America/Los_Angeles'),
        ('id = "@alice"', 'id = "alice"', "is not a Slack user id such as U01ABCDEF, nor a console name such as @ann"),
        ('name = "Alice"', 'name = " "', "[people.alice] name: missing"),
        (
            'name = "Alice"',
            'name = "🦊"',
            '[people.alice] name: "🦊" has no letter in it',
        ),
        ('start = "1pm"', 'start = "after lunch"', '"after lunch" is not a time I can read'),
        ('end = "8pm"', 'end = "noon"', "end: a shift ends on the day it starts, after its start"),
        ('end = "8pm"', 'end = "8pm"\ndays = ["monday", "mittwoch"]', 'days: "mittwoch" is no day of the week'),
        ('end = "8pm"', 'end = "8pm"\ndays = []', "days: nothing is no day of the week"),
        ('each = "week"', 'each = "month"', 'each: "month" is neither "week" nor "sprint" (two weeks)'),
        ("first_day = 2026-11-23", 'first_day = "Monday"', "first_day: a day such as 2026-11-23 belongs here"),
        ("first_day = 2026-11-23", 'first_day = "2026-13-45"', "first_day: a day such as 2026-11-23 belongs here"),
        (
            'order.support = ["alice", "bob", "charlie"]',
            'order = ["alice"]',
            "[turns.1] order: a table belongs here, not a list",
        ),
        ('["alice", "bob", "charlie"]', '"alice"', "support: a list belongs here, not text in quotes"),
        ("order.support", "order.suport", "[turns.1.order] support: missing"),
        ('["alice", "bob", "charlie"]', "[]", "[turns.1.order] support: nobody is in it"),
        ("[holidays]", "[holydays]", "holydays: unknown key, did you mean holidays?"),
        (
            "[[turns]]",
            "[[shifts]]\nname = 'late'\nstart = '7pm'\nend = '9pm'\n[[turns]]",
            '"support" and "late" overlap',
        ),
        (
            "[[turns]]",
            "[[shifts]]\nname = 'support'\nstart = '8pm'\nend = '9pm'\n[[turns]]",
            "given to more than one shift",
        ),
        (
            "[holidays]",
            "[[turns]]\nfirst_day = 2026-11-23\neach = 'week'\norder.support = ['bob']\n[holidays]",
            "[turns.1] first_day: 2026-11-23 is given twice",
        ),
    ],
)
def test_each_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert any(told in complaint for complaint in complaints(tmp_path, (old, new)))


def test_a_file_without_shifts_or_turns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rotation.toml").write_text("people = {}\nshifts = []\nturns = []\n")
    with pytest.raises(SettingsError) as wrong:
        read(tmp_path / "rotation.toml", EASTERN)
    assert wrong.value.complaints == ("rotation.toml shifts: missing", "rotation.toml turns: missing")
