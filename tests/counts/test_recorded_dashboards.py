"""Dashboards that the official client recorded: what a panel can show of them, and why the rest cannot be used."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from opsdesk.counts import dashboards, discovered
from opsdesk.counts import file as counts_file
from opsdesk.counts.dashboards import Dashboard, Proposed
from tests.conftest import ROOT

RECORDED = ROOT / "tests" / "recordings" / "dashboards" / "official_client.json"


@pytest.fixture(scope="module")
def recorded() -> Dashboard:
    """The widgets of all recorded dashboards, as one."""
    raw: list[dict[str, Any]] = json.loads(RECORDED.read_text())
    variables = [one for dashboard in raw for one in dashboard.get("template_variables") or ()]
    widgets = [widget for dashboard in raw for widget in dashboard["widgets"]]
    return dashboards.read({"title": "Recorded", "template_variables": variables, "widgets": widgets})


KINDS = {
    "which the desk does not read": "asks something else",
    "it has no query": "no query",
    "which only Datadog can reckon": "formulas",
    "cannot be read": "distributions",
    "of which the desk only counts": "other than counts",
}


def kind_of(one: Proposed) -> str:
    """A refusal without what differs from widget to widget."""
    return next((kind for words, kind in KINDS.items() if words in one.refusal), one.refusal)


def test_what_can_be_used_of_them_is_known_and_the_rest_has_reasons(recorded: Dashboard) -> None:
    usable = [one for one in recorded.proposed if one.panel]
    refused = [one for one in recorded.proposed if not one.panel]
    assert (len(recorded.widgets), len({id(one.widget) for one in usable}), len(usable)) == (126, 45, 48)
    assert all(one.refusal for one in refused)
    assert Counter(map(kind_of, refused)) == {
        "asks something else": 60,
        "no query": 19,
        "formulas": 3,
        "distributions": 2,
        "other than counts": 1,
    }


def test_the_boards_made_of_them_pass_the_check_of_the_file(recorded: Dashboard, tmp_path: Path) -> None:
    shipped = ROOT / "data" / "counts.toml"
    panels = [one.panel for one in recorded.proposed if one.panel]
    tables = discovered.board_toml("Recorded", "tevi", "", panels, counts_file.read(shipped))
    path = tmp_path / "counts.toml"
    path.write_text(shipped.read_text() + "\n" + "\n\n".join(tables))
    assert len(counts_file.read(path).boards["recorded"].panels) == len(panels)
