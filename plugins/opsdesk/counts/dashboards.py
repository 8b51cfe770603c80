"""A dashboard's definition read: its widgets, their queries with variables resolved, which of them fit a counter."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import msgspec

from opsdesk.counts.file import COUNTED, SETTING, CountsFile
from opsdesk.errors import UserError
from opsdesk.guard import clean
from opsdesk.text import plain

METRICS = "metrics"
SILENT = ("free_text", "iframe", "image", "note")  # kinds of widget that have nothing to query
OTHER_QUERIES = (
    "apm_query",
    "audit_query",
    "event_query",
    "log_query",
    "network_query",
    "process_query",
    "profile_metrics_query",
    "rum_query",
    "security_query",
)
HOST = re.compile(r"https?://(?P<organisation>[a-z0-9-]+)\.[a-z0-9.-]+/dashboard/(?P<id>[a-z0-9-]+)", re.IGNORECASE)
NAME = re.compile(r"[a-z0-9]{3}-[a-z0-9]{3}-[a-z0-9]{3}")


class Query(msgspec.Struct, frozen=True):
    """A widget's query: its data source ("metrics", "logs", …) and its text with template variables resolved."""

    source: str
    text: str

    @property
    def counts(self) -> bool:
        """Return whether it can be a counter's query."""
        return self.source == METRICS and COUNTED in self.text


class Widget(msgspec.Struct, frozen=True):
    """A widget: the titles of the groups around it, its own title, its type and its queries."""

    groups: tuple[str, ...]
    title: str
    kind: str
    queries: tuple[Query, ...]

    @property
    def name(self) -> str:
        """Return its title, preceded by those of its groups."""
        return " / ".join((*self.groups, self.title or f"({self.kind} without a title)"))

    @property
    def unread(self) -> bool:
        """Return whether it may have queries that were not found."""
        return not self.queries and self.kind not in SILENT


class Dashboard(msgspec.Struct, frozen=True):
    """A dashboard, as far as it could be read."""

    title: str
    widgets: tuple[Widget, ...]


class Proposal(msgspec.Struct, frozen=True):
    """The widgets that may show a counter: none, one, or several to choose from."""

    counter: str
    fitting: tuple[Widget, ...]

    @property
    def query(self) -> str:
        """Return the query if exactly one fits, else ""."""
        queries = {query.text for widget in self.fitting for query in widget.queries if query.counts}
        return queries.pop() if len(queries) == 1 else ""


def named(typed: str) -> tuple[str, str]:
    """Return the organisation ("" if none is named) and the id in "zps-5fk-azw" or a URL, else raise a UserError."""
    text = typed.strip().strip("<>").partition("|")[0]
    if found := HOST.match(text):
        return found["organisation"].lower(), found["id"].lower()[:11]
    if NAME.fullmatch(text.lower()):
        return "", text.lower()
    raise UserError("Type a dashboard's id or address, such as `!stats discover zps-5fk-azw`.")


def read(definition: Mapping[str, Any]) -> Dashboard:
    """Return the dashboard with this definition, as Datadog's API gives it. Parts of an unknown shape are left out."""
    variables = {str(one.get("name")): one for one in _dicts(definition.get("template_variables"))}
    widgets = _widgets(definition.get("widgets"), (), variables)
    return Dashboard(_text(definition.get("title")), tuple(widgets))


def propose(dashboard: Dashboard, file: CountsFile) -> list[Proposal]:
    """Return for each counter the widgets with its title and a single query, one that counts."""
    return [
        Proposal(key, tuple(one for one in dashboard.widgets if _fits(one, counter.label, file)))
        for key, counter in file.counters.items()
    ]


def as_setting(query: str, settings: Mapping[str, str]) -> str:
    """Return the query with the names of settings in place of their values, so that one setting still changes all
    queries.
    """
    for name, value in settings.items():
        query = re.sub(rf"(?<=[{{,\s]){re.escape(value)}(?=[}},\s])", f"${name}", query)
    return query


def _fits(widget: Widget, label: str, file: CountsFile) -> bool:
    """Return whether the title contains the label and no longer one: "Pre-check-ins clicked" is not "Check-ins
    clicked".
    """
    labels = [counter.label for counter in file.counters.values() if plain(counter.label) in plain(widget.title)]
    return max(labels, key=len, default="") == label and len(widget.queries) == 1 and widget.queries[0].counts


def _widgets(raw: Any, groups: tuple[str, ...], variables: Mapping[str, Any]) -> Iterator[Widget]:
    for one in _dicts(raw):
        definition = one.get("definition")
        if not isinstance(definition, dict):
            continue
        title = _text(definition.get("title"))
        if definition.get("widgets"):
            yield from _widgets(definition["widgets"], (*groups, title) if title else groups, variables)
        elif isinstance(source := definition.get("source_widget_definition"), dict):
            yield _widget(source, groups, title or _text(source.get("title")), variables)
        else:
            yield _widget(definition, groups, title, variables)


def _widget(definition: Mapping[str, Any], groups: tuple[str, ...], title: str, variables: Mapping[str, Any]) -> Widget:
    kind = _text(definition.get("type")) or "unknown"
    asked = [pair for request in _requests(definition.get("requests")) for pair in _queries(request)]
    if isinstance(definition.get("query"), str):
        asked.append((kind, _text(definition["query"])))
    found = (Query(source, SETTING.sub(partial(_variable, variables), text or "*")) for source, text in asked)
    return Widget(groups, title, kind, tuple(dict.fromkeys(found)))


def _requests(raw: Any) -> list[dict[str, Any]]:
    """Return the requests: a list, named ones (a scatter plot's x and y), lists under names, or a single one."""
    if not isinstance(raw, dict):
        return _dicts(raw)
    inner = [one for value in raw.values() for one in _dicts(value if isinstance(value, list) else [value])]
    return [one for one in inner if _is_request(one)] or [raw]


def _is_request(raw: Mapping[str, Any]) -> bool:
    return any(key in raw for key in ("q", "queries", "query", *OTHER_QUERIES))


def _queries(request: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the data source and text of each query; the text is empty where it matches everything."""
    if isinstance(request.get("q"), str):
        yield METRICS, _text(request["q"])
    for one in _dicts(request.get("queries")):
        yield _source(one), _searched(one)
    for key in OTHER_QUERIES:
        if isinstance(asked := request.get(key), dict):
            yield key.removesuffix("_query"), _searched(asked)
    if isinstance(asked := request.get("query"), dict):
        yield _source(asked), _searched(asked)


def _source(query: Mapping[str, Any]) -> str:
    return _text(query.get("data_source")) or "unknown"


def _searched(query: Mapping[str, Any]) -> str:
    """Return the text of a query: a metric query, or the search for logs, spans or events."""
    search = query.get("search")
    inner = search.get("query") if isinstance(search, dict) else search
    texts = (query.get("query"), query.get("query_string"), inner, query.get("service"))
    return next(filter(None, map(_text, texts)), "")


def _variable(variables: Mapping[str, Any], found: re.Match[str]) -> str:
    """Return the default of a template variable: "environment:prod", its value alone, or "*" for any."""
    variable = variables.get(found[1])
    if variable is None:
        return found[0]
    defaults = variable.get("defaults") or [variable.get("default") or "*"]
    value, prefix = _text(defaults[0]) or "*", _text(variable.get("prefix"))
    return f"{prefix}:{value}" if prefix and value != "*" and not found[2] else value


def _dicts(raw: Any) -> list[dict[str, Any]]:
    return [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []


def _text(raw: Any) -> str:
    return " ".join(clean(raw).split()) if isinstance(raw, str) else ""
