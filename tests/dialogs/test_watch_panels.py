"""The watch on boards: a panel that crosses is told once, and that it is well again; what that costs."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Barrier

import pytest

from tests.conftest import Conversation, MovedClock
from tests.datadog.stage import DatadogStandIn, RawPoint, RawSpan
from tests.dialogs.test_watch import MINUTES, Watching
from tests.oncall.stage import eastern

BOARD = """
[boards.vista-api]
title = "vista-api"
organisation = "vagov"
dashboard = "https://tevi.ddog-gov.com/dashboard/pa4-jzg-492/vista-api"

[[boards.vista-api.panels]]
label = "Puma backlog"
query = "max:puma.backlog{$environment}"
warn = 10
alert = 50
silent = true

[[boards.vista-api.panels]]
label = "Sidekiq enqueued"
query = "max:sidekiq.enqueued{$environment}"
warn = 1000

[[boards.vista-api.panels]]
label = "REST errors"
logs = "service:vista-api status:error"
alert = 20

[[boards.vista-api.panels]]
label = "Only shown"
query = "max:puma.running{$environment}"
"""


class WatchingPanels(Watching):
    """Panels looked at every minute."""

    def look(self) -> list[str]:
        self.talk.tick()
        assert self.talk.plugin("watch").desk.watch.panels.wait(MINUTES)
        self.talk.tick()
        return self.said()

    def watched(self, lines: Sequence[str]) -> list[str]:
        return [line.partition("] ")[2] for line in lines if line.partition("] ")[2][:1] in ("🔴", "🟡", "⚪", "✅")]


@pytest.fixture
def watching(
    environment: dict[str, str], datadog: DatadogStandIn, clock: MovedClock, start: Callable[[], Conversation]
) -> WatchingPanels:
    """Monday, November 23, with a board; Sidekiq has 5 enqueued in each minute, Puma a backlog of 2."""
    clock.to("2026-11-23 12:30:00")
    environment |= datadog.environment
    data = Path(environment["DESK_DATA_DIR"])
    (data / "counts.toml").write_text((data / "counts.toml").read_text() + BOARD)
    return WatchingPanels(start, clock, datadog, data)


def gauge(datadog: DatadogStandIn, metric: str, value: float, first: str, last: str) -> None:
    start, end = (int(eastern(f"2026-11-23 {one}").timestamp()) for one in (first, last))
    datadog.add(metric, *(RawPoint(at, value, arrives=at + 30) for at in range(start, end, 60)))


def test_a_panel_that_crosses_is_told_once_through_a_restart_and_that_it_is_well_again(
    watching: WatchingPanels, datadog: DatadogStandIn
) -> None:
    gauge(datadog, "sidekiq.enqueued", 5, "12:00", "15:00")
    gauge(datadog, "puma.backlog", 2, "12:00", "13:20")
    gauge(datadog, "puma.backlog", 12, "13:20", "13:30")
    gauge(datadog, "puma.backlog", 9.5, "13:30", "13:40")
    gauge(datadog, "puma.backlog", 2, "13:40", "14:30")
    begun = "🟡 Puma backlog (vista-api): 12 at 1:20pm (warn from 10)"
    link = "https://tevi.ddog-gov.com/dashboard/pa4-jzg-492/vista-api"
    assert watching.run("1:15pm", "1:25pm") == [f"1:21pm {begun} {link}"]
    watching.again()
    assert watching.run("1:26pm", "1:50pm") == [
        "1:46pm ✅ Puma backlog (vista-api): well again since 1:41pm: 2 at 1:45pm. "
        "From 1:21pm to 1:41pm, at worst 12 at 1:20pm."
    ]
    assert "✅ Puma backlog (vista-api): 12 at 1:20pm" in watching.talk("!alerts")
    assert "• vista-api: 3 panels as they should be" in watching.talk("!watch").splitlines()
    line = "*Watch* Puma backlog (vista-api): from 1:21pm to 1:41pm, at worst 12 at 1:20pm"
    assert line in watching.talk("!summary").splitlines()


def test_what_is_an_alert_is_told_to_the_person_on_call_too_and_silence_where_it_is_asked_for(
    watching: WatchingPanels, datadog: DatadogStandIn
) -> None:
    gauge(datadog, "puma.backlog", 2, "12:00", "13:20")
    now = eastern("2026-11-23 13:18").timestamp()
    datadog.logs += [RawSpan(now - one, "vista-api", arrives=now) for one in range(30)]
    told = watching.run("1:15pm", "1:30pm")
    assert [line for line in told if "REST" in line] == [
        "1:20pm 🔴 REST errors (vista-api): 30 in the hour (alert from 20) "
        "https://tevi.ddog-gov.com/dashboard/pa4-jzg-492/vista-api"
    ] * 2
    assert [line for line in told if "Puma" in line] == [
        "1:25pm ⚪ Puma backlog (vista-api): silent since 1:19pm "
        "https://tevi.ddog-gov.com/dashboard/pa4-jzg-492/vista-api"
    ]
    assert watching.talk("!watch").splitlines()[-1] == (
        "⚠ vista-api: Puma backlog silent since 1:19pm; REST errors 30 in the hour (alert from 20); "
        "Sidekiq enqueued no data"
    )
    assert (
        "*Watch* REST errors (vista-api): since 1:20pm, at worst 30 in the hour; "
        "Puma backlog (vista-api): silent since 1:25pm" in watching.talk("!summary").splitlines()
    )


MANY = """
[boards.many]
title = "Many"
organisation = "vagov"
"""
ONE_OF_MANY = """
[[boards.many.panels]]
label = "Panel {0}"
query = "max:panel_{0}{{*}}"
alert = 10
"""


def test_many_panels_that_cross_at_once_are_one_message_and_one_alert(
    watching: WatchingPanels, datadog: DatadogStandIn, environment: dict[str, str]
) -> None:
    path = Path(environment["DESK_DATA_DIR"]) / "counts.toml"
    path.write_text(path.read_text() + MANY + "".join(map(ONE_OF_MANY.format, range(8))))
    gauge(datadog, "puma.backlog", 2, "12:00", "13:40")
    for number in range(8):
        gauge(datadog, f"panel_{number}", 20 + number, "12:00", "13:40")
    told = watching.run("1:30pm", "1:32pm")
    heads = [line.splitlines()[0] for line in told if "values crossed" in line]
    head = "1:30pm 🔴 8 values crossed at once: Panel 0 (Many), Panel 1 (Many), Panel 2 (Many), …"
    assert heads == [head] * 2  # in the channel and to the person on call
    assert [line for line in watching.talk("!alerts").splitlines() if "crossed" in line] == [
        "1. 🔴 8 values crossed at once: Panel 0 (Many), Panel 1 (Many), Panel 2 (Many), … · 1:30pm"
    ]
    (line,) = [one for one in watching.talk("!summary").splitlines() if one.startswith("*Watch*")]
    assert line.count("since 1:30pm, at worst 2") == 5
    assert line.endswith("; and 3 more: `!alerts`")


ERRORS = """
[boards.{0}]
title = "Board {0}"
organisation = "vagov"

[[boards.{0}.panels]]
label = "Refused"
query = "sum:{0}.refused{{*}}.as_count()"
alert = 3
"""


def test_errors_that_have_ended_are_well_again_though_nothing_counts_them_any_more(
    watching: WatchingPanels, datadog: DatadogStandIn, environment: dict[str, str]
) -> None:
    path = Path(environment["DESK_DATA_DIR"]) / "counts.toml"
    path.write_text(path.read_text() + ERRORS.format("one"))
    gauge(datadog, "puma.backlog", 2, "12:00", "14:20")
    gauge(datadog, "one.refused", 5, "13:16", "13:17")
    told = [*watching.run("1:15pm", "1:18pm"), *watching.run("2:15pm", "2:23pm")]
    told = [line for line in told if "Refused" in line]
    begun, over = dict.fromkeys(told)
    assert begun == "1:17pm 🔴 Refused (Board one): 5 in the hour (alert from 3)"
    assert over == (
        "2:22pm ✅ Refused (Board one): well again since 2:17pm: none in the hour. "
        "From 1:17pm to 2:17pm, at worst 5 in the hour."
    )


def test_where_datadog_has_no_point_of_anything_an_alarm_goes_on(
    watching: WatchingPanels, datadog: DatadogStandIn, environment: dict[str, str]
) -> None:
    path = Path(environment["DESK_DATA_DIR"]) / "counts.toml"
    path.write_text(path.read_text() + ERRORS.format("one"))
    gauge(datadog, "puma.backlog", 2, "12:00", "13:30")
    gauge(datadog, "one.refused", 5, "13:16", "13:17")
    told = [*watching.run("1:15pm", "1:18pm"), *watching.run("2:15pm", "2:23pm")]
    assert "1:17pm 🔴 Refused (Board one): 5 in the hour (alert from 3)" in told
    assert not [line for line in told if "✅" in line]


def test_boards_that_cross_in_one_look_are_told_together(
    watching: WatchingPanels, datadog: DatadogStandIn, environment: dict[str, str]
) -> None:
    path = Path(environment["DESK_DATA_DIR"]) / "counts.toml"
    boards = [f"b{number}" for number in range(6)]
    path.write_text(path.read_text() + "".join(map(ERRORS.format, boards)))
    gauge(datadog, "puma.backlog", 2, "12:00", "13:20")
    for board in boards:
        gauge(datadog, f"{board}.refused", 5, "13:16", "13:17")
    panels = watching.talk.plugin("watch").desk.watch.panels
    watching.to("1:17pm")
    reader, every_board = panels._reader, Barrier(1 + len(boards))
    seen = []

    class Reader:
        def read(self, *asked):
            every_board.wait(MINUTES)  # none is read once another has been
            seen.append(len(panels.alarms.messages(watching.clock.at.date())))
            return reader.read(*asked)

    panels._reader = Reader()
    panels.look(watching.clock.at)
    assert set(seen) == {0}  # nothing is told of one board while another is still being read
    (message,) = panels.alarms.messages(watching.clock.at.date())
    assert message.text.startswith("🔴 6 values crossed at once: ")


def test_a_minute_costs_a_question_for_all_metrics_and_a_search_each_five(
    watching: WatchingPanels, datadog: DatadogStandIn
) -> None:
    before, searched = len(datadog.asked), len(datadog.searched)
    watching.run("1:30pm", "1:39pm")
    boards = [one["query"] for one in datadog.asked[before:] if "puma" in one.get("query", "")]
    assert boards == ["max:puma.backlog{environment:prod},max:sidekiq.enqueued{environment:prod}"] * 10
    assert len(datadog.searched) - searched == 2
