"""Error traces as values: by service and resource, without what could name a person."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from opsdesk import guard
from opsdesk.datadog import Bucket, Span
from opsdesk.patterns import regex

FACETS = ("service", "resource_name")
LONGEST = 120  # characters of a resource
QUOTED = regex(r"'[^']*'|\"[^\"]*\"")
SEGMENT = regex(r"(?<=/)[^/\s]+")
# What is no name of a thing: an id, an address, anything escaped. Versions ("v2") and short numbers stay.
IDENTIFIER = regex(r"[@%=;]|\d{3}|^\d+$|^(?=.*\d)[0-9A-Fa-f-]{8,}$|\[[^\[\]]+\]")


class TraceGroup(msgspec.Struct, frozen=True):
    """The error traces of a service and resource: how many, and the latest that is known, None for none."""

    service: str
    resource: str
    count: int
    latest: Span | None = None

    @property
    def key(self) -> str:
        """Return what tells it from others."""
        return f"{self.service} · {self.resource}"


class Traces(msgspec.Struct, frozen=True):
    """The error traces from `start` until just before `end`, noisiest first, in an organisation's Datadog.

    `words` is what they were searched by besides, "" for nothing.
    """

    organisation: str
    site: str
    start: datetime
    end: datetime
    groups: tuple[TraceGroup, ...]
    words: str = ""

    @property
    def count(self) -> int:
        """Return how many there are."""
        return sum(group.count for group in self.groups)

    def link(self, span: Span) -> str:
        """Return the address of a trace; "" where it has no id that can stand in one."""
        known = re.fullmatch(r"[0-9A-Fa-f]{1,40}", span.trace)
        return f"https://{self.organisation}.{self.site}/apm/trace/{span.trace}" if known else ""


def grouped(buckets: Iterable[Bucket], spans: Sequence[Span]) -> tuple[TraceGroup, ...]:
    """Return the groups, noisiest first. Resources that differ by an id alone are one."""
    counts: dict[tuple[str, str], int] = {}
    for bucket in buckets:
        key = _key(bucket)
        counts[key] = counts.get(key, 0) + bucket.count
    latest = _latest(spans)
    found = [TraceGroup(*key, count, latest.get(key)) for key, count in counts.items() if count]
    return tuple(sorted(found, key=lambda one: (-one.count, one.key)))


def without_example(buckets: Iterable[Bucket], spans: Sequence[Span]) -> list[Bucket]:
    """Return the buckets that none of the spans belongs to."""
    shown = _latest(spans)
    return [one for one in buckets if _key(one) not in shown and all(one.by.get(facet) for facet in FACETS)]


def name(text: str) -> str:
    """Return the name of a service, or of a kind of error, as it may be repeated."""
    return " ".join(guard.clean(text).split())[:LONGEST] or "(none)"


def resource(text: str) -> str:
    """Return a resource as it may be repeated: "GET /v2/patients/…" without the id."""
    line = " ".join(guard.clean(text).split())
    plain = QUOTED.sub("…", line.partition("?")[0])
    return SEGMENT.sub(lambda found: "…" if IDENTIFIER.search(found[0]) else found[0], plain)[:LONGEST] or "(none)"


def _key(bucket: Bucket) -> tuple[str, str]:
    service, named = (bucket.by.get(facet, "") for facet in FACETS)
    return name(service), resource(named)


def _latest(spans: Sequence[Span]) -> Mapping[tuple[str, str], Span]:
    """Return the first span of each group: they come latest first."""
    found: dict[tuple[str, str], Span] = {}
    for span in spans:
        found.setdefault((name(span.service), resource(span.resource)), span)
    return found
