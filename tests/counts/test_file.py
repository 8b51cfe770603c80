"""data/counts.toml: its mistakes refused by file and key, its examples right."""

import re
from pathlib import Path

import pytest

from opsdesk.counts import words
from opsdesk.counts.file import CountsFile, read
from opsdesk.errors import SettingsError
from tests.conftest import ROOT
from tests.counts.stage import (
    AT,
    METRICS,
    MONDAY,
    CountStage,
    fill,
)
from tests.datadog.stage import (
    DatadogStandIn,
)


@pytest.fixture
def shipped() -> CountsFile:
    return read(ROOT / "data" / "counts.toml")


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        (
            "{$environment}",
            "{$enviroment}",
            "[counters.check-ins-clicked] query: $enviroment is not in [settings], did you mean $environment?",
        ),
        ("{$environment}", "{$zone}", "[counters.check-ins-clicked] query: $zone is not in [settings]"),
        (
            'percent = "check-ins-completed"',
            'percent = "check-in-completed"',
            '[lines.1] percent: there is no counter "check-in-completed", did you mean check-ins-completed?',
        ),
        ('count = "check-ins-clicked"', 'count = "x"', '[lines.3] count: there is no counter "x"'),
        ('of = "check-ins-clicked"', "", "[lines.1] a line has a count, or else a label, percent and of"),
        (
            'count = "check-ins-clicked"',
            'count = "check-ins-clicked"\npercent = "x"',
            "[lines.3] a line has either a count or a percentage",
        ),
        (".as_count()", "", "[counters.check-ins-clicked] query: does not count; write .as_count() behind it"),
        (
            '.as_count()"\nsample = 1765',
            '.as_count() * 100"\nsample = 1765',
            "[counters.check-ins-clicked] query: has arithmetic: minute by minute it cannot be added up for a day",
        ),
        (
            'query = "sum:vets_api.statsd.api_check_in_v2_sessions_show',
            'query = "cumsum(sum:a{*}.as_count())"\n# ',
            "[counters.check-ins-clicked] query: has a function: what it gives cannot be added up for a day",
        ),
        (
            ".as_count()",
            ".as_count().rollup(sum, 300)",
            "[counters.check-ins-clicked] query: has a rollup; leave it out, the desk adds the one that fits",
        ),
        (
            'organisation = "vagov"',
            'organisation = "va.gov"',
            '[counters.check-ins-clicked] organisation: "va.gov" is not a name in small letters, such as vagov',
        ),
        (
            'label = "Check-ins completed"',
            'label = "check ins clicked"',
            "[counters.check-ins-completed] label: the same as that of [counters.check-ins-clicked]",
        ),
        (
            'site = "ddog-gov.com"',
            'site = "https://x"',
            'site: "https://x" is not a site of Datadog, such as ddog-gov.com',
        ),
        ("under = 50", "under = -1", "[band] under: a whole number of at least 0 belongs here"),
        ("under = 50", "undr = 50", "[band] undr: unknown key, did you mean under?"),
        (
            "# [boards.cw-stats]\n# title",
            '[boards.today]\norganisation = "x"\npanels = []\ntitle',
            "[boards.today] `!stats today` is something else; give the board another name",
        ),
        (
            "sample = 1765",
            'sample = "many"',
            "[counters.check-ins-clicked] sample: a whole number belongs here, not text in quotes",
        ),
    ],
)
def test_a_mistake_in_the_file_is_refused_with_file_and_key(
    tmp_path: Path, before: str, after: str, complaint: str
) -> None:
    text = (ROOT / "data" / "counts.toml").read_text()
    head, sep, tail = text.partition("[counters.check-ins-clicked]")
    path = tmp_path / "counts.toml"
    changed = head + sep + tail.replace(before, after, 1) if before in tail else text.replace(before, after, 1)
    path.write_text(changed)
    with pytest.raises(SettingsError) as wrong:
        read(path)
    assert wrong.value.complaints == (f"counts.toml {complaint}",)


def test_the_commented_boards_are_right_once_their_queries_are_filled_in(tmp_path: Path) -> None:
    text = (ROOT / "data" / "counts.toml").read_text()
    head, sep, boards = text.partition("# [boards.cw-stats]")
    lines = [line.removeprefix("# ") for line in (sep + boards).splitlines() if re.match(r"# (\[|\w+ = )", line)]
    path = tmp_path / "counts.toml"
    path.write_text(head + "\n".join(lines).replace('"..."', '"max:puma.backlog{$environment}"').replace("...", "5"))
    file = read(path)
    assert {key: len(board.panels) for key, board in file.boards.items()} == {
        "cw-stats": 2,
        "vista-api": 3,
        "vets-api": 6,
    }


def test_the_shipped_queries_are_the_teams_own(shipped: CountsFile) -> None:
    assert [shipped.resolved(counter.query) for counter in shipped.counters.values()] == [
        f"sum:{metric}{{environment:prod}}.as_count()" for metric in METRICS
    ]


def test_a_variables_value_alone_can_be_used(shipped: CountsFile) -> None:
    assert shipped.resolved("sum:x{env:$environment.value,$environment}") == "sum:x{env:prod,environment:prod}"


def test_a_file_that_turns_wrong_leaves_the_last_right_one_in_force(stage: CountStage, datadog: DatadogStandIn) -> None:
    fill(datadog, "2026-11-23")
    assert stage.numbers(MONDAY, AT)["check-ins-clicked"] == 1765
    (stage.folder / "counts.toml").write_text("title = 5")
    assert stage.numbers(MONDAY, AT)["check-ins-clicked"] == 1765
    assert [str(wrong).splitlines()[0] for wrong in stage.complaints] == ["counts.toml counters: missing"]


def test_a_file_that_never_was_right_is_why_there_are_no_counts(stage: CountStage) -> None:
    stage.text = "title = 5"
    stage.again()
    counts = stage.source.window(MONDAY, AT, AT)
    assert not counts.known
    assert words.unavailable(counts).splitlines()[0] == "counts.toml counters: missing"
    assert words.counter_lines(counts) == ""
