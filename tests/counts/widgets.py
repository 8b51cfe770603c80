"""Widgets as dashboards have them, and what is read of them."""

from typing import Any

from opsdesk.counts import dashboards
from opsdesk.counts import file as counts_file
from opsdesk.counts.dashboards import Dashboard
from opsdesk.counts.file import CountsFile
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


def shipped() -> CountsFile:
    """The counters as they are shipped."""
    return counts_file.read(ROOT / "data" / "counts.toml")
