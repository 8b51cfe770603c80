"""A dashboard's definition walked: every shape of widget, variables resolved, counters found by title."""

from pathlib import Path
from typing import Any

import pytest

from opsdesk.counts import dashboards, discovered
from opsdesk.counts import file as counts_file
from opsdesk.counts.dashboards import Dashboard
from opsdesk.counts.file import CountsFile
from opsdesk.counts.panels import BoardPanel
from tests.conftest import ROOT
from tests.counts.widgets import asking, read, shipped, widget

A = "sum:a{*}.as_count()"


file = pytest.fixture(shipped)


SHAPES = [
    ({"requests": [{"q": "avg:puma.backlog{*}"}]}, ["avg:puma.backlog{*}"]),
    ({"requests": [{"queries": [{"data_source": "metrics", "query": "a{*}"}]}]}, ["a{*}"]),
    ({"requests": {"x": {"q": "a{*}"}, "y": {"q": "b{*}"}}}, ["a{*}", "b{*}"]),
    ({"requests": {"fill": {"q": "a{*}"}}}, ["a{*}"]),
    (
        {"requests": {"enrichments": [{"queries": [{"data_source": "metrics", "query": "a{*}"}]}], "style": {}}},
        ["a{*}"],
    ),
    (
        {"requests": [{"queries": [{"data_source": "logs", "search": {"query": "status:error"}}]}]},
        ["logs status:error"],
    ),
    ({"requests": [{"queries": [{"data_source": "spans", "search": {"query": ""}}]}]}, ["spans *"]),
    ({"requests": [{"apm_query": {"compute": {"aggregation": "count"}, "search": {"query": "x"}}}]}, ["spans x"]),
    ({"requests": [{"log_query": {"search": {"query": "env:prod"}}}]}, ["logs env:prod"]),
    ({"requests": [{"query": {"data_source": "logs_stream", "query_string": "x"}}]}, ["logs x"]),
    ({"requests": [{"q": "a{*}"}, {"q": "a{*}"}]}, ["a{*}"]),
    ({"requests": [{"q": "sum:a{*}.as_count() / sum:b{*}.as_count()"}]}, ["sum:a{*}.as_count() / sum:b{*}.as_count()"]),
    ({"requests": [{"q": "cumsum(sum:a{*}.as_count())"}]}, ["cumsum(sum:a{*}.as_count())"]),
    (
        {
            "requests": [
                {
                    "queries": [
                        {"name": "a", "data_source": "metrics", "query": "sum:a{*}.as_count() + sum:c{*}.as_count()"},
                        {"name": "a1", "data_source": "metrics", "query": "sum:b{*}.as_count()"},
                    ],
                    "formulas": [{"formula": "a / a1 * 100"}, {"formula": "a1", "alias": "all"}],
                }
            ]
        },
        ["(sum:a{*}.as_count() + sum:c{*}.as_count()) / sum:b{*}.as_count() * 100", "sum:b{*}.as_count()"],
    ),
]


def asked(panel: BoardPanel) -> str:
    """What a panel asks, in a line."""
    return panel.query or (f"logs {panel.logs}" if panel.logs else f"spans {panel.spans}")


@pytest.mark.parametrize(("definition", "queries"), SHAPES)
def test_the_queries_of_each_shape_are_found(definition: dict[str, Any], queries: list[str]) -> None:
    found = read(widget("Panel", **definition)).proposed
    assert [asked(one.panel) if one.panel else one.refusal for one in found] == queries


REFUSED = [
    ("timeseries", {}, "no query was found in it"),
    ("timeseries", {"requests": None}, "no query was found in it"),
    ("timeseries", {"requests": "text"}, "no query was found in it"),
    ("timeseries", {"requests": [None, 5, {}]}, "no query was found in it"),
    ("timeseries", {"requests": {"x": 5}}, "no query was found in it"),
    ("timeseries", {"requests": [{"queries": "text", "q": 7, "query": []}]}, "no query was found in it"),
    ("alert_graph", {"alert_id": "158348339"}, "shows a monitor's graph: it has no query"),
    ("powerpack", {"powerpack_id": "65c5"}, "shows a powerpack, whose widgets stand elsewhere: it has no query"),
    ("note", {"content": "**hi**"}, "shows a text: it has no query"),
    ("event_stream", {"query": "tags:x"}, "shows events (tags:x), which the desk does not read"),
    (
        "timeseries",
        {"requests": [{"queries": [{"data_source": "rum"}]}]},
        "asks rum, which the desk does not read",
    ),
    (
        "query_value",
        {"requests": [{"queries": [{"data_source": "logs", "compute": {"aggregation": "avg", "metric": "@d"}}]}]},
        "shows avg of @d of logs, of which the desk only counts how many there are",
    ),
    ("timeseries", {"requests": [{"q": "sum:a{$env}"}]}, "$env is no variable of the dashboard"),
    ("heatmap", {"requests": [{"q": "histogram:a{*}"}]}, 'query: what stands at "histogram:a{*}" cannot be read'),
    (
        "change",
        {
            "requests": [
                {
                    "queries": [{"name": "a", "data_source": "logs"}],
                    "formulas": [{"formula": "hour_before(a)"}],
                }
            ]
        },
        'has the formula hour_before(a), which only Datadog can reckon: what stands at "hour_before(a)" cannot be read',
    ),
    ("timeseries", {"requests": [{"q": "a{ssn:123-45-6789}"}]}, "holds what looks like private data"),
    (
        "timeseries",
        {"requests": [{"q": "a{" + "x" * 1500 + "}"}]},
        "its query has 1503 characters, more than can be shown",
    ),
]


@pytest.mark.parametrize(("kind", "definition", "reason"), REFUSED)
def test_what_cannot_be_used_is_refused_with_the_reason(kind: str, definition: dict[str, Any], reason: str) -> None:
    (found,) = read(widget("Panel", kind, **definition)).proposed
    assert (found.panel, found.refusal) == (None, reason)


def test_events_laid_over_a_graph_are_named_beside_its_panel() -> None:
    found = read(widget("x", requests=[{"q": "a{*}"}], events=[{"q": "sources:deploy"}])).proposed
    assert [one.refusal for one in found] == ["", "lays events over it (sources:deploy), which the desk does not read"]


def colour(palette: str, comparator: str, value: float) -> dict[str, Any]:
    return {"palette": palette, "comparator": comparator, "value": value}


@pytest.mark.parametrize(
    ("formats", "limits"),
    [
        ([colour("white_on_red", ">", 10), colour("white_on_yellow", ">=", 5)], (5, 10, False)),
        ([colour("white_on_green", "<", 5), colour("black_on_light_yellow", ">", 5)], (5, None, False)),
        ([colour("white_on_red", "<", 80), colour("white_on_yellow", "<", 90)], (90, 80, True)),
        ([colour("white_on_red", ">", 10), colour("white_on_yellow", "<", 90)], (None, 10, False)),
        ([colour("white_on_red", ">", 5), colour("white_on_yellow", ">", 9)], (None, 5, False)),
        ([colour("white_on_red", "=", 5), {"palette": 7}, {"comparator": ">", "value": "x"}], (None, None, False)),
        ([], (None, None, False)),
    ],
)
def test_a_widgets_own_thresholds_are_its_panels(formats: list[Any], limits: tuple[Any, ...]) -> None:
    (found,) = read(widget("x", requests=[{"q": "a{*}", "conditional_formats": formats}])).proposed
    assert found.panel
    assert (found.panel.warn, found.panel.alert, found.panel.below) == limits


def test_lines_on_a_graph_are_thresholds_too() -> None:
    markers = [{"value": "y = 10", "display_type": "error dashed"}, {"value": "y = 5", "display_type": "warning"}]
    (found,) = read(widget("x", requests=[{"q": "a{*}"}], markers=markers)).proposed
    assert found.panel
    assert (found.panel.warn, found.panel.alert) == (5, 10)


@pytest.mark.parametrize("raw", [{}, {"widgets": None}, {"widgets": [None, {}, {"definition": None}], "title": None}])
def test_a_dashboard_without_widgets_is_empty(raw: dict[str, Any]) -> None:
    assert dashboards.read(raw) == Dashboard("", ())


def test_widgets_of_groups_are_named_by_their_groups() -> None:
    inner = widget("Numbers", "group", widgets=[asking("Check-ins clicked", "a{*}")])
    split = widget("By site", "split_group", source_widget_definition=asking("x", "b{*}")["definition"])
    found = read(widget("", "group", widgets=[inner]), split, widget("", "note")).widgets
    assert [(one.name, one.kind, sum(map(len, (each.asked for each in one.shown)))) for one in found] == [
        ("Numbers / Check-ins clicked", "query_value", 1),
        ("By site", "query_value", 1),
        ("(note without a title)", "note", 0),
    ]


@pytest.mark.parametrize(
    ("variable", "resolved"),
    [
        ({"name": "environment", "prefix": "environment", "default": "prod"}, "a{environment:prod,e:prod}"),
        (
            {"name": "environment", "prefix": "environment", "defaults": ["eks-prod"]},
            "a{environment:eks-prod,e:eks-prod}",
        ),
        ({"name": "environment", "prefix": "environment", "default": "*"}, "a{*,e:*}"),
        ({"name": "environment", "prefix": "environment"}, "a{*,e:*}"),
        ({"name": "environment", "prefix": None, "default": "env:prod"}, "a{env:prod,e:env:prod}"),
        (
            {"name": "environment", "prefix": "env", "defaults": ["prod", "stage"]},
            "a{(env:prod OR env:stage) AND e IN (prod,stage)}",
        ),
    ],
)
def test_template_variables_are_resolved(variable: dict[str, Any], resolved: str) -> None:
    query = "a{$environment,e:$environment.value}"
    (found,) = read(asking("x", query), template_variables=[variable]).proposed
    assert found.panel
    assert found.panel.query == resolved


def test_variables_with_dashes_and_dots_are_resolved_the_longer_ones_first() -> None:
    variables = [
        {"name": "env", "prefix": "env", "default": "prod"},
        {"name": "env-name", "prefix": "environment", "default": "eks"},
        {"name": "env.site", "prefix": "site", "default": "688"},
    ]
    (found,) = read(asking("x", "a{$env,$env-name,$env.site,!$env.value}"), template_variables=variables).proposed
    assert found.panel
    assert found.panel.query == "a{env:prod,environment:eks,site:688,!prod}"


def test_what_is_written_down_passes_the_check_of_the_file(file: CountsFile, tmp_path: Path) -> None:
    definitions = [definition for definition, _ in SHAPES]
    failed = {"name": "f", "data_source": "spans", "search": {"query": "status:error \"a 'b'\""}}
    every = {"name": "all", "data_source": "spans", "search": {"query": ""}}
    share = {"requests": [{"queries": [failed, every], "formulas": [{"formula": "f / all * 100"}]}]}
    rolled = {"requests": [{"q": "sum:a{*}.as_count().rollup(sum, 3600)"}]}
    formats = [colour("white_on_red", "<", 99.5), colour("white_on_yellow", "<", 1234567)]
    limited = {"requests": [{"q": "a{environment:prod}", "conditional_formats": formats}]}
    widgets = [widget('Errors "all" ```/ \\ é', **one) for one in (*definitions, share, rolled, limited)]
    panels = [one.panel for one in read(*widgets).proposed if one.panel]
    path = tmp_path / "counts.toml"
    tables = discovered.board_toml("Today", "tevi", "https://tevi.ddog-gov.com/dashboard/x", panels, file)
    assert "`" not in "".join(tables)
    path.write_text((ROOT / "data" / "counts.toml").read_text() + "\n" + "\n\n".join(tables))
    kept = counts_file.read(path).boards["today-board"]
    assert [one.label for one in kept.panels] == [one.label for one in panels]
    assert [one.reckoning.terms for one in kept.panels[:-1]] == [one.reckoning.terms for one in panels[:-1]]
    assert (kept.panels[-1].query, kept.panels[-1].warn, kept.panels[-1].alert) == ("a{$environment}", 1234567, 99.5)
