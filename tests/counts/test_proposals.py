"""Counters are proposed the widgets of a dashboard that show them."""

from typing import Any

import pytest

from opsdesk.counts import dashboards
from opsdesk.counts.file import CountsFile
from opsdesk.errors import UserError
from tests.counts.widgets import CLICKED, PRE_CLICKED, asking, read, shipped

file = pytest.fixture(shipped)


def proposed(file: CountsFile, *widgets: Any) -> dict[str, str | list[str]]:
    proposals = dashboards.propose(read(*widgets), file)
    return {one.counter: one.query or [panel.label for panel in one.fitting] for one in proposals}


def test_a_counter_is_proposed_the_widget_with_its_title(file: CountsFile) -> None:
    widgets = (
        asking("Check-ins clicked", f"{CLICKED}{{environment:prod}}.as_count()"),
        asking("Pre check-ins clicked (today)", f"{PRE_CLICKED}{{environment:prod}}.as_count()"),
        asking("Completed check-ins %", "sum:a{*}.as_count()", "sum:b{*}.as_count()"),
        asking("Check-ins completed", "avg:latency{*}"),
    )
    assert proposed(file, *widgets) == {
        "check-ins-clicked": f"{CLICKED}{{environment:prod}}.as_count()",
        "check-ins-completed": [],
        "pre-check-ins-clicked": f"{PRE_CLICKED}{{environment:prod}}.as_count()",
        "pre-check-ins-completed": [],
    }


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("Check-ins clicked failures", "sum:a{*}.as_count()"),
        ("Check-ins clicked %", "sum:a{*}.as_count()"),
        ("Check-ins clicked, week before", "sum:a{*}.as_count()"),
        ("Check-ins clicked", "sum:a{*}.as_count() / sum:b{*}.as_count() * 100"),
        ("Check-ins clicked", "cumsum(sum:a{*}.as_count())"),
        ("Check-ins clicked", "sum:a{*}.as_count() - sum:b{*}.as_count()"),
        ("Check-ins clicked", "sum:a{*} by {host}.as_count()"),
        ("Check-ins clicked", "avg:a{*}.as_count()"),
        ("Check-ins clicked", "sum:a{*}"),
    ],
)
def test_what_cannot_be_added_up_or_is_another_number_is_never_a_counter(
    file: CountsFile, title: str, query: str
) -> None:
    assert proposed(file, asking(title, query))["check-ins-clicked"] == []


def test_a_counter_is_proposed_without_the_rollup_of_its_widget(file: CountsFile) -> None:
    found = proposed(file, asking("Check-ins clicked", "sum:a{*}.as_count().rollup(sum, 86400)"))
    assert found["check-ins-clicked"] == "sum:a{*}.as_count()"


def test_of_several_that_fit_none_is_guessed(file: CountsFile) -> None:
    found = proposed(
        file,
        asking("Check-ins clicked", "sum:a{*}.as_count()"),
        asking("Check-ins clicked (today)", "sum:b{*}.as_count()"),
    )
    assert found["check-ins-clicked"] == ["Check-ins clicked", "Check-ins clicked (today)"]


def test_the_same_query_twice_is_no_doubt(file: CountsFile) -> None:
    found = proposed(
        file,
        asking("Check-ins clicked", "sum:a{*}.as_count()"),
        asking("Total check-ins clicked", "sum:a{*}.as_count()"),
    )
    assert found["check-ins-clicked"] == "sum:a{*}.as_count()"


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
