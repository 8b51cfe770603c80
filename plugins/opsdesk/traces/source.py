"""Where error traces come from: Datadog, counted by service and resource, and the latest of them for examples."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from opsdesk.datadog import Bucket, QueryPool, Reason, Search, SearchKind, Span, Unknown
from opsdesk.patterns import regex
from opsdesk.traces.file import TracesFile
from opsdesk.traces.groups import FACETS, Traces, grouped, without_example

EXAMPLES = 100  # of the latest spans, among which those of the groups are looked for
NOISIEST = 10  # groups whose example is looked for once more, if it is not among these
UNSEARCHABLE = regex(r"[^\w.-]+")


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

        Costs a question for the counts, and one for `examples`, or two where a noisy group hides the others; the
        failure of these costs no count.
        """
        file, site, datadog = self.file(), self._site(), self._queries.datadog
        if not file.query:
            return Unknown(Reason.NOT_CONFIGURED, "data/traces.toml has no query")
        search = Search(SearchKind.SPANS, file.search + _narrowed(words), start, end)
        count = partial(datadog.count, file.organisation, site, search, at, FACETS)
        counted = self._queries.do(file.organisation, count)
        spans = self._latest(search, at) if examples else ()
        buckets = self._queries.gather({"counts": counted})["counts"]
        if isinstance(buckets, Unknown):
            return buckets
        if len(spans) == EXAMPLES and (others := without_example(buckets[:NOISIEST], spans)):
            spans = (*spans, *self._latest(replace(search, query=f"{search.query} {_one_of(others)}"), at))
        fitting = tuple(one for one in grouped(buckets, spans) if _fits(one.key, words))
        return Traces(file.organisation, site, start, end, fitting, words[0] if words else "")

    def _latest(self, search: Search, at: datetime) -> tuple[Span, ...]:
        """Return the latest spans; none where they cannot be had."""
        organisation, site, datadog = self.file().organisation, self._site(), self._queries.datadog
        ask = partial(datadog.latest_spans, organisation, site, search, EXAMPLES, at)
        found = self._queries.gather({"spans": self._queries.do(organisation, ask)})["spans"]
        return () if isinstance(found, Unknown) else found


def _one_of(buckets: Sequence[Bucket]) -> str:
    """Return a search for the groups of these buckets."""
    each = [" ".join(f'{facet}:"{_escaped(bucket.by[facet])}"' for facet in FACETS) for bucket in buckets]
    return f"({' OR '.join(f'({one})' for one in each)})"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _narrowed(words: Sequence[str]) -> str:
    patterns = [f"*{one}*" for one in dict.fromkeys(UNSEARCHABLE.sub("?", word.strip()) for word in words) if one]
    named = [f"{facet}:{pattern}" for pattern in patterns for facet in FACETS]
    return f" ({' OR '.join(named)})" if named else ""


def _fits(key: str, words: Sequence[str]) -> bool:
    return not words or any(word.casefold() in key.casefold() for word in words)
