"""A dashboard's definition walked: every shape of widget, variables resolved, counters found by title."""

from typing import Any

import pytest

from opsdesk.counts import dashboards
from opsdesk.counts import file as counts_file
from opsdesk.counts.dashboards import Dashboard, Query
from opsdesk.counts.file import CountsFile
from opsdesk.errors import UserError
from tests.conftest import ROOT

CLICKED = "sum:vets_api.statsd.api_check_in_v2_sessions_show_count_success"
PRE_CLICKED = "sum:vets_api.statsd.api_pre_check_in_v2_sessions_show_count_success"


def widget(title: str, kind: str = "timeseries", **definition: Any) -> dict[str, Any]:
    return {"id": 1, "definition": {"title": title, "type": kind, **definition}}


def asking(title: str, *queries: str) -> dict[str, Any]:
    requests = [{"queries": [{"name": "a", "data_source": "metrics", "query": query} for query in queries]}]
    return widget(title, "query_value", requests=requests)


def read(*widgets: Any, **more: Any) -> Dashboard:
    return dashboards.read({"title": "check-in vets-api", "widgets": list(widgets), **more})


@pytest.fixture
def file() -> CountsFile:
    return counts_file.read(ROOT / "data" / "counts.toml")


SHAPES = [
    ({"requests": [{"q": "avg:puma.backlog{*}"}]}, [("metrics", "avg:puma.backlog{*}")]),
    ({"requests": [{"queries": [{"data_source": "metrics", "query": "a{*}"}]}]}, [("metrics", "a{*}")]),
    ({"requests": {"x": {"q": "a{*}"}, "y": {"q": "b{*}"}}}, [("metrics", "a{*}"), ("metrics", "b{*}")]),
    ({"requests": {"fill": {"q": "a{*}"}}}, [("metrics", "a{*}")]),
    (
        {"requests": {"enrichments": [{"queries": [{"data_source": "metrics", "query": "a{*}"}]}], "style": {}}},
        [("metrics", "a{*}")],
    ),
    (
        {"requests": [{"queries": [{"data_source": "logs", "search": {"query": "status:error"}}]}]},
        [("logs", "status:error")],
    ),
    ({"requests": [{"queries": [{"data_source": "rum", "search": {"query": ""}}]}]}, [("rum", "*")]),
    ({"requests": [{"apm_query": {"search": {"query": "env:prod"}}}]}, [("apm", "env:prod")]),
    ({"requests": [{"query": {"data_source": "logs_stream", "query_string": "x"}}]}, [("logs_stream", "x")]),
    ({"query": "tags:x"}, [("event_stream", "tags:x")]),
    ({"requests": [{"q": "a{*}"}, {"q": "a{*}"}]}, [("metrics", "a{*}")]),
]


@pytest.mark.parametrize(("definition", "queries"), SHAPES)
def test_the_queries_of_each_shape_are_found(definition: dict[str, Any], queries: list[tuple[str, str]]) -> None:
    (found,) = read(widget("Panel", "event_stream", **definition)).widgets
    assert found.queries == tuple(Query(source, text) for source, text in queries)
    assert not found.unread


@pytest.mark.parametrize(
    "definition",
    [
        {},
        {"requests": None},
        {"requests": "text"},
        {"requests": [None, 5, {}]},
        {"requests": {"x": 5}},
        {"requests": [{"queries": "text", "q": 7, "query": []}]},
        {"alert_id": "158348339"},
        {"powerpack_id": "65c564d0"},
    ],
)
def test_a_shape_that_cannot_be_read_is_listed_as_such(definition: dict[str, Any]) -> None:
    (found,) = read(widget("Panel", "alert_graph", **definition)).widgets
    assert found.unread


def test_texts_and_pictures_have_nothing_to_read() -> None:
    found = read(widget("Read me", "note", content="**hi**"), widget("", "image", url="x")).widgets
    assert [one.unread for one in found] == [False, False]


@pytest.mark.parametrize("raw", [{}, {"widgets": None}, {"widgets": [None, {}, {"definition": None}], "title": None}])
def test_a_dashboard_without_widgets_is_empty(raw: dict[str, Any]) -> None:
    assert dashboards.read(raw) == Dashboard("", ())


def test_widgets_of_groups_are_named_by_their_groups() -> None:
    inner = widget("Numbers", "group", widgets=[asking("Check-ins clicked", "a{*}")])
    split = widget("By site", "split_group", source_widget_definition=asking("x", "b{*}")["definition"])
    found = read(widget("", "group", widgets=[inner]), split, widget("", "note")).widgets
    assert [(one.name, one.kind, len(one.queries)) for one in found] == [
        ("Numbers / Check-ins clicked", "query_value", 1),
        ("By site", "query_value", 1),
        ("(note without a title)", "note", 0),
    ]


@pytest.mark.parametrize(
    ("variable", "resolved"),
    [
        ({"name": "environment", "prefix": "environment", "default": "prod"}, "a{environment:prod} prod"),
        (
            {"name": "environment", "prefix": "environment", "defaults": ["eks-prod"]},
            "a{environment:eks-prod} eks-prod",
        ),
        ({"name": "environment", "prefix": "environment", "default": "*"}, "a{*} *"),
        ({"name": "environment", "prefix": "environment"}, "a{*} *"),
        ({"name": "environment", "prefix": None, "default": "env:prod"}, "a{env:prod} env:prod"),
        ({"name": "other"}, "a{$environment} $environment.value"),
    ],
)
def test_template_variables_are_resolved(variable: dict[str, Any], resolved: str) -> None:
    dashboard = read(asking("x", "a{$environment} $environment.value"), template_variables=[variable])
    assert dashboard.widgets[0].queries[0].text == resolved


def test_a_dashboard_without_variables_keeps_what_it_cannot_resolve() -> None:
    assert read(asking("x", "a{$environment}"), template_variables=None).widgets[0].queries[0].text == "a{$environment}"


def proposed(file: CountsFile, *widgets: Any) -> dict[str, str | list[str]]:
    proposals = dashboards.propose(read(*widgets), file)
    return {one.counter: one.query or [widget.name for widget in one.fitting] for one in proposals}


def test_a_counter_is_proposed_the_widget_with_its_title(file: CountsFile) -> None:
    widgets = (
        asking("Check-ins clicked", f"{CLICKED}{{environment:prod}}.as_count()"),
        asking("Pre check-ins clicked (today)", f"{PRE_CLICKED}{{environment:prod}}.as_count()"),
        asking("Completed check-ins %", "a{*}.as_count()", "b{*}.as_count()"),
        asking("Check-ins completed", "avg:latency{*}"),
    )
    assert proposed(file, *widgets) == {
        "check-ins-clicked": f"{CLICKED}{{environment:prod}}.as_count()",
        "check-ins-completed": [],
        "pre-check-ins-clicked": f"{PRE_CLICKED}{{environment:prod}}.as_count()",
        "pre-check-ins-completed": [],
    }


def test_of_several_that_fit_none_is_guessed(file: CountsFile) -> None:
    found = proposed(
        file, asking("Check-ins clicked", "a{*}.as_count()"), asking("Check-ins clicked, by week", "b{*}.as_count()")
    )
    assert found["check-ins-clicked"] == ["Check-ins clicked", "Check-ins clicked, by week"]


def test_the_same_query_twice_is_no_doubt(file: CountsFile) -> None:
    found = proposed(
        file, asking("Check-ins clicked", "a{*}.as_count()"), asking("Check-ins clicked (bars)", "a{*}.as_count()")
    )
    assert found["check-ins-clicked"] == "a{*}.as_count()"


@pytest.mark.parametrize(
    ("query", "as_setting"),
    [
        ("a{environment:prod}", "a{$environment}"),
        ("a{x:y,environment:prod,z:1}", "a{x:y,$environment,z:1}"),
        ("a{environment:prod AND x:y}", "a{$environment AND x:y}"),
        ("a{environment:production}", "a{environment:production}"),
        ("a{old_environment:prod}", "a{old_environment:prod}"),
    ],
)
def test_a_settings_value_is_written_as_the_setting(file: CountsFile, query: str, as_setting: str) -> None:
    assert dashboards.as_setting(query, file.settings) == as_setting


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("zps-5fk-azw", ("", "zps-5fk-azw")),
        (" ZPS-5fk-azw ", ("", "zps-5fk-azw")),
        ("https://vagov.ddog-gov.com/dashboard/zps-5fk-azw/check-in-vets-api", ("vagov", "zps-5fk-azw")),
        ("<https://tevi.ddog-gov.com/dashboard/zix-s83-2u8?live=true|x>", ("tevi", "zix-s83-2u8")),
    ],
)
def test_a_dashboard_is_named_by_its_id_or_its_address(typed: str, named: tuple[str, str]) -> None:
    assert dashboards.named(typed) == named


@pytest.mark.parametrize("typed", ["", "check-in vets-api", "https://example.com/dashboard", "zps-5fk-azw extra"])
def test_anything_else_names_no_dashboard(typed: str) -> None:
    with pytest.raises(UserError, match="Type a dashboard's id or address"):
        dashboards.named(typed)
