"""What people ask about counts, and what the desk answers: whole conversations, Datadog asked through its client."""

from collections.abc import Callable
from pathlib import Path

import pytest

from opsdesk import settings
from opsdesk.desk import build
from opsdesk.store import open_store
from tests.chat.stage import Channel
from tests.conftest import Conversation, MovedClock
from tests.counts.stage import CLICKED, COMPLETED, DASHBOARD, EXAMPLE, LINES, PRE_COMPLETED, fill, point
from tests.datadog.stage import BROKEN, FORBIDDEN, HTML, QUERY_ERROR, DatadogStandIn, rate_limited
from tests.oncall.stage import eastern

Talk = Callable[[], Conversation]


def test_todays_counts_are_told_with_their_window_and_how_they_compare(asking: Talk) -> None:
    assert asking()("!stats today") == (
        f"Check-in counts, midnight to 3:42pm ET, Monday November 23\n{LINES}\n"
        "Usual for a Monday by now: check-ins clicked 1765 (the same) · check-ins completed 1121 (the same) · "
        "pre-check-ins clicked 6251 (the same) · pre-check-ins completed 2602 (the same), from 4 Mondays"
    )


def test_a_past_day_is_told_whole(asking: Talk) -> None:
    talk = asking()
    told = talk("!stats 2026-11-16")
    assert told.startswith(f"Check-in counts, midnight to midnight ET, Monday November 16\n{LINES}\n")
    assert talk("!stats Nov 16") == talk("!stats monday").replace("November 23", "November 16") == told


def test_yesterday_without_data_is_said_to_be_so(asking: Talk) -> None:
    assert asking()("!stats yesterday") == (
        "Check-in counts, midnight to midnight ET, Sunday November 22\nCounts unavailable: no data."
    )


def test_one_counter_can_be_asked_for_by_its_label(asking: Talk) -> None:
    assert asking()("!stats check-ins clicked") == (
        "Check-in counts, midnight to 3:42pm ET, Monday November 23\n"
        "Completed check-ins % : 63.5%\nCheck-ins clicked: 1765\n"
        "Usual for a Monday by now: check-ins clicked 1765 (the same), from 4 Mondays"
    )


def test_a_flow_can_be_asked_for_and_each_with_a_day(asking: Talk) -> None:
    talk = asking()
    lines = "Completed check-ins % : 63.5%\nCheck-ins clicked: 1765\nCheck-ins completed: 1121\n"
    told = talk("!stats check-ins")
    assert told == (
        f"Check-in counts, midnight to 3:42pm ET, Monday November 23\n{lines}"
        "Usual for a Monday by now: check-ins clicked 1765 (the same) · check-ins completed 1121 (the same), "
        "from 4 Mondays"
    )
    assert talk("!stats check-ins Nov 16").startswith(
        f"Check-in counts, midnight to midnight ET, Monday November 16\n{lines}"
    )
    assert talk("!stats check-ins tomorrow") == "Tuesday, November 24 has not begun: there is nothing to count yet."


@pytest.mark.parametrize(
    "typed",
    [
        "!check-ins completed",
        "!Check-ins Completed today?",
        "!show check-ins completed",
        "!show me the check-ins completed, please",
        "!how are check-ins completed doing?",
        "!how many check-ins completed today",
    ],
)
def test_a_counters_name_alone_is_understood(asking: Talk, typed: str) -> None:
    talk = asking()
    assert talk(typed) == talk("!stats check-ins completed")


def test_a_counters_name_is_no_command_where_words_stand_behind_it(asking: Talk) -> None:
    talk = asking()
    assert talk("!check-ins 2026-13-45") == talk("!stats check-ins 2026-13-45")
    assert "2026-13-45" in talk("!check-ins 2026-13-45")
    assert "`!incident open check-ins completed are slow`" in talk("!check-ins completed are slow")
    assert talk("!show check-ins completed are slow").startswith("Check-in counts")


def test_the_week_is_told_so_far(asking: Talk, datadog: DatadogStandIn, clock: MovedClock) -> None:
    for day in ("2026-11-24", "2026-11-17", "2026-11-10", "2026-11-03", "2026-10-27"):
        fill(datadog, day, {metric: 2 * number for metric, number in EXAMPLE.items()})
    clock.to("2026-11-24 15:42:17")
    assert asking()("!stats week") == (
        "Check-in counts, this week: Monday to now (3:42pm ET)\n"
        "Completed check-ins % : 63.5%\nCompleted pre-check-ins % : 41.6%\n"
        "Check-ins clicked: 5295\nCheck-ins completed: 3363\nPre-check-ins clicked: 18753\n"
        "Pre-check-ins completed: 7806\n"
        "Against the last 4 weeks: check-ins clicked 5295 (median 5295, the same) · "
        "check-ins completed 3363 (median 3363, the same) · pre-check-ins clicked 18753 (median 18753, the same) · "
        "pre-check-ins completed 7806 (median 7806, the same)"
    )


def test_on_a_monday_the_week_is_told_as_a_week(asking: Talk) -> None:
    assert asking()("!stats week") == (
        f"Check-in counts, this week: Monday to now (3:42pm ET)\n{LINES}\n"
        "Against the last 4 weeks: check-ins clicked 1765 (median 1765, the same) · "
        "check-ins completed 1121 (median 1121, the same) · pre-check-ins clicked 6251 (median 6251, the same) · "
        "pre-check-ins completed 2602 (median 2602, the same)"
    )


def test_from_tuesday_on_today_is_told_with_the_week_so_far(
    asking: Talk, datadog: DatadogStandIn, clock: MovedClock
) -> None:
    for day in ("2026-11-17", "2026-11-10", "2026-11-03", "2026-10-27"):
        fill(datadog, day, {CLICKED: 2000})
    fill(datadog, "2026-11-24", {CLICKED: 100})
    clock.to("2026-11-24 15:42:17")
    assert asking()("!stats today").splitlines()[7:] == [
        "Usual for a Tuesday by now: check-ins clicked 2000 (-95%), from 4 Tuesdays",
        "The week so far: check-ins clicked 1865 (median 3765, -50%) · "
        "check-ins completed 1121 (no data for Tuesday) · "
        "pre-check-ins clicked 6251 (no data for Tuesday) · pre-check-ins completed 2602 (no data for Tuesday)",
    ]


def test_a_counter_that_stood_out_is_flagged_with_where_to_look(
    asking: Talk, datadog: DatadogStandIn, clock: MovedClock
) -> None:
    datadog.points[CLICKED] = [*datadog.points[CLICKED][1:], point("2026-11-23 09:00", 402)]
    datadog.points[COMPLETED] = datadog.points[COMPLETED][1:]
    clock.to("2026-11-24 09:00:17")
    flags = [line for line in asking()("!stats yesterday").splitlines() if line.startswith("⚠")]
    assert flags == [
        f"⚠ Check-ins clicked 402 is 77% under the median of 1765: look at {DASHBOARD}",
        f"⚠ Check-ins completed: no data, where the median is 1121: look at {DASHBOARD}",
    ]


def test_one_counter_failing_leaves_the_others(asking: Talk, datadog: DatadogStandIn) -> None:
    datadog.fails(BROKEN, PRE_COMPLETED)
    assert asking()("!stats today").splitlines()[1:7] == [
        "Completed check-ins % : 63.5%",
        "Completed pre-check-ins % : unavailable: Datadog failed (500)",
        "Check-ins clicked: 1765",
        "Check-ins completed: 1121",
        "Pre-check-ins clicked: 6251",
        "Pre-check-ins completed: unavailable: Datadog failed (500)",
    ]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (FORBIDDEN, "Datadog refused the keys (403, organisation vagov)"),
        (BROKEN, "Datadog failed (500)"),
        (HTML, "Datadog's answer could not be read"),
        (QUERY_ERROR, "Datadog could not run the query: Rule 'scope_expr' didn't match at '}' (#1:90)"),
        (rate_limited(17), "Datadog's rate limit is reached, try again in 17 s"),
    ],
)
def test_datadog_out_of_reach_is_said_in_one_sentence(
    asking: Talk, datadog: DatadogStandIn, fault: object, reason: str
) -> None:
    datadog.fails(fault)  # type: ignore[arg-type]
    assert asking()("!stats today") == (
        f"Check-in counts, midnight to 3:42pm ET, Monday November 23\nCounts unavailable: {reason}."
    )


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("tomorrow", "Tuesday, November 24 has not begun: there is nothing to count yet."),
        (
            "chek-ins clicked",
            'There are no counts called "chek-ins clicked". `!stats` lists what there is. '
            "Did you mean `!stats Check-ins clicked`? `!yes` does it.",
        ),
        (
            "vista-api",
            'There are no counts called "vista-api". A day is typed as today, yesterday or 2026-11-20. '
            "`!stats` lists what there is.",
        ),
        ("board vista-api", 'There is no board called "vista-api". There are none yet.'),
        ("month", "Months are drawn: `!stats chart month`."),
        ("chart check-ins clicked", "One counter alone cannot be drawn: `!stats chart today`."),
        ("2026-13-45", '"2026-13-45" is not a day I can read. Type today, yesterday or 2026-11-20.'),
    ],
)
def test_what_cannot_be_told_is_refused(asking: Talk, typed: str, refusal: str) -> None:
    assert asking()(f"!stats {typed}") == refusal


def test_alone_it_tells_todays_and_lists_what_else_there_is(talk: Conversation) -> None:
    assert talk("!stats") == (
        f"{talk('!stats today')}\n\n"
        "• `!stats yesterday`, `!stats 2026-11-20`, `!stats week`; one: `!stats check-ins clicked`\n"
        "• `!stats chart`, `!stats chart week`, `!stats chart month`\n"
        "No further boards yet: data/counts.toml has examples, `!stats discover <dashboard>` finds their queries.\n"
        "• `!stats record check-ins clicked 1765` while Datadog is out of reach (`none` instead takes it back)\n"
        "• `!stats check` tries each query"
    )


def test_without_keys_the_console_has_samples_and_says_so(talk: Conversation) -> None:
    assert talk("!stats today") == (
        "Check-in counts, midnight to 1:12pm ET, Monday November 23 (sample counts: no Datadog keys configured)\n"
        + LINES
    )
    sampled = "(sample counts: no Datadog keys configured)"
    for typed, name in (("!stats chart", "day"), ("!stats chart week", "week")):
        told, path = talk(typed).splitlines()
        assert sampled in told
        assert Path(path).name.startswith(name)
        assert Path(path).read_bytes().startswith(b"\x89PNG")
    unset = "DESK_DATADOG_VAGOV_API_KEY and DESK_DATADOG_VAGOV_APP_KEY not set"
    assert talk("!stats discover zps-5fk-azw") == "Organisation vagov: not configured"
    assert talk("!stats week") == (
        "Check-in counts, this week: Monday to now (1:12pm ET) (sample counts: no Datadog keys configured)\n" + LINES
    )
    assert talk("!stats check").splitlines()[1] == f"• Check-ins clicked (vagov): not configured ({unset})"


def test_any_other_chat_than_the_console_never_has_samples(environment: dict[str, str], clock: MovedClock) -> None:
    told = settings.read(environment)
    desk = build(told, Channel(), clock, open_store(told.state_dir))
    counts = desk.counts.source.day(eastern("2026-11-23 12:00").date(), clock())
    assert not counts.sample
    assert not counts.known
    desk.close()


def test_a_mistake_in_the_file_is_told_with_file_and_key(environment: dict[str, str], start: Talk) -> None:
    path = Path(environment["DESK_DATA_DIR"]) / "counts.toml"
    path.write_text(path.read_text().replace("{$environment}", "{$enviroment}", 1))
    told = (
        "counts.toml [counters.check-ins-clicked] query: $enviroment is not in [settings], did you mean $environment?"
    )
    talk = start()
    assert talk("!stats today") == f"There are no counts: {told}"
    assert talk("!summary").count(told) == 1
