"""Where alerts come from: one small reader a source. A new source is a reader here, a recording and a test."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from opsdesk.alerts import datadog, sentry
from opsdesk.alerts.alert import Alert, unrecognised
from opsdesk.chat import Whole, read_whole

# Sentry first: its messages always link to an issue, while words like "Triggered:" may stand in any of them.
IN_SLACK: Mapping[str, Callable[[Whole, datetime], Alert | None]] = {
    "sentry": sentry.from_slack,
    "datadog": datadog.from_slack,
}
BY_WEBHOOK: Mapping[str, Callable[[Mapping[str, Any], datetime], Alert | None]] = {
    "sentry": sentry.from_webhook,
    "datadog": datadog.from_webhook,
}


def read_message(event: Mapping[str, Any], at: datetime) -> Alert | None:
    """Return the alert in a message of an alert channel; None where a person wrote it and it is no alert.

    Of an app's message that no reader knows, the alert is unrecognised: it is shown, never dropped. `at` serves where
    the message has no time of its own.
    """
    whole, sent_at = read_whole(event), moment_of(event, at)
    for read in IN_SLACK.values():
        if alert := read(whole, sent_at):
            return alert
    by_app = bool(event.get("bot_id") or event.get("app_id") or event.get("subtype") == "bot_message")
    link = next((url for url, _ in whole.links), "")
    return unrecognised(whole.text, sent_at, link=link) if by_app else None


def read_webhook(source: str, payload: Any, at: datetime) -> Alert:
    """Return the alert that a webhook of `source` sent; an unrecognised one of a payload of another shape."""
    alert = BY_WEBHOOK[source](payload, at) if isinstance(payload, Mapping) else None
    return alert or unrecognised(f"{source.capitalize()} webhook: {_summary(payload)}", at)


def moment_of(event: Mapping[str, Any], otherwise: datetime) -> datetime:
    """Return when a message was sent, by its `ts` (seconds since 1970); `otherwise` without a readable one."""
    try:
        return datetime.fromtimestamp(float(str(event.get("ts"))), UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise


def _summary(payload: Any) -> str:
    """Return what an unknown payload is about, in a line."""
    if isinstance(payload, Mapping):
        named = next((str(payload[key]) for key in ("title", "message", "event_title", "body") if payload.get(key)), "")
        return named or ", ".join(sorted(map(str, payload))[:10]) or "(nothing)"
    return str(payload)[:300]
