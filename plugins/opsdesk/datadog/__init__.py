"""Datadog's API: the client, its answers, and a pool of queries."""

from opsdesk.datadog.answers import Points, QueryAnswer, Reason, Unknown
from opsdesk.datadog.client import Datadog
from opsdesk.datadog.gathering import QueryPool

__all__ = ["Datadog", "Points", "QueryAnswer", "QueryPool", "Reason", "Unknown"]
