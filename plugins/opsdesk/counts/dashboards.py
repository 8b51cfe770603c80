"""A dashboard's definition read: its widgets with variables resolved, the panels they make, which fit a counter."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import msgspec
from msgspec.structs import replace

from opsdesk.counts.expressions import why_no_counter
from opsdesk.counts.file import CountsFile
from opsdesk.counts.panels import BoardPanel, PanelQuery, wrong_in
from opsdesk.counts.thresholds import Thresholds
from opsdesk.counts.variables import resolve, unresolved
from opsdesk.counts.widgets import Widget, WidgetQuery, dicts, shown_by, text
from opsdesk.errors import UserError
from opsdesk.guard import clean
from opsdesk.patterns import regex
from opsdesk.text import plain, words

HOST = regex(r"https?://(?P<organisation>[a-z0-9-]+)\.[a-z0-9.-]+/dashboard/(?P<id>[a-z0-9-]+)", re.IGNORECASE)
NAME = regex(r"[a-z0-9]{3}-[a-z0-9]{3}-[a-z0-9]{3}")
SCOPE = regex(r"\{[^{}]*\}")
ONE_OF = regex(r"(?<![\w.-])([\w.-]+):\(([^()]*)\)")
ROLLUP = regex(r"\.rollup\([^()]*\)")
LONGEST_QUERY = 1500  # characters: a longer one would not fit into one part of the answer
LONGEST_LABEL = 80
# Words beside a counter's label that do not make it another number.
HARMLESS = {"count", "counts", "total", "totals", "number", "of", "the", "today", "all", "prod", "production", "daily"}


class Proposed(msgspec.Struct, frozen=True):
    """A panel for something that a widget shows, or why there is none."""

    widget: Widget
    panel: BoardPanel | None
    refusal: str = ""


class Dashboard(msgspec.Struct, frozen=True):
    """A dashboard, as far as it could be read."""

    title: str
    widgets: tuple[Widget, ...]

    @property
    def proposed(self) -> tuple[Proposed, ...]:
        """Return a panel for everything shown that a panel can show, each with a label of its own; the rest refused."""
        found, labels = list[Proposed](), dict[str, int]()
        for widget in self.widgets:
            for shown in widget.shown:
                one = _proposed(widget, shown)
                found.append(_labelled(one, labels) if one.panel else one)
        return tuple(found)


class Proposal(msgspec.Struct, frozen=True):
    """The panels that may show a counter: none, one, or several to choose from."""

    counter: str
    fitting: tuple[BoardPanel, ...]

    @property
    def query(self) -> str:
        """Return the query if exactly one fits, else ""."""
        queries = {ROLLUP.sub("", panel.query) for panel in self.fitting}
        return queries.pop() if len(queries) == 1 else ""


def named(typed: str) -> tuple[str, str]:
    """Return the organisation ("" if none is named) and the id in "zps-5fk-azw" or a URL, else raise a UserError."""
    given = typed.strip().strip("<>").partition("|")[0]
    if found := HOST.match(given):
        return found["organisation"].lower(), found["id"].lower()[:11]
    if NAME.fullmatch(given.lower()):
        return "", given.lower()
    raise UserError("Type a dashboard's id or address, such as `!stats discover zps-5fk-azw`.")


def read(definition: Mapping[str, Any]) -> Dashboard:
    """Return the dashboard with this definition, as Datadog's API gives it. Parts of an unknown shape are left out."""
    variables = {text(one.get("name")): one for one in dicts(definition.get("template_variables"))}
    widgets = _widgets(definition.get("widgets"), (), variables)
    return Dashboard(clean(text(definition.get("title"))), tuple(widgets))


def propose(dashboard: Dashboard, file: CountsFile) -> list[Proposal]:
    """Return for each counter the panels of its name whose query can be a counter's."""
    panels = [one.panel for one in dashboard.proposed if one.panel]
    return [
        Proposal(key, tuple(one for one in panels if _fits(one, counter.label)))
        for key, counter in file.counters.items()
    ]


def as_setting(query: str, settings: Mapping[str, str]) -> str:
    """Return the query with the names of settings in place of their values, so that one setting still changes all
    queries.
    """
    for name, value in settings.items():
        query = re.sub(rf"(?<=[{{,\s]){re.escape(value)}(?=[}},\s])", f"${name}", query)
    return query


def _fits(panel: BoardPanel, label: str) -> bool:
    """Return whether a panel is the counter: its name and nothing that makes it another number, and a plain count."""
    if "%" in panel.label or _essential(panel.label) != _essential(label):
        return False
    return bool(panel.query) and not why_no_counter(ROLLUP.sub("", panel.query))


def _essential(label: str) -> str:
    return "".join(word for word in words(label) if word not in HARMLESS)


def _proposed(widget: Widget, shown: WidgetQuery) -> Proposed:
    if shown.refusal:
        return Proposed(widget, None, shown.refusal)
    panel = _panel(widget, shown)
    asked = [getattr(one, field) for one in shown.asked.values() for field in ("query", "logs", "spans")]
    refusal = next(filter(None, (*map(_unusable, asked), *wrong_in(panel, lambda query: iter(())))), "")
    return Proposed(widget, None, refusal) if refusal else Proposed(widget, panel)


def _panel(widget: Widget, shown: WidgetQuery) -> BoardPanel:
    title = widget.title or (widget.groups[-1] if widget.groups else "") or widget.kind
    label = f"{title}: {shown.name}" if shown.name else title
    limits: Thresholds = shown.thresholds
    one = PanelQuery() if shown.formula else shown.asked[""]
    return BoardPanel(
        clean(label)[:LONGEST_LABEL],
        one.query,
        one.logs,
        one.spans,
        shown.formula,
        shown.asked if shown.formula else {},
        limits.warn,
        limits.alert,
        limits.below,
    )


def _unusable(query: str) -> str:
    """Return why a query cannot be written down, "" where it can."""
    if left := unresolved(query, ()):
        return f"${left[0]} is no variable of the dashboard"
    if len(query) > LONGEST_QUERY:
        return f"its query has {len(query)} characters, more than can be shown"
    return "holds what looks like private data" if clean(query) != query else ""


def _labelled(one: Proposed, labels: dict[str, int]) -> Proposed:
    """Return the panel with a number behind its label where another one has the same."""
    assert one.panel
    key = plain(one.panel.label) or one.panel.label
    labels[key] = labels.get(key, 0) + 1
    if labels[key] == 1:
        return one
    renamed = replace(one.panel, label=f"{one.panel.label} ({labels[key]})")
    return _labelled(replace(one, panel=renamed), labels)


def _widgets(raw: Any, groups: tuple[str, ...], variables: Mapping[str, Any]) -> Iterator[Widget]:
    for one in dicts(raw):
        definition = one.get("definition")
        if not isinstance(definition, dict):
            continue
        title = clean(text(definition.get("title")))
        if definition.get("widgets"):
            yield from _widgets(definition["widgets"], (*groups, title) if title else groups, variables)
        elif isinstance(source := definition.get("source_widget_definition"), dict):
            yield _widget(source, groups, title or clean(text(source.get("title"))), variables)
        else:
            yield _widget(definition, groups, title, variables)


def _widget(definition: Mapping[str, Any], groups: tuple[str, ...], title: str, variables: Mapping[str, Any]) -> Widget:
    kind = text(definition.get("type")) or "unknown"
    shown = tuple(_resolved(one, variables) for one in shown_by(definition, kind))
    return Widget(groups, title, kind, shown)


def _resolved(shown: WidgetQuery, variables: Mapping[str, Any]) -> WidgetQuery:
    put = partial(_variable, variables)
    asked = {
        name: PanelQuery(
            SCOPE.sub(lambda found: _scope(found[0], variables), resolve_outside(one.query, variables)),
            resolve(one.logs, variables, put),
            resolve(one.spans, variables, put),
        )
        for name, one in shown.asked.items()
    }
    return replace(shown, asked=asked)


def resolve_outside(query: str, variables: Mapping[str, Any]) -> str:
    """Return a metric query with the variables outside of its scopes replaced: in a rollup, or a number."""
    pieces = re.split(r"(\{[^{}]*\})", query)
    put = partial(_variable, variables)
    return "".join(one if one.startswith("{") else resolve(one, variables, put) for one in pieces)


def _scope(raw: str, variables: Mapping[str, Any]) -> str:
    """Return the braces of a metric query resolved, in one of Datadog's two ways: with commas, or with AND and OR."""
    resolved = resolve(raw, variables, partial(_variable, variables))
    several = ONE_OF.sub(_one_of, resolved)
    if " OR " not in several and " IN (" not in several:
        return several
    return re.sub(r"(?<=[{\s])!", "NOT ", _with_and(several))


def _one_of(found: re.Match[str]) -> str:
    """Return "key IN (a,b)" for "key:(a OR b)", and what is in other brackets as it stands."""
    return f"{found[1]} IN ({found[2].replace(' OR ', ',')})" if " OR " in found[2] else found[0]


def _with_and(scope: str) -> str:
    """Return a scope with AND for its commas, but for those within brackets."""
    pieces = re.split(r"([()])", scope)
    for place in range(0, len(pieces), 2):
        if pieces[place + 1 : place + 2] != [")"]:
            pieces[place] = re.sub(r",\s*", " AND ", pieces[place])
    return "".join(pieces)


def _variable(variables: Mapping[str, Any], name: str, value_alone: bool) -> str:
    """Return the default of a template variable: "environment:prod", its value alone, or "*" for any.

    Several defaults are one of them: "(environment:prod OR environment:staging)".
    """
    variable = variables[name]
    given = variable.get("defaults")
    values = [text(one) for one in given] if isinstance(given, list) else [text(variable.get("default"))]
    known, prefix = list(dict.fromkeys(filter(None, values))), text(variable.get("prefix"))
    if not known or "*" in known:
        return "*"
    told = [f"{prefix}:{one}" if prefix and not value_alone else one for one in known]
    return told[0] if len(told) == 1 else f"({' OR '.join(told)})"
