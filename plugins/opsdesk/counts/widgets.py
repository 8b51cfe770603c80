"""The widgets of a dashboard, of every shape: what each shows, as a panel could ask for it, or why none can."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from opsdesk.counts.expressions import BadExpression, parse
from opsdesk.counts.panels import PanelQuery
from opsdesk.counts.thresholds import Thresholds, of_formats, of_markers

METRICS = "metrics"
COUNTED = {"logs": "logs", "logs_stream": "logs", "spans": "spans", "trace_stream": "spans", "apm": "spans"}
OLD_QUERIES = {
    "log_query": "logs",
    "apm_query": "apm",
    "event_query": "events",
    "rum_query": "rum",
    "network_query": "network",
    "process_query": "processes",
    "security_query": "security signals",
    "profile_metrics_query": "profiles",
    "audit_query": "audit events",
    "apm_stats_query": "trace statistics",
}
KINDS = {
    "free_text": "a text",
    "note": "a text",
    "iframe": "a page",
    "image": "a picture",
    "powerpack": "a powerpack, whose widgets stand elsewhere",
    "alert_graph": "a monitor's graph",
    "alert_value": "a monitor's value",
    "check_status": "the state of checks",
    "manage_status": "a list of monitors",
    "slo": "an SLO",
    "slo_list": "a list of SLOs",
    "trace_service": "a service's page",
    "servicemap": "a map of services",
    "topology_map": "a map of services",
    "run_workflow": "a workflow",
}
EVENTS = ("event_stream", "event_timeline")


class WidgetQuery(msgspec.Struct, frozen=True):
    """One thing that a widget shows: `asked`, with its thresholds; a `formula` of several by name, or one alone.

    `name` tells it from the widget's others. Where no panel can show it, `refusal` says why.
    """

    name: str = ""
    formula: str = ""
    asked: dict[str, PanelQuery] = {}
    thresholds: Thresholds = Thresholds()
    refusal: str = ""


class Widget(msgspec.Struct, frozen=True):
    """A widget: the titles of the groups around it, its own title, its type and what it shows."""

    groups: tuple[str, ...]
    title: str
    kind: str
    shown: tuple[WidgetQuery, ...]

    @property
    def name(self) -> str:
        """Return its title, preceded by those of its groups."""
        return " / ".join((*self.groups, self.title or f"({self.kind} without a title)"))


def shown_by(definition: Mapping[str, Any], kind: str) -> tuple[WidgetQuery, ...]:
    """Return what a widget shows, each once; without anything, why not."""
    found = [*_of_requests(definition), *_of_itself(definition, kind), *_overlays(definition)]
    if not any(one.asked for one in found) and (not found or kind in KINDS):
        what = f"shows {KINDS[kind]}: it has no query" if kind in KINDS else "no query was found in it"
        return (WidgetQuery(refusal=what),)
    unique = {(one.formula, tuple(one.asked.items()), one.refusal): one for one in reversed(found)}
    return tuple(reversed(unique.values()))


def _of_requests(definition: Mapping[str, Any]) -> Iterator[WidgetQuery]:
    markers = of_markers(dicts(definition.get("markers")))
    for request in _requests(definition.get("requests")):
        own = of_formats(dicts(request.get("conditional_formats")))
        for one in _of_request(request):
            stricter = next((given for given in (one.thresholds, own, markers) if given != Thresholds()), own)
            yield msgspec.structs.replace(one, thresholds=stricter)


def _of_request(request: Mapping[str, Any]) -> Iterator[WidgetQuery]:
    if query := text(request.get("q")):
        yield WidgetQuery(asked={"": PanelQuery(query)})
    if queries := dicts(request.get("queries")):
        yield from _of_formulas(queries, dicts(request.get("formulas")))
    for key, source in OLD_QUERIES.items():
        if isinstance(raw := request.get(key), dict):
            yield _single(_asked({"data_source": source, **raw}))
    if isinstance(raw := request.get("query"), dict):
        yield _single(_asked(raw))


def _of_itself(definition: Mapping[str, Any], kind: str) -> Iterator[WidgetQuery]:
    """Yield what widgets show that have a query and no request."""
    query = definition.get("query")
    if kind == "log_stream" and isinstance(query, str):
        yield WidgetQuery(asked={"": PanelQuery(logs=text(query) or "*")})
    elif kind in EVENTS:
        yield WidgetQuery(refusal=f"shows events ({text(query) or 'all'}), which the desk does not read")
    elif isinstance(query, str) and text(query):
        yield WidgetQuery(refusal=f"asks {text(query)[:80]}, which the desk does not read")


def _overlays(definition: Mapping[str, Any]) -> Iterator[WidgetQuery]:
    for raw in dicts(definition.get("events")):
        query = text(raw.get("q")) or "all"
        yield WidgetQuery(name="overlay", refusal=f"lays events over it ({query}), which the desk does not read")


def _of_formulas(queries: list[dict[str, Any]], formulas: list[dict[str, Any]]) -> Iterator[WidgetQuery]:
    asked = {text(one.get("name")) or f"query{number}": _asked(one) for number, one in enumerate(queries, 1)}
    given = formulas or [{"formula": name} for name in asked]
    for one in given:
        formula, formats = text(one.get("formula")), of_formats(dicts(one.get("conditional_formats")))
        name = (text(one.get("alias")) or formula) if len(given) > 1 else ""
        yield msgspec.structs.replace(_of_formula(formula, asked), name=name, thresholds=formats)


def _of_formula(formula: str, asked: Mapping[str, PanelQuery | str]) -> WidgetQuery:
    named = [name for name in asked if re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", formula)]
    used = {name: asked[name] for name in named}
    if refused := next((one for one in used.values() if isinstance(one, str)), ""):
        return WidgetQuery(refusal=refused)
    known = {name: one for name, one in used.items() if isinstance(one, PanelQuery)}
    if list(known) == [formula]:
        return WidgetQuery(asked={"": known[formula]})
    if known and all(one.query for one in known.values()):
        return WidgetQuery(asked={"": PanelQuery(_joined(formula, {name: one.query for name, one in known.items()}))})
    try:
        parse(formula, tuple(known))
    except BadExpression as wrong:
        return WidgetQuery(refusal=f"has the formula {formula[:80]}, which only Datadog can reckon: {wrong}")
    return WidgetQuery(formula=formula, asked=known)


def _joined(formula: str, queries: Mapping[str, str]) -> str:
    """Return one expression for a formula of metric queries."""
    names = "|".join(map(re.escape, sorted(queries, key=len, reverse=True)))

    def put(found: re.Match[str]) -> str:
        query = queries[found[0]]
        return f"({query})" if re.search(r"\}[^{}]*[-+*/]", query) else query

    return re.sub(rf"(?<![\w.])(?:{names})(?![\w.])", put, formula)


def _single(asked: PanelQuery | str) -> WidgetQuery:
    return WidgetQuery(refusal=asked) if isinstance(asked, str) else WidgetQuery(asked={"": asked})


def _asked(raw: Mapping[str, Any]) -> PanelQuery | str:
    """Return what a query asks, or why the desk cannot."""
    source = text(raw.get("data_source"))
    if not source:
        return "does not say what it asks"
    if source == METRICS:
        query = text(raw.get("query"))
        return PanelQuery(query) if query else "has an empty query"
    if source not in COUNTED:
        return f"asks {source.replace('_', ' ')}, which the desk does not read"
    compute = raw.get("compute")
    how = text(compute.get("aggregation")) if isinstance(compute, dict) else "count"
    if how not in ("", "count"):
        of = f" of {text(compute.get('metric'))}" if isinstance(compute, dict) and compute.get("metric") else ""
        return f"shows {how}{of} of {COUNTED[source]}, of which the desk only counts how many there are"
    search = _searched(raw) or "*"
    return PanelQuery(logs=search) if COUNTED[source] == "logs" else PanelQuery(spans=search)


def _searched(query: Mapping[str, Any]) -> str:
    search = query.get("search")
    inner = search.get("query") if isinstance(search, dict) else search
    return next(filter(None, map(text, (query.get("query"), query.get("query_string"), inner))), "")


def _requests(raw: Any) -> list[dict[str, Any]]:
    """Return the requests: a list, named ones (a scatter plot's x and y), lists under names, or a single one."""
    if not isinstance(raw, dict):
        return dicts(raw)
    inner = [one for value in raw.values() for one in dicts(value if isinstance(value, list) else [value])]
    return [one for one in inner if _is_request(one)] or [raw]


def _is_request(raw: Mapping[str, Any]) -> bool:
    return any(key in raw for key in ("q", "queries", "query", *OLD_QUERIES))


def dicts(raw: Any) -> list[dict[str, Any]]:
    """Return the tables in a list; nothing for anything else."""
    return [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []


def text(raw: Any) -> str:
    """Return a text on one line; "" for anything else."""
    return " ".join(raw.split()) if isinstance(raw, str) else ""
