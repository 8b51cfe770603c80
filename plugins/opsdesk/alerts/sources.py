"""Where alerts come from: one small reader a source. A new source is a reader here, a recording and a test."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from opsdesk.alerts import datadog, sentry
from opsdesk.alerts.alert import Alert, unrecognised
from opsdesk.chat import Whole, moment_of, read_whole

# Sentry first: its messages always link to an issue, while words like "Triggered:" may stand in any of them.
IN_SLACK: Mapping[str, Callable[[Whole, datetime], Alert | None]] = {
    "sentry": sentry.from_slack,
    "datadog": datadog.from_slack,
}
BY_WEBHOOK: Mapping[str, Callable[[Mapping[str, Any], datetime], Alert | None]] = {
    "sentry": sentry.from_webhook,
    "datadog": datadog.from_webhook,
}

OF_THE_CHANNEL = ("bot_add", "bot_remove", "channel_", "group_", "pinned_item")  # begin subtypes: no app's own words


def read_message(event: Mapping[str, Any], at: datetime) -> Alert | None:
    """Return the alert in a message of an alert channel; None of a person's, unless they pasted a notification's head.

    Of an app's message that no reader knows, the alert is unrecognised: it is shown, never dropped. `at` serves where
    the message has no time of its own.
    """
    whole, sent_at = read_whole(event), moment_of(event, at)
    if not _by_app(event):
        return datadog.from_slack(whole, sent_at) if datadog.is_pasted(whole.text) else None
    if str(event.get("subtype") or "").startswith(OF_THE_CHANNEL):
        return None
    for read in IN_SLACK.values():
        if alert := read(whole, sent_at):
            return alert
    link = next((url for url, _ in whole.links), "")
    return unrecognised(whole.text, sent_at, link=link)


def read_webhook(source: str, payload: Any, at: datetime) -> Alert:
    """Return the alert that a webhook of `source` sent; an unrecognised one of a payload of another shape."""
    alert = BY_WEBHOOK[source](payload, at) if isinstance(payload, Mapping) else None
    return alert or unrecognised(f"{source.capitalize()} webhook: {_summary(payload)}", at)


def way_of(source: str, payload: Any) -> str:
    """Return how a webhook tells of an alert, "webhook" or "issue"; "" for one that tells of none."""
    return sentry.way_of(payload) if source == "sentry" and isinstance(payload, Mapping) else "webhook"


def edited_at(event: Mapping[str, Any]) -> datetime | None:
    """Return when the sender of a message last changed it; None for never. Slack's unfolding of a link is no change."""
    edited = event.get("edited")
    long_ago = datetime.min.replace(tzinfo=UTC)
    found = moment_of(edited, long_ago) if isinstance(edited, Mapping) else long_ago
    return found if found != long_ago else None


def _by_app(event: Mapping[str, Any]) -> bool:
    return bool(event.get("bot_id") or event.get("app_id") or event.get("subtype") == "bot_message")


def _summary(payload: Any) -> str:
    """Return what an unknown payload is about, in a line."""
    if isinstance(payload, Mapping):
        named = next((str(payload[key]) for key in ("title", "message", "event_title", "body") if payload.get(key)), "")
        return named or ", ".join(sorted(map(str, payload))[:10]) or "(nothing)"
    return str(payload)[:300]
