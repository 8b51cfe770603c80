"""Where error traces come from: Datadog, counted by service and resource, and the latest of them for examples."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from opsdesk.datadog import QueryPool, Reason, Search, SearchKind, Unknown
from opsdesk.traces.file import TracesFile
from opsdesk.traces.groups import Traces, grouped

FACETS = ("service", "resource_name")
EXAMPLES = 100  # of the latest spans, among which those of the groups are looked for
UNSEARCHABLE = re.compile(r"[^\w.-]+")


class TraceSource:
    """Asks `queries` for the traces of the file; `site` gives Datadog's."""

    def __init__(self, file: Callable[[], TracesFile], queries: QueryPool, site: Callable[[], str]) -> None:
        self.file, self._queries, self._site = file, queries, site

    @property
    def is_able(self) -> bool:
        """Return whether there is a query, and keys to ask it with."""
        return bool(self.file().query) and self.file().organisation in self._queries.datadog.configured

    def read(
        self, start: datetime, end: datetime, at: datetime, words: Sequence[str] = (), *, examples: bool = True
    ) -> Traces | Unknown:
        """Return the traces of a span of time, of services and resources with any of `words` in their name.

        Costs a question for the counts, and one for `examples`, whose failure costs no count.
        """
        file, site, datadog = self.file(), self._site(), self._queries.datadog
        if not file.query:
            return Unknown(Reason.NOT_CONFIGURED, "data/traces.toml has no query")
        search = Search(SearchKind.SPANS, file.search + _narrowed(words), start, end)
        count = partial(datadog.count, file.organisation, site, search, at, FACETS)
        latest = partial(datadog.latest_spans, file.organisation, site, search, EXAMPLES, at)
        counted = self._queries.do(file.organisation, count)
        found = self._queries.gather({"spans": self._queries.do(file.organisation, latest)}) if examples else {}
        buckets, spans = self._queries.gather({"counts": counted})["counts"], found.get("spans", ())
        if isinstance(buckets, Unknown):
            return buckets
        groups = grouped(buckets, () if isinstance(spans, Unknown) else spans)
        fitting = tuple(one for one in groups if _fits(one.key, words))
        return Traces(file.organisation, site, start, end, fitting, words[0] if words else "")


def _narrowed(words: Sequence[str]) -> str:
    patterns = [f"*{one}*" for one in dict.fromkeys(UNSEARCHABLE.sub("?", word.strip()) for word in words) if one]
    named = [f"{facet}:{pattern}" for pattern in patterns for facet in FACETS]
    return f" ({' OR '.join(named)})" if named else ""


def _fits(key: str, words: Sequence[str]) -> bool:
    return not words or any(word.casefold() in key.casefold() for word in words)
