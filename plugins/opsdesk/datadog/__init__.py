"""Datadog's API: the client, its answers, many questions at once."""

from opsdesk.datadog.answers import Points, QueryAnswer, Reason, Unknown
from opsdesk.datadog.client import Datadog
from opsdesk.datadog.gathering import QueryPool

__all__ = ["Datadog", "Points", "QueryAnswer", "QueryPool", "Reason", "Unknown"]
