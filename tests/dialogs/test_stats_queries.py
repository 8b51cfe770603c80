"""Queries tried, boards, dashboards discovered: whole conversations; and keys, which are in none of them."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Conversation
from tests.counts.stage import CLICKED, DASHBOARD, METRICS, PRE_CLICKED, PRE_COMPLETED, point
from tests.datadog.stage import FORBIDDEN, DatadogStandIn, RawPoint, RawSpan
from tests.oncall.stage import eastern

BOARD = """
[boards.sidekiq]
title = "Clinician Workflow jobs"
organisation = "vagov"
dashboard = "https://tevi.ddog-gov.com/dashboard/zix-s83-2u8/cw-stats"

[[boards.sidekiq.panels]]
label = "Sidekiq enqueued"
query = "max:sidekiq.enqueued{$environment}"
warn = 100
alert = 1000

[[boards.sidekiq.panels]]
label = "Jobs failed"
query = "sum:sidekiq.failed{$environment}.as_count()"
warn = 5

[[boards.sidekiq.panels]]
label = "Puma backlog"
query = "max:puma.backlog{$environment}"
"""

Talk = Callable[[], Conversation]


def test_each_query_is_tried_once(asking: Talk, datadog: DatadogStandIn) -> None:
    datadog.fails(FORBIDDEN, PRE_CLICKED)
    datadog.points[PRE_COMPLETED].clear()
    datadog.add(CLICKED, point("2026-11-23 15:41:10", 3))
    talk = asking()
    before = len(datadog.asked)
    told = talk("!stats check").splitlines()
    assert len(datadog.asked) == before + 4
    assert told[0] == "Each query asked once, for the last 24 hours"
    assert [line.rpartition(", ")[0] for line in (told[1], told[2], told[4])] == [
        "• Check-ins clicked (vagov): ok, 2 points, the last one less than a minute ago",
        "• Check-ins completed (vagov): ok, 1 point, the last one 6 hours ago",
        "• Pre-check-ins completed (vagov): no data",
    ]
    assert all(line.endswith(" queries left") for line in (told[1], told[2], told[4]))
    assert told[3] == "• Pre-check-ins clicked (vagov): Datadog refused the keys (403, organisation vagov)"


def test_a_board_shows_its_panels_by_their_thresholds(
    asking: Talk, environment: dict[str, str], datadog: DatadogStandIn
) -> None:
    path = Path(environment["DESK_DATA_DIR"]) / "counts.toml"
    path.write_text(path.read_text() + BOARD)
    datadog.add("sidekiq.enqueued", point("2026-11-23 15:10", 1300), point("2026-11-23 15:41", 1240))
    datadog.add("sidekiq.failed", point("2026-11-23 15:10", 2), point("2026-11-23 14:42:30", 3))
    talk = asking()
    board = (
        "Clinician Workflow jobs, the hour to 3:42pm ET\n"
        "🔴 Sidekiq enqueued: 1240 at 3:41pm, highest 1300 at 3:10pm (alert from 1000)\n"
        "🟡 Jobs failed: 5 in the hour (warn from 5)\n"
        "⚪ Puma backlog: no data\n"
        "Look at https://tevi.ddog-gov.com/dashboard/zix-s83-2u8/cw-stats"
    )
    assert talk("!stats sidekiq") == board
    assert talk("!stats clinician workflow jobs") == board
    assert "• `!stats sidekiq` Clinician Workflow jobs" in talk("!stats").splitlines()


RATIO = """
[boards.failures]
title = "Failures"
organisation = "vagov"

[[boards.failures.panels]]
label = "Failed of 100"
query = "sum:sidekiq.failed{$environment}.as_count() / sum:sidekiq.processed{$environment}.as_count() * 100"
warn = 5
alert = 50

[[boards.failures.panels]]
label = "REST errors"
logs = "service:vista-api status:error"
alert = 3

[[boards.failures.panels]]
label = "Failed traces of 100"
formula = "failed / every * 100"
queries = { failed = { spans = "status:error" }, every = { logs = "*" } }

[[boards.failures.panels]]
label = "Sidekiq enqueued"
query = "max:sidekiq.enqueued{$environment} by {host}"
warn = 100
"""


def test_ratios_searches_and_several_series_are_told_as_they_are_reckoned(
    asking: Talk, environment: dict[str, str], datadog: DatadogStandIn
) -> None:
    path = Path(environment["DESK_DATA_DIR"]) / "counts.toml"
    path.write_text(path.read_text() + RATIO)
    now = eastern("2026-11-23 15:42").timestamp()
    for minute in range(1, 61):
        datadog.add("sidekiq.failed", RawPoint(now - 60 * minute, 1))
        datadog.add("sidekiq.processed", RawPoint(now - 60 * minute, 10))
    datadog.logs += [RawSpan(now - 60 * minute, "vista-api") for minute in range(1, 5)]
    datadog.spans.append(RawSpan(now - 60, "vista-api"))
    talk = asking()
    before = len(datadog.asked)
    assert talk("!stats failures") == (
        "Failures, the hour to 3:42pm ET\n"
        "🟡 Failed of 100: 10 over the hour (warn from 5)\n"
        "🔴 REST errors: 4 in the hour (alert from 3)\n"
        "🟢 Failed traces of 100: 25 over the hour\n"
        "⚪ Sidekiq enqueued: no data"
    )
    assert len(datadog.asked) - before == 1
    assert [path for path, _ in datadog.searched].count("/api/v2/logs/analytics/aggregate") == 2
    datadog.by_host = True
    datadog.add("sidekiq.enqueued", RawPoint(now - 30, 90, "a"), RawPoint(now - 90, 120, "b"))
    assert talk("!stats failures").splitlines()[-1] == ("🟡 Sidekiq enqueued: 120 at 3:40pm (host:b) (warn from 100)")
    checked = talk("!stats check").splitlines()
    assert "• REST errors (vagov): ok, 4 found in the last hour" in checked


def test_a_dashboard_is_discovered_with_toml_to_paste(
    asking: Talk, environment: dict[str, str], datadog: DatadogStandIn
) -> None:
    query = f"sum:{CLICKED}{{$env}}.as_count()"
    new = "sum:new.name{$env}.as_count()"
    formatted = {"q": query, "conditional_formats": [{"comparator": ">", "value": 100, "palette": "white_on_yellow"}]}
    datadog.dashboards["zps-5fk-azw"] = {
        "title": "check-in vets-api",
        "template_variables": [{"name": "env", "prefix": "environment", "default": "prod"}],
        "widgets": [
            {"definition": {"type": "query_value", "title": "Check-ins clicked", "requests": [formatted]}},
            {"definition": {"type": "timeseries", "title": "Check-ins completed", "requests": [{"q": new}]}},
            {"definition": {"type": "alert_graph", "title": "Monitor", "alert_id": "1"}},
            {"definition": {"type": "note", "content": "hello"}},
        ],
    }
    talk = asking()
    told = talk("!stats discover zps-5fk-azw")
    assert told == (
        "check-in vets-api (vagov): 4 widgets, 2 panels, 2 that cannot be used\n"
        "• Check-ins clicked: as configured\n"
        '• Check-ins completed: fits "Check-ins completed"\n'
        "• Pre-check-ins clicked: nothing fits\n"
        "• Pre-check-ins completed: nothing fits\n"
        "The counters, to paste into data/counts.toml:\n"
        "```\n"
        "[counters.check-ins-clicked]\n"
        'label = "Check-ins clicked"\n'
        'organisation = "vagov"\n'
        f'query = "sum:{CLICKED}{{$environment}}.as_count()"\n'
        "sample = 1765\n"
        "\n"
        "[counters.check-ins-completed]\n"
        'label = "Check-ins completed"\n'
        'organisation = "vagov"\n'
        'query = "sum:new.name{$environment}.as_count()"\n'
        "sample = 1121\n"
        "```\n"
        "The whole board, to paste into data/counts.toml. Thresholds are the widgets' own: counts are those of an hour "
        "here.\n"
        "```\n"
        "[boards.check-in-vets-api]\n"
        'title = "check-in vets-api"\n'
        'organisation = "vagov"\n'
        'dashboard = "https://vagov.ddog-gov.com/dashboard/zps-5fk-azw"\n'
        "\n"
        "[[boards.check-in-vets-api.panels]]\n"
        'label = "Check-ins clicked"\n'
        f'query = "sum:{CLICKED}{{$environment}}.as_count()"\n'
        "warn = 100\n"
        "\n"
        "[[boards.check-in-vets-api.panels]]\n"
        'label = "Check-ins completed"\n'
        'query = "sum:new.name{$environment}.as_count()"\n'
        "```\n"
        "Not usable:\n"
        "• Monitor (alert_graph) shows a monitor's graph: it has no query\n"
        "• (note without a title) (note) shows a text: it has no query"
    )
    assert talk(f"!stats discover {DASHBOARD}") == told
    shipped = (Path(environment["DESK_DATA_DIR"]) / "counts.toml").read_text()
    assert "new.name" not in shipped
    assert talk("!stats discover zps-5fk-xxx") == (
        "Organisation vagov: Datadog does not have it (Dashboard with ID zps-5fk-xxx not found)"
    )
    assert talk("!stats discover https://tevi.ddog-gov.com/dashboard/zix-s83-2u8") == (
        "Organisation tevi: not configured\n"
        "Organisation vagov: Datadog does not have it (Dashboard with ID zix-s83-2u8 not found)"
    )
    assert talk("!stats discover https://app.example.com/dashboard/zps-5fk-azw/any-title") == told


def test_a_dashboard_of_many_widgets_is_told_in_parts(asking: Talk, datadog: DatadogStandIn) -> None:
    widgets = [
        {"definition": {"type": "timeseries", "title": f"Panel {n}", "requests": [{"q": f"sum:{CLICKED}{{*}}"}]}}
        for n in range(60)
    ]
    datadog.dashboards["zps-5fk-azw"] = {"title": "long", "widgets": widgets}
    talk = asking()
    assert talk("!stats discover zps-5fk-azw").endswith("Part 1 of 3 · `!stats discover zps-5fk-azw 2` shows the next")
    assert talk("!stats discover zps-5fk-azw 3").endswith("Part 3 of 3")
    assert talk("!stats discover zps-5fk-azw 4") == "There are 3 parts: `!stats discover zps-5fk-azw`"


def test_keys_are_in_nothing_that_is_said_logged_or_written(
    environment: dict[str, str],
    datadog: DatadogStandIn,
    start: Talk,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = ("planted0api0key", "planted0app0key")
    environment |= {
        "DESK_DATADOG_URL": datadog.url,
        "DESK_DATADOG_VAGOV_API_KEY": f"{secrets[0]}\n",
        "DESK_DATADOG_VAGOV_APP_KEY": f"{secrets[1]}\r\n",
        "DESK_DATADOG_TEVI_API_KEY": f"{secrets[0]}\n{secrets[0]}",
        "DESK_DATADOG_TEVI_APP_KEY": secrets[1],
    }
    datadog.keys.add(secrets)
    for metric in METRICS:
        datadog.add(metric, RawPoint(eastern("2026-11-23 09:30").timestamp(), 5))
    talk = start()
    caplog.clear()  # the test backend itself logs what it is started with
    asked = ("today", "week", "chart", "check", "discover zps-5fk-azw", "record check-ins clicked 5")
    said = [talk(f"!stats {one}") for one in asked]
    assert "Check-ins clicked: 5" in said[0]
    datadog.fails(FORBIDDEN)
    said += [talk(f"!stats {one}") for one in asked]
    written = [path.read_bytes().decode(errors="replace") for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 5
    everything = [*said, caplog.text, *written]
    assert not [text for text in everything for secret in secrets if secret in text]
