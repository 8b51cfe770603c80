"""Sentry's API: what an issue is, how often it came, and what stands behind it.

Users, requests and breadcrumbs are never read, nor the values of exceptions: they may name a veteran. Both forms of
path are tried: the organisation's, and that of older self-hosted Sentry.
Source: Sentry's API documentation (retrieve an issue; retrieve its latest event).
"""

import json
import logging
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlsplit

from opsdesk.guard import clean

log = logging.getLogger(__name__)

TIMEOUT = 5.0  # seconds
LARGEST = 2_000_000  # bytes of an answer
TAGS = ("service", "source", "external_service", "team", "controller_name", "environment")  # none names a person
LONGEST = 120  # characters of a fact


class SentryApi:
    """Reads issues where DESK_SENTRY_URL and DESK_SENTRY_TOKEN are set."""

    def __init__(self, environment: Mapping[str, str], timeout: float = TIMEOUT) -> None:
        self._url = environment.get("DESK_SENTRY_URL", "").strip().rstrip("/")
        self._organisation = environment.get("DESK_SENTRY_ORG", "").strip()
        self._token, self._timeout = environment.get("DESK_SENTRY_TOKEN", "").strip(), timeout

    @property
    def configured(self) -> bool:
        """Return whether there is a Sentry to ask."""
        return bool(self._url and self._token and urlsplit(self._url).scheme in ("http", "https"))

    def lines(self, issue: str) -> list[str]:
        """Return what Sentry tells of an issue, by its number, in a line or two; why it tells nothing, in one."""
        if not self.configured or not issue.isdigit():
            return []
        try:
            found, event = self._get(issue, ""), self._get(issue, "events/latest/")
        except (OSError, HTTPException, ValueError, RecursionError) as failed:
            log.warning("Sentry did not tell of issue %s: %s", issue, failed)
            return [f"Sentry unavailable: {_why(failed)}"]
        return [line for line in (_facts(found), _behind(event)) if line]

    def _get(self, issue: str, below: str) -> Mapping[str, Any]:
        """Return what stands at an issue's path: the organisation's, or where that is not found the older one."""
        paths = [f"/api/0/issues/{issue}/{below}"]
        if self._organisation:
            paths.insert(0, f"/api/0/organizations/{quote(self._organisation, safe='')}/issues/{issue}/{below}")
        for path in paths:
            try:
                return self._fetch(path)
            except urllib.error.HTTPError as refused:
                if refused.code != 404 or path is paths[-1]:
                    raise
        raise AssertionError("there is always a path")

    def _fetch(self, path: str) -> Mapping[str, Any]:
        request = urllib.request.Request(self._url + path, headers={"Authorization": f"Bearer {self._token}"})
        with urllib.request.urlopen(request, timeout=self._timeout) as answer:
            body = answer.read(LARGEST + 1)
        found = json.loads(body) if len(body) <= LARGEST else None
        if not isinstance(found, Mapping):
            raise ValueError("an answer that is no object, or too large")
        return found


def _facts(issue: Mapping[str, Any]) -> str:
    """Return the issue in a line: type, culprit, how often, since when."""
    metadata = issue.get("metadata")
    kind = metadata.get("type") if isinstance(metadata, Mapping) else None
    many = f"{issue['count']} events" if str(issue.get("count") or "").isdigit() else ""
    users = f"{issue['userCount']} users" if isinstance(issue.get("userCount"), int) else ""
    seen = " to ".join(filter(None, (_day(issue.get("firstSeen")), _day(issue.get("lastSeen")))))
    facts = (_text(kind), _text(issue.get("culprit")), many, users, f"seen {seen}" if seen else "")
    return " · ".join(filter(None, facts))


def _behind(event: Mapping[str, Any]) -> str:
    """Return what stands behind the error: the exceptions that caused it, by type, and tags that name a service."""
    kinds = list(dict.fromkeys(_exceptions(event)))
    tags = [f"{one['key']} {_text(one.get('value'))}" for one in _each(event.get("tags")) if one.get("key") in TAGS]
    return " · ".join(filter(None, (f"behind it: {', '.join(kinds)}" if len(kinds) > 1 else "", *tags)))


def _exceptions(event: Mapping[str, Any]) -> Iterator[str]:
    for entry in _each(event.get("entries")):
        data = entry.get("data")
        if entry.get("type") == "exception" and isinstance(data, Mapping):
            yield from (_text(one.get("type")) for one in _each(data.get("values")) if one.get("type"))


def _each(given: Any) -> list[Mapping[str, Any]]:
    return [one for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []


def _text(given: Any) -> str:
    return " ".join(clean(given).split())[:LONGEST] if isinstance(given, str) else ""


def _day(given: Any) -> str:
    """Return "2026-11-23 19:00" of a moment as Sentry writes it, in UTC."""
    return given[:16].replace("T", " ") if isinstance(given, str) and len(given) >= 16 else ""


def _why(failed: Exception) -> str:
    if isinstance(failed, urllib.error.HTTPError):
        return f"it refused (HTTP {failed.code})"
    if isinstance(getattr(failed, "reason", failed), TimeoutError):
        return "no answer in time"
    return "its answer cannot be read" if isinstance(failed, ValueError | RecursionError) else "it cannot be reached"
