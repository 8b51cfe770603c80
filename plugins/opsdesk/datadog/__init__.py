"""Datadog's API: the client, its answers, and a pool of queries."""

from opsdesk import later

later.parts(__name__, "calls", "failures")

from opsdesk.datadog.answers import Heard, Points, QueryAnswer, Reason, Unknown
from opsdesk.datadog.budget import HOUR, MOST_AN_HOUR, Budget
from opsdesk.datadog.client import Datadog
from opsdesk.datadog.gathering import QueryPool
from opsdesk.datadog.keys import ORGANISATION
from opsdesk.datadog.searches import Bucket, Search, SearchKind, Span
from opsdesk.datadog.together import Together
from opsdesk.datadog.words import missing, reason, reason_in_full, seconds, standing

__all__ = [
    "HOUR",
    "MOST_AN_HOUR",
    "ORGANISATION",
    "Bucket",
    "Budget",
    "Datadog",
    "Heard",
    "Points",
    "QueryAnswer",
    "QueryPool",
    "Reason",
    "Search",
    "SearchKind",
    "Span",
    "Together",
    "Unknown",
    "missing",
    "reason",
    "reason_in_full",
    "seconds",
    "standing",
]
