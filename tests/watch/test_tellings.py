"""Simulated days as they are told: the smallest set that explains a fall, once, and that it is over."""

from opsdesk.watch.falls import Fall, FallKind, WatchDay
from opsdesk.watch.sight import Figures
from tests.watch.simulated import CLICKED, COMPLETED, COUNTERS, Case, Day, at
from tests.watch.stage import KEYS, WORDS, Evening
from tests.watch.test_rule import CASES

KEEP = "  To keep it: `!incident open {} --sev 2`"


def evening(number: int) -> Evening:
    return Evening(*CASES[number].draw())


def minutes(first: str, last: str) -> range:
    return range(at(first), at(last) + 1)


def test_two_counters_of_a_flow_are_named_as_the_flow_in_one_message() -> None:
    keep = KEEP.format("No check-ins")
    assert evening(1).run(minutes("1:25pm", "1:45pm")) == [
        "1:32pm new ⚠ Check-ins clicked: none since 1:20pm; usually 27 in 9 minutes at this time. "
        f"Completed: none since 1:20pm (usually 15). Pre-check-ins are as usual.{keep}",
        "1:33pm ⚠ Check-ins clicked: none since 1:20pm; usually 30 in 10 minutes at this time. "
        f"Completed: none since 1:20pm (usually 16). Pre-check-ins are as usual.{keep}",
    ]


def test_one_counter_is_named_alone_where_the_rest_of_its_flow_goes_on() -> None:
    assert evening(4).run(minutes("3:10pm", "3:25pm")) == [
        "3:17pm new ⚠ Check-ins completed: none since 3:04pm; usually 12 in 10 minutes at this time. "
        f"Check-ins clicked and pre-check-ins are as usual.{KEEP.format('No check-ins completed')}"
    ]


def test_a_flow_that_fell_before_its_counters_is_told_as_a_whole() -> None:
    assert evening(5).run(minutes("6:50pm", "7:30pm")) == [
        "6:54pm new ⚠ Check-ins: none since 6:40pm; usually 11 in 11 minutes at this time. "
        f"Pre-check-ins are as usual.{KEEP.format('No check-ins')}"
    ]


def test_all_counters_are_named_where_what_is_left_is_not_as_usual() -> None:
    assert evening(6).run(minutes("7:35pm", "7:55pm")) == [
        "7:38pm new ⚠ All four counters: none since 7:25pm; usually 27 in 10 minutes at this time."
        + KEEP.format("No check-ins and pre-check-ins")
    ]
    assert evening(7).run(minutes("2:25pm", "2:45pm")) == [
        "2:30pm new ⚠ All four counters are low since about 2pm: 308 in 30 minutes, usually 635: about half."
        + KEEP.format("Few check-ins and pre-check-ins")
    ]


def test_what_fell_in_the_morning_is_told_as_the_shift_begins_with_what_it_has_come_to() -> None:
    assert evening(8).run([*minutes("10:20am", "10:30am"), *minutes("12:58pm", "1:05pm")]) == [
        "1:00pm new ⚠ Check-ins clicked: low since about 9:50am: 110 in 3 hours 3 minutes, usually 501: about a fifth. "
        f"Check-ins completed and pre-check-ins are as usual.{KEEP.format('Few check-ins clicked')}"
    ]
    assert evening(12).run([*minutes("7:20am", "7:50am"), at("8:09am"), *minutes("12:58pm", "1:05pm")]) == [
        "1:00pm new ⚠ Check-ins clicked: none since midnight; usually 923 in that time. "
        f"Completed: none since midnight (usually 566). Pre-check-ins are as usual.{KEEP.format('No check-ins')}"
    ]


def test_a_day_that_was_low_from_the_start_is_told_as_the_shift_begins() -> None:
    low = Case(11, 0.15, 0.2, 0, {CLICKED: 0.2})
    assert Evening(*low.draw()).run(minutes("1:00pm", "1:05pm")) == [
        "1:00pm new ⚠ Check-ins clicked: low all day, 160 by now, usually 960. "
        f"Check-ins completed and pre-check-ins are as usual.{KEEP.format('Few check-ins clicked')}"
    ]


def test_a_day_that_has_next_to_nothing_is_told_unless_it_is_known_to_be_quiet() -> None:
    quiet = Case(9, 0.15, 0.2, level=0.2)
    assert Evening(*quiet.draw()).run(minutes("1:00pm", "1:02pm")) == [
        "1:00pm new ⚠ All four counters: low all day, 1268 by now, usually 6315."
        + KEEP.format("Few check-ins and pre-check-ins")
    ]
    known = Evening(*quiet.draw())
    for minute in minutes("1:00pm", "1:02pm"):
        known.look(minute, share=0.2)
    assert known.said == []


def test_a_holiday_that_nobody_named_is_told_as_all_counters_however_few_there_are() -> None:
    for level in (0.05, 0.1, 0.2):
        first, *more = Evening(*Case(7, 0.15, 0.2, level=level).draw()).run(range(at("7:00am"), at("3:00pm")))
        assert first.startswith("1:00pm new ⚠ All four counters")
        assert not [one for one in more if " new " in one]


def test_a_counter_that_could_not_be_asked_for_once_is_not_told_to_have_no_points() -> None:
    day = evening(11)
    for now in range(at("1:55pm"), at("2:20pm")):
        asked = {key: [None] * len(day.today[key]) if key == KEYS[0] else day.today[key] for key in KEYS}
        day.look(now, **({"today": asked, "unanswered": [KEYS[0]]} if now == at("2:00pm") else {}))
    assert day.said == []


def test_what_one_organisation_has_no_points_of_is_told_as_that() -> None:
    gap = evening(11)
    for key in KEYS[2:]:
        gap.today[key][at("2:00pm") : at("2:40pm")] = [None] * 40
    assert gap.run(minutes("1:55pm", "3:00pm")) == [
        "2:13pm new ⚠ No point of pre-check-ins in Datadog since 2pm (usually 171 in 10 minutes): nobody checks in, or "
        f"Datadog gets no data. Check-ins are as usual.{KEEP.format('No counts in Datadog')}",
        "2:53pm ✅ Datadog has points of pre-check-ins again since 2:40pm. None from 2pm to 2:40pm.",
    ]


def test_points_that_were_only_late_are_told_to_have_been_so() -> None:
    for keys, whose in ((KEYS, "the counters"), (KEYS[:1], "check-ins clicked")):
        late = evening(11)
        whole = {key: list(values) for key, values in late.today.items()}
        for key in keys:
            late.today[key][at("2:00pm") :] = [None if len(keys) > 1 else 0.0] * 600
        late.run(minutes("1:55pm", "2:20pm"))
        late.today = whole
        assert late.run(minutes("2:21pm", "2:50pm"))[-1].endswith(
            f"✅ Datadog has points of {whose} after all: they came late."
        )
        assert WORDS.of_the_day(late.day).startswith(f"Points of {whose}: late from 2:1")


def test_where_all_points_come_late_the_last_one_is_told() -> None:
    late = evening(11)
    for now in minutes("12:30pm", "1:30pm"):
        come = {key: [*values[: now - 20], *[None] * 1440][:1440] for key, values in late.today.items()}
        late.look(now, telling=now >= at("1:00pm"), today=come)
    (told,) = late.said
    assert told.startswith("1:00pm new ⚠ No point of any counter in Datadog since 12:40pm (usually ")
    assert "since 1:10pm" in WORDS.of_the_day(late.day)


def test_half_holidays_and_noisy_days_are_told_nothing_of() -> None:
    assert [evening(number).run(range(at("1:00pm"), at("8:00pm"), 7)) for number in (9, 10, 11)] == [[], [], []]


def test_half_a_day_is_not_told_of_either_where_datadog_has_no_point_for_zero() -> None:
    def without_zeros(day: Day) -> Day:
        known = [any(minutes) for minutes in zip(*day, strict=True)]
        return [[value if has else None for value, has in zip(one, known, strict=True)] for one in day]  # type: ignore[misc]

    for seed in (7, 9):
        past, today = Case(seed, 0.15, 0.2, level=0.45).draw()
        half = Evening([without_zeros(day) for day in past], without_zeros(today))
        assert half.run(range(at("7:00am"), at("8:00pm"), 3)) == []
        assert half.day.falls == ()


def test_what_falls_again_is_told_again_only_once_it_was_back_for_half_an_hour() -> None:
    case = Case(2, 0.15, 0.2, at("1:20pm"), {CLICKED: 0, COMPLETED: 0})
    past, today = case.draw()
    whole = Case(2, 0.15, 0.2).draw()[1]
    for counter in (CLICKED, COMPLETED):
        today[counter][at("2:05pm") : at("2:20pm")] = whole[counter][at("2:05pm") : at("2:20pm")]
        today[counter][at("3:30pm") : at("4:30pm")] = whole[counter][at("3:30pm") : at("4:30pm")]
    looked = [*minutes("1:30pm", "1:36pm"), *minutes("2:15pm", "2:50pm"), *minutes("3:40pm", "3:45pm")]
    said = [line.partition(". ")[0] for line in Evening(past, today).run(looked)]
    assert said == [
        "1:33pm new ⚠ Check-ins clicked: none since 1:20pm; usually 37 in 10 minutes at this time",
        "2:18pm ✅ Check-ins: back since 2:05pm, 44 in 15 minutes (usually 83)",
        "2:47pm new ⚠ Check-ins completed: none since 2:20pm; usually 35 in 24 minutes at this time",
        "2:48pm ⚠ Check-ins clicked: none since 2:20pm; usually 83 in 25 minutes at this time",
        "3:40pm ✅ Check-ins: back since 3:30pm, 31 in 15 minutes (usually 62)",
    ]


def test_nothing_new_is_told_in_the_last_minutes_but_the_summary_has_it() -> None:
    late = Case(11, 0.15, 0.2, at("7:46pm"), dict.fromkeys(COUNTERS, 0))
    watched = Evening(*late.draw())
    assert watched.run(minutes("7:50pm", "8:00pm")) == []
    assert (
        WORDS.of_the_day(watched.day) == "All four counters: none since 7:46pm; usually 27 in 10 minutes at this time"
    )


def test_of_a_day_of_many_falls_the_summary_names_what_goes_on_and_what_cost_most() -> None:
    def fell(hour: int, missed: float, back: int | None) -> Fall:
        since = hour * 60
        figures = Figures(since, 10, 0, 30, silent=True)
        over = {"back_at": back, "back_since": since + 20, "back": figures if back else None, "missed": missed}
        return Fall(KEYS[0], FallKind.NONE, since, since + 12, figures, **over)

    falls = tuple(fell(hour, 10 * hour, hour * 60 + 30) for hour in range(8, 19))
    assert WORDS.of_the_day(WatchDay((*falls, fell(19, 0, None)))) == (
        "Check-ins clicked: none from 4pm to 4:20pm, about 160 fewer than usual; "
        "Check-ins clicked: none from 5pm to 5:20pm, about 170 fewer than usual; "
        "Check-ins clicked: none from 6pm to 6:20pm, about 180 fewer than usual; "
        "Check-ins clicked: none since 7pm; usually 30 in 10 minutes at this time; and 8 more"
    )
