"""[[boards.KEY.panels]]: what a panel shows, how it is reckoned, from where on it is flagged. And the checks of it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import msgspec

from opsdesk.counts.expressions import BadExpression, Node, Term, filled, is_count, parse, terms
from opsdesk.datadog import SearchKind
from opsdesk.errors import UserError
from opsdesk.text import plain, read_length

MINUTE, FIVE_MINUTES, HOUR = timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=1)


class PanelQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked: one of a metric `query`, which may have arithmetic, or a search whose `logs` or `spans` count."""

    query: str = ""
    logs: str = ""
    spans: str = ""


class BoardPanel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A panel: one of `query`, `logs`, `spans`, or a `formula` of several by name.

    It is flagged from `warn` and from `alert` on; downwards with `below`. `rising`: it is flagged once it is so many
    percent above its own last hours, from `rising_from` on. `silent`: it is told when it has no point. `every`: how
    often the watch looks.
    """

    label: str
    query: str = ""
    logs: str = ""
    spans: str = ""
    formula: str = ""
    queries: dict[str, PanelQuery] = {}
    warn: float | None = None
    alert: float | None = None
    below: bool = False
    rising: float | None = None
    rising_from: float = 0
    silent: bool = False
    every: str = ""

    @property
    def parts(self) -> Mapping[str, PanelQuery]:
        """Return what is asked, by the name that the formula has for it; "" for the only one."""
        return self.queries if self.formula else {"": PanelQuery(self.query, self.logs, self.spans)}

    @property
    def is_summed(self) -> bool:
        """Return whether all of it is counted over the hour."""
        return all(source is not None or is_count(text) for source, text in self.reckoning.terms.values())

    @property
    def searches(self) -> bool:
        """Return whether logs or spans are searched for it, which Datadog allows less often."""
        return any(asked.logs or asked.spans for asked in self.parts.values())

    @property
    def interval(self) -> timedelta:
        """Return how often the watch looks at it."""
        return read_length(self.every) if self.every else FIVE_MINUTES if self.searches else MINUTE

    @property
    def is_watched(self) -> bool:
        """Return whether there is anything to tell of it unasked."""
        return self.silent or any(one is not None for one in (self.warn, self.alert, self.rising))

    @property
    def reckoning(self) -> "Reckoning":
        """Return how its value is reckoned. Raise Unreadable where that cannot be read."""
        found = {name: _reckoning(asked) for name, asked in self.parts.items()}
        if not self.formula:
            return found[""]
        node = parse(self.formula, tuple(self.queries))
        merged = {key: term for one in found.values() for key, term in one.terms.items()}
        return Reckoning(filled(node, {name: one.node for name, one in found.items()}), merged)


class PanelBoard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[boards.KEY]: panels of one organisation, shown by `!stats KEY` and watched."""

    title: str
    organisation: str
    panels: tuple[BoardPanel, ...]
    dashboard: str = ""


class Reckoning(msgspec.Struct, frozen=True):
    """An expression, and what its terms ask: a search of logs or spans, or, without a kind, a metric query."""

    node: Node
    terms: Mapping[str, tuple[SearchKind | None, str]]


def wrong_in(panel: BoardPanel, in_query: Callable[[str], Iterator[str]]) -> Iterator[str]:
    """Yield what is wrong with a panel; `in_query` yields what is wrong with a metric query's settings."""
    if not plain(panel.label):
        yield "label: empty"
    given = [name for name in ("query", "logs", "spans", "formula") if getattr(panel, name)]
    if len(given) != 1:
        yield "one of query, logs, spans and formula says what it shows"
    elif bool(panel.formula) != bool(panel.queries):
        yield "formula and queries go together"
    else:
        yield from _wrong_in_parts(panel, in_query)
    yield from _wrong_in_thresholds(panel)


def _wrong_in_parts(panel: BoardPanel, in_query: Callable[[str], Iterator[str]]) -> Iterator[str]:
    for name, asked in panel.parts.items():
        if sum(map(bool, (asked.query, asked.logs, asked.spans))) != 1:
            yield f"queries.{name}: one of query, logs and spans says what it asks"
        if asked.query:
            yield from (f"queries.{name}: {wrong}" if name else wrong for wrong in in_query(asked.query))
    try:
        if not panel.reckoning.terms:
            yield "query: asks nothing"
    except BadExpression as unreadable:
        yield f"{'formula' if panel.formula else 'query'}: {unreadable}"


def _wrong_in_thresholds(panel: BoardPanel) -> Iterator[str]:
    warn, alert = panel.warn, panel.alert
    if warn is not None and alert is not None and (warn < alert if panel.below else warn > alert):
        yield f"warn and alert: {'above' if not panel.below else 'below'} alert, warn would never be told"
    if panel.rising is not None and panel.rising <= 0:
        yield "rising: more than 0 percent"
    if panel.every:
        try:
            length = read_length(panel.every)
        except UserError as unreadable:
            yield f"every: {unreadable}"
        else:
            if not MINUTE <= length <= HOUR:
                yield "every: from 1m to 1h"


def _reckoning(asked: PanelQuery) -> Reckoning:
    for kind, search in ((SearchKind.LOGS, asked.logs), (SearchKind.SPANS, asked.spans)):
        if search:
            key = f"{kind} {search}"
            return Reckoning(Term(key), {key: (kind, search)})
    node = parse(asked.query)
    return Reckoning(node, {text: (None, text) for text in terms(node)})
