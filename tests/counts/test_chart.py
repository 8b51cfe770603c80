"""Counts drawn: every shape of day and week, several at a time, nothing of matplotlib until then."""

import os
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from opsdesk.counts import chart
from opsdesk.counts.chart import Pair
from tests.conftest import ROOT
from tests.counts.stage import AT, CLICKED, EXAMPLE, MONDAY, CountStage, fill
from tests.datadog.stage import FORBIDDEN, DatadogStandIn
from tests.oncall.stage import eastern


def size(picture: bytes) -> tuple[int, int]:
    """Width and height that a PNG tells of itself."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", picture[16:24])  # type: ignore[return-value]


def day(stage: CountStage, day: date = MONDAY, at: str = "2026-11-23 15:42:17") -> bytes:
    counts, series, past = stage.source.shape(day, eastern(at))
    return chart.draw_day(counts, series, past)


def days(stage: CountStage, many: int) -> bytes:
    wanted = [MONDAY - timedelta(days=back) for back in range(many - 1, -1, -1)]
    return chart.draw_days(stage.source.each_day(wanted, AT))


def test_a_day_is_drawn_as_a_square_picture(stage: CountStage, datadog: DatadogStandIn) -> None:
    for weeks in range(5):
        fill(datadog, str(MONDAY - timedelta(weeks=weeks)))
    assert size(day(stage)) == (1200, 1200)


def test_a_day_is_drawn_without_a_past_and_with_a_counter_missing(stage: CountStage, datadog: DatadogStandIn) -> None:
    fill(datadog, "2026-11-23")
    datadog.fails(FORBIDDEN, CLICKED)
    assert size(day(stage)) == (1200, 1200)


@pytest.mark.parametrize("changing", ["2026-03-08", "2026-11-01"])
def test_days_on_which_clocks_change_are_drawn(stage: CountStage, datadog: DatadogStandIn, changing: str) -> None:
    for weeks in range(5):
        fill(datadog, str(date.fromisoformat(changing) - timedelta(weeks=weeks)))
    assert size(day(stage, date.fromisoformat(changing))) == (1200, 1200)


@pytest.mark.parametrize("many", [7, 30])
def test_several_days_are_drawn_whether_all_are_known_or_not(
    stage: CountStage, datadog: DatadogStandIn, many: int
) -> None:
    for back in range(0, many, 2):
        fill(datadog, str(MONDAY - timedelta(days=back)), dict.fromkeys(EXAMPLE, back))
    assert size(days(stage, many)) == (1200, 1200)


def test_more_counts_look_different(stage: CountStage, datadog: DatadogStandIn) -> None:
    fill(datadog, "2026-11-23")
    before = day(stage)
    assert day(stage) == before
    fill(datadog, "2026-11-23", {CLICKED: 400}, at="12:00")
    assert day(stage, at="2026-11-23 15:43:30") != before


def test_several_people_are_drawn_for_at_the_same_time(stage: CountStage, datadog: DatadogStandIn) -> None:
    fill(datadog, "2026-11-23")
    with ThreadPoolExecutor(4) as people:
        drawn = list(people.map(lambda n: day(stage), range(4)))
    assert set(map(size, drawn)) == {(1200, 1200)}
    assert len(set(drawn)) == 1


def test_counters_are_drawn_in_the_pairs_of_their_percentages(stage: CountStage) -> None:
    counts = stage.source.day(MONDAY, eastern("2026-11-23 00:00"))
    assert chart.pairs(counts) == [
        Pair("check-ins-clicked", "check-ins-completed"),
        Pair("pre-check-ins-clicked", "pre-check-ins-completed"),
    ]
    stage.text = stage.text.replace('percent = "pre-check-ins-completed"\nof = "pre-check-ins-clicked"', "").replace(
        'label = "Completed pre-check-ins"', 'count = "pre-check-ins-clicked"'
    )
    stage.again()
    assert chart.pairs(stage.source.day(MONDAY, eastern("2026-11-23 00:00"))) == [
        Pair("check-ins-clicked", "check-ins-completed"),
        Pair("pre-check-ins-clicked"),
        Pair("pre-check-ins-completed"),
    ]


def test_a_picture_has_a_title_a_number_on_every_bar_and_its_days_off_in_grey(
    stage: CountStage, datadog: DatadogStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    written: list[str] = []
    monkeypatch.setattr(
        FigureCanvasAgg,
        "print_png",
        lambda canvas, file: written.extend(text.get_text() for text in canvas.figure.findobj(Text)),
    )
    for back in range(7):
        fill(datadog, str(MONDAY - timedelta(days=back)), dict.fromkeys(EXAMPLE, 1000 + back))
    wanted = [MONDAY - timedelta(days=back) for back in range(6, -1, -1)]
    chart.draw_days(stage.source.each_day(wanted, AT), lambda day: "A day off" if day.weekday() == 2 else "")
    assert any(text.startswith("Check-in counts, Nov 17 to Nov 23\n") for text in written)
    assert {f"1,00{back}" for back in range(7)} <= {text.partition("\n")[0] for text in written}
    assert any("grey: holiday" in text for text in written)


def test_matplotlib_is_not_imported_before_a_picture_is_drawn() -> None:
    drawing = "import sys, opsdesk.desk, opsdesk.counts.chart; print([name for name in sys.modules if name in {}])"
    code = drawing.format(("matplotlib", "numpy"))
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "plugins")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_pyplot_is_never_imported(stage: CountStage, datadog: DatadogStandIn) -> None:
    fill(datadog, "2026-11-23")
    day(stage)
    assert "matplotlib.backends.backend_agg" in sys.modules
    assert "matplotlib.pyplot" not in sys.modules


def test_numbers_typed_by_hand_are_marked_in_pictures(stage: CountStage, datadog: DatadogStandIn) -> None:
    datadog.fails(FORBIDDEN)
    by_hand = {"check-ins-clicked": 1765, "check-ins-completed": 1121}
    stage.source.record(MONDAY, by_hand, "alice", eastern("2026-11-23 12:00"))
    counts = stage.source.day(MONDAY, AT)
    pair = chart.pairs(counts)[0]
    assert chart.above(counts, pair, rated=True) == "1,765\n64%*"
    assert chart.above(counts, pair, rated=False) == "*"
    assert chart.above(counts, chart.pairs(counts)[1], rated=True) == "?"
    assert size(days(stage, 7)) == size(day(stage)) == (1200, 1200)
