"""Values that cross a threshold: one alarm each, told in the shift, over once they were well for a while."""

from collections.abc import Iterable
from datetime import timedelta

from opsdesk.watch import alarm_words
from opsdesk.watch.alarms import AlarmDay, AlarmStanding, Finding, step
from tests.oncall.stage import EASTERN, eastern

NOON = eastern("2026-11-23 14:00")
WELL, EDGE, WARNING, ALERT = AlarmStanding.WELL, AlarmStanding.EDGE, AlarmStanding.WARNING, AlarmStanding.ALERT
VALUES = {WELL: 2, EDGE: 9, WARNING: 12, ALERT: 40}


def minutes(
    standings: Iterable[AlarmStanding], day: AlarmDay | None = None, first: int = 0, tells: bool = True
) -> AlarmDay:
    """The day after a minute of each standing."""
    day = day or AlarmDay()
    for number, standing in enumerate(standings, first):
        value = VALUES[standing]
        finding = Finding("panel", "REST errors", standing, f"{value} in the hour", value, "warn from 10")
        day = step(day, [finding], NOON + timedelta(minutes=number), tells=tells)
    return day


def told(day: AlarmDay) -> list[str]:
    return [alarm_words.message(one, EASTERN) for one in day.alarms if one.told_at]


def test_a_crossing_is_one_alarm_however_long_it_lasts() -> None:
    assert told(minutes([WELL, WARNING, WARNING])) == ["🟡 REST errors: 12 in the hour (warn from 10)"]


def test_one_that_gets_worse_is_told_as_that_and_stays_so() -> None:
    assert told(minutes([WARNING, ALERT, WARNING])) == ["🔴 REST errors: 40 in the hour (warn from 10)"]


def test_it_is_over_after_five_minutes_well_with_how_bad_it_was() -> None:
    assert told(minutes([WARNING, ALERT, *[WELL] * 5])) == ["🔴 REST errors: 40 in the hour (warn from 10)"]
    assert told(minutes([WARNING, ALERT, *[WELL] * 6])) == [
        "✅ REST errors: well again since 2:02pm: 2 in the hour. From 2:00pm to 2:02pm, at worst 40 in the hour."
    ]


def test_a_value_on_the_edge_does_not_flap() -> None:
    (alarm,) = minutes([WARNING, EDGE, *[WELL, WELL, WARNING, EDGE] * 20]).alarms
    assert alarm.is_open
    assert minutes([EDGE] * 30).alarms == ()


def test_what_crosses_again_soon_is_told_in_the_same_message() -> None:
    day = minutes([*[WARNING, *[WELL] * 9] * 3])
    (alarm,) = day.alarms
    assert alarm.times == 3
    assert told(day)[0].endswith("at worst 12 in the hour, it came and went 3 times.")
    assert len(minutes([WARNING], day, first=90).alarms) == 2


def test_nothing_is_told_before_its_time_and_then_what_still_holds() -> None:
    day = minutes([WARNING, *[WELL] * 7, *[WARNING] * 2], tells=False)
    assert told(day) == []
    assert told(minutes([WARNING], day, first=60)) == [
        "🟡 REST errors: 12 in the hour (warn from 10), since 2:00pm it came and went 2 times."
    ]


def test_the_summary_tells_what_was_told_and_what_began_too_late_to_be() -> None:
    line = "REST errors: since 2:00pm, at worst 12 in the hour"
    assert alarm_words.day(minutes([WARNING]).alarms, EASTERN) == line
    assert alarm_words.day(minutes([WARNING], tells=False).alarms, EASTERN) == line
    assert alarm_words.day(minutes([WARNING, *[WELL] * 6], tells=False).alarms, EASTERN) == ""


def test_what_is_not_found_out_changes_nothing() -> None:
    day = minutes([WARNING])
    assert step(day, [], NOON + timedelta(hours=1), tells=True) == day


def test_many_at_once_are_one_message_that_ends_with_the_last() -> None:
    def look(day: AlarmDay, number: int, standing: AlarmStanding) -> AlarmDay:
        each = [
            Finding(f"panel {one}", f"Panel {one}", standing, f"{one} now", one, link="https://x") for one in range(12)
        ]
        return step(day, each, NOON + timedelta(minutes=number), tells=True)

    day = look(AlarmDay(), 0, ALERT)
    told = alarm_words.together(day.alarms, EASTERN).splitlines()
    assert told[:2] == [
        "🔴 12 values crossed at once: Panel 0, Panel 1, Panel 2, …",
        "🔴 Panel 0: 0 now https://x",
    ]
    assert (len(told), told[-1]) == (12, "and 2 more: `!watch`")
    for number in range(1, 8):
        day = look(day, number, WELL)
    assert alarm_words.together(day.alarms, EASTERN).splitlines()[0] == (
        "✅ 12 values crossed at once: Panel 0, Panel 1, Panel 2, …: all are well again"
    )
