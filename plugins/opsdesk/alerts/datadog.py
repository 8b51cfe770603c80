"""Datadog's alerts: as its messages in Slack word them, and as its webhooks send them."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from opsdesk.alerts.alert import Alert, AlertState, Source
from opsdesk.chat import Whole
from opsdesk.patterns import regex

# "[P2] [Re-Triggered on {env:prod}] title", "Triggered: title", "Recovered on {host:a}: title".
TRANSITION = r"(?:Re-?)?(?:Triggered|Warn(?:ing)?|No ?Data)|Recovered|Renotify|Resolved"
HEAD = regex(
    rf"\s*(?:\[P(?P<priority>[1-5])\]\s*)?"
    rf"(?:\[(?P<bracketed>{TRANSITION})(?: on \{{(?P<scope>[^{{}}]*)\}})?\]|"
    rf"(?P<bare>{TRANSITION})(?: on \{{(?P<bare_scope>[^{{}}]*)\}})?\s*:)\s*(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
MONITOR = regex(r"/monitors[/#](\d+)")
HOSTS = (".datadoghq.com", ".ddog-gov.com", ".datadoghq.eu")
SERVICE = regex(r"\bservice:([\w.-]+)")
STATES = {
    "triggered": AlertState.TRIGGERED,
    "retriggered": AlertState.TRIGGERED,
    "renotify": AlertState.TRIGGERED,
    "warn": AlertState.WARNING,
    "rewarn": AlertState.WARNING,
    "warning": AlertState.WARNING,
    "nodata": AlertState.NO_DATA,
    "renodata": AlertState.NO_DATA,
    "recovered": AlertState.RECOVERED,
    "resolved": AlertState.RECOVERED,
}
BY_TYPE = {"error": AlertState.TRIGGERED, "warning": AlertState.WARNING, "success": AlertState.RECOVERED}
UNSAID = ("", "null", "none", "n/a", "undefined")


class Head(msgspec.Struct, frozen=True):
    """The first line of a monitor's notification, taken apart; `scope` is None where it names none."""

    state: AlertState
    title: str
    scope: str | None = None
    priority: str = ""


def read_head(text: str) -> Head | None:
    """Return the parts of "[P2] [Triggered on {env:prod}] RPC timeouts"; None for a line of another shape."""
    found = HEAD.match(text[:2_000])
    if not found:
        return None
    scope = found["scope"] if found["scope"] is not None else found["bare_scope"]
    state = STATES[re.sub(r"[\s-]", "", found["bracketed"] or found["bare"]).casefold()]
    title = found["title"].partition("\n")[0].strip().removeprefix("[]").strip()
    return Head(state, title, _scope(scope), found["priority"] or "")


def is_pasted(text: str) -> bool:
    """Return whether a text begins as no person words it: "[Triggered on {env:prod}] RPC timeouts"."""
    found = HEAD.match(text[:2_000])
    return bool(found and found["bracketed"])


def from_slack(whole: Whole, at: datetime) -> Alert | None:
    """Return the alert in a Slack message; None for a message that is not Datadog's."""
    monitor = next((url for url, _ in whole.links if is_datadog(url) and MONITOR.search(url)), "")
    heads = [head for line in (*whole.titles, *whole.lines[:3]) if (head := read_head(line))]
    if not heads:
        return None
    head = heads[0]
    scope = head.scope if head.scope is not None else _group_in(monitor)
    found = SERVICE.search(" ".join((scope or "", *whole.lines)))
    return Alert(
        Source.DATADOG,
        _key(MONITOR.findall(monitor), head.title),
        head.state,
        head.title or "(a monitor without a title)",
        at,
        scope=scope,
        service=found[1] if found else "",
        link=monitor or next((url for url, _ in whole.links if is_datadog(url)), ""),
        numbers={"priority": f"P{head.priority}"} if head.priority else {},
        text=whole.text,
    )


def from_webhook(payload: Mapping[str, Any], at: datetime) -> Alert | None:
    """Return the alert in a webhook's payload, by the template in README or Datadog's default one; else None.

    All values may be texts, and those that Datadog does not know are "" or "null". Without a time of its own the
    alert is of `at`.
    """
    given = payload.get("alert") if isinstance(payload.get("alert"), Mapping) else {}
    alert = given if isinstance(given, Mapping) else {}
    title, link = _said(payload.get("title")), _said(payload.get("link"))
    head = read_head(title)
    state = _state(_said(alert.get("transition")), _said(alert.get("type")), head)
    if state is None or not (title or link or _said(alert.get("id"))):
        return None
    monitor = _said(alert.get("id")) or "".join(MONITOR.findall(link)[:1])
    tags = tuple(sorted({tag.strip() for tag in _said(payload.get("tags")).split(",") if tag.strip()}))
    service = next((tag.removeprefix("service:") for tag in tags if tag.startswith("service:")), "")
    own_scope = _said(alert.get("scope"))
    name = head.title if head else title
    return Alert(
        Source.DATADOG,
        _key([monitor] if monitor else [], name, _said(alert.get("aggreg")) or _said(alert.get("cycle"))),
        state,
        name or "(a monitor without a title)",
        _moment(payload.get("date"), at),
        scope=_scope(own_scope) if own_scope else (head.scope if head else None) or _group_in(link),
        service=service,
        link=link,
        tags=tags,
        numbers=_numbers(alert, head),
        text=_said(payload.get("body")),
    )


def is_datadog(url: str) -> bool:
    """Return whether an address is Datadog's."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return f".{host}".endswith(HOSTS)


def _state(transition: str, kind: str, head: Head | None) -> AlertState | None:
    word = re.sub(r"[\s-]", "", transition).casefold()
    return STATES.get(word) or (head.state if head else None) or BY_TYPE.get(kind.casefold())


def _key(monitors: list[str], title: str, otherwise: str = "") -> str:
    if monitors:
        return f"monitor:{monitors[0]}"
    return f"aggregate:{otherwise}" if otherwise else f"title:{' '.join(title.casefold().split())[:200]}"


def _numbers(alert: Mapping[str, Any], head: Head | None) -> dict[str, str]:
    priority = _said(alert.get("priority")) or (f"P{head.priority}" if head and head.priority else "")
    status = _said(alert.get("status")).replace("**", "")
    return {name: value for name, value in (("priority", priority), ("status", status)) if value}


def _group_in(link: str) -> str | None:
    """Return the scope that a monitor's link names; None without one."""
    try:
        groups = parse_qs(urlsplit(link).query).get("group", [])
    except ValueError:
        return None
    return _scope(groups[0]) if groups else None


def _scope(typed: str | None) -> str | None:
    """Return tags in order, so that the same part of a monitor is named in one way; "" for all of it."""
    if typed is None:
        return None
    tags = {tag.strip().casefold() for tag in typed.split(",") if tag.strip() not in ("", "*")}
    return ",".join(sorted(tags))


def _said(value: Any) -> str:
    text = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    return "" if text.casefold() in UNSAID or text.startswith("$") else text


def _moment(value: Any, otherwise: datetime) -> datetime:
    """Return a moment of milliseconds since 1970, as a number or a text; `otherwise` for anything that is none."""
    digits = _said(value)
    if not (digits.isascii() and digits.isdigit() and len(digits) == 13):
        return otherwise
    return datetime.fromtimestamp(int(digits) / 1000, UTC)
