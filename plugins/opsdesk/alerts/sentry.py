"""Sentry's alerts: as its messages in Slack word them, and as its webhooks send them.

Nothing about a user, a request or a breadcrumb is read: they may name a veteran.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from opsdesk.alerts.alert import Alert, AlertState, Source
from opsdesk.chat import Whole
from opsdesk.patterns import regex

ISSUE = regex(r"/issues/(\d+)(?:/|\?|$)")
PROJECT = regex(r"^\[([\w.-]{1,80})\]\s*")
SHORT_ID = regex(r"\b([A-Z][A-Z0-9_-]{1,60})-([0-9A-Z]{1,10})\b")
LABELLED = regex(r"(?:^|\s)(Project|Alert|Short ID|State|First Seen|level)\s*:\s*\*?([^*\n]{1,120}?)\*?(?=\s{2,}|\n|$)")
NO_ALERT = ("assigned",)  # what happened to an issue, and is no alert
OVER = ("resolved", "archived", "ignored")


def from_slack(whole: Whole, at: datetime) -> Alert | None:
    """Return the alert in a Slack message; None for a message without a link to a Sentry issue."""
    link = next((url for url, _ in whole.links if is_issue(url)), "")
    if not link:
        return None
    label = next((label for url, label in whole.links if is_issue(url) and label), "")
    project = next((found[1] for line in whole.lines if (found := PROJECT.match(line))), "")
    facts = {name.casefold(): value.strip() for name, value in LABELLED.findall("\n".join(whole.lines))}
    resolved = any(line.casefold().startswith(("issue resolved", "resolved")) for line in whole.lines[:3])
    title = PROJECT.sub("", label.strip("* ") or next(iter(whole.titles), "") or next(iter(whole.lines), ""))
    return Alert(
        Source.SENTRY,
        f"issue:{ISSUE.findall(link)[0]}",
        AlertState.RECOVERED if resolved else AlertState.TRIGGERED,
        title.strip() or "(an issue without a title)",
        at,
        service=facts.get("project", "") or project or _project_of(whole),
        link=link,
        numbers={name: facts[name] for name in ("level", "state", "first seen", "short id") if facts.get(name)},
        text=whole.text,
    )


def from_webhook(payload: Mapping[str, Any], at: datetime) -> Alert | None:
    """Return the alert in an `event_alert` or `issue` webhook; None for a payload about something else."""
    data = _table(payload.get("data"))
    event, issue = _table(data.get("event")), _table(data.get("issue"))
    if event:
        return _event_alert(data, event, at)
    return _issue(payload, issue, at) if issue else None


def way_of(payload: Mapping[str, Any]) -> str:
    """Return "webhook" for an alert rule's, "issue" for that of an issue's state; "" where that tells of no alert."""
    data = _table(payload.get("data"))
    if data.get("event") or not data.get("issue"):
        return "webhook"
    return "" if payload.get("action") in NO_ALERT else "issue"


def is_issue(url: str) -> bool:
    """Return whether an address leads to a Sentry issue: on any host, since Sentry is often self-hosted."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return False
    return bool(ISSUE.search(f"{path}/"))


def _event_alert(data: Mapping[str, Any], event: Mapping[str, Any], at: datetime) -> Alert | None:
    link = _text(event.get("web_url")) or _text(event.get("issue_url"))
    number = _text(event.get("issue_id")) or "".join(ISSUE.findall(link)[:1])
    if not number:
        return None
    facts = {"level": _text(event.get("level")), "rule": _text(data.get("triggered_rule"))}
    return Alert(
        Source.SENTRY,
        f"issue:{number}",
        AlertState.TRIGGERED,
        _title(event),
        _moment(event.get("datetime"), at),
        service=_project(event.get("project_slug")) or _project(event.get("project")),
        link=link,
        numbers={name: value for name, value in facts.items() if value},
        text=_text(event.get("culprit")),
    )


def _issue(payload: Mapping[str, Any], issue: Mapping[str, Any], at: datetime) -> Alert | None:
    """Return the alert of an issue's state as of `at`: it may have been last seen long before it was resolved."""
    number = _text(issue.get("id"))
    if not number:
        return None
    over = {_text(payload.get("action")), _text(issue.get("status"))} & set(OVER)
    named = (("level", "level"), ("count", "count"), ("users", "userCount"), ("short id", "shortId"))
    seen = (("first seen", "firstSeen"), ("last seen", "lastSeen"))
    return Alert(
        Source.SENTRY,
        f"issue:{number}",
        AlertState.RECOVERED if over else AlertState.TRIGGERED,
        _title(issue),
        at,
        service=_project(issue.get("project")),
        link=_text(issue.get("web_url")) or _text(issue.get("permalink")),
        numbers={name: value for name, key in (*named, *seen) if (value := _text(issue.get(key)))},
        text=_text(issue.get("culprit")),
    )


def _title(given: Mapping[str, Any]) -> str:
    """Return the type of the error where it is known: its value may hold anything."""
    kind = _text(_table(given.get("metadata")).get("type"))
    return kind or _text(given.get("title")) or "(an issue without a title)"


def _project_of(whole: Whole) -> str:
    """Return the project of a short id such as PLATFORM-API-4K2 in a message."""
    found = next((found for line in whole.lines if (found := SHORT_ID.search(line))), None)
    return found[1].casefold() if found else ""


def _project(given: Any) -> str:
    if isinstance(given, Mapping):
        return _text(given.get("slug")) or _text(given.get("name"))
    return given if isinstance(given, str) else ""


def _table(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}


def _text(given: Any) -> str:
    """Return a text or a number as text; "" for anything else, and for what stands for nothing."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return ""
    text = str(given).strip()
    return "" if text.casefold() in ("null", "none") else text


def _moment(given: Any, otherwise: datetime) -> datetime:
    """Return a moment as Sentry writes it ("2019-08-19T21:06:17.677000Z"); `otherwise` for anything else."""
    try:
        found = datetime.fromisoformat(_text(given))
    except ValueError:
        return otherwise
    return found if found.tzinfo else found.replace(tzinfo=UTC)
