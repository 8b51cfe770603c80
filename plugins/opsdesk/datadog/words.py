"""Why a number is not known, in words."""

import math
from datetime import datetime, timedelta, tzinfo

from opsdesk.datadog.answers import Heard, Reason, Unknown
from opsdesk.text import tell_when

WORDS = {
    Reason.NOT_CONFIGURED: "not configured",
    Reason.NOT_BEGUN: "the day has just begun",
    Reason.TIMEOUT: "Datadog did not answer (timeout)",
    Reason.NO_ANSWER: "Datadog did not answer",
    Reason.REFUSED: "Datadog refused the keys",
    Reason.NOT_FOUND: "Datadog does not have it",
    Reason.FAILED: "Datadog failed",
    Reason.REDIRECTED: "Datadog redirected the desk to another address",
    Reason.RATE_LIMITED: "Datadog's rate limit is reached",
    Reason.SPENT: "the hour's questions about logs and traces are spent",
    Reason.NO_DATA: "no data",
    Reason.QUERY_ERROR: "Datadog could not run the query",
    Reason.UNREADABLE: "Datadog's answer could not be read",
    Reason.TOO_COARSE: "Datadog answered in steps that do not fit the day",
}

ANSWERED = (Reason.NOT_FOUND, Reason.QUERY_ERROR, Reason.NO_DATA)  # Datadog is there; the question is what is wrong


def missing(unknown: Unknown, at: datetime) -> str:
    """Return what stands in the place of a number: "unavailable: Datadog failed (500)", or "no data"."""
    words = reason(unknown, at)
    return words if unknown.reason in (Reason.NO_DATA, Reason.NOT_BEGUN) else f"unavailable: {words}"


def reason(unknown: Unknown, at: datetime) -> str:
    """Return why a number is not known, for everybody: names of environment variables stay out of the channel."""
    if unknown.reason is Reason.NOT_CONFIGURED:
        return WORDS[unknown.reason]
    return reason_in_full(unknown, at)


def reason_in_full(unknown: Unknown, at: datetime) -> str:
    """Return why a number is not known, for whoever sets the desk up, with the variables that are not set."""
    words = WORDS[unknown.reason]
    if unknown.reason in (Reason.RATE_LIMITED, Reason.SPENT) and unknown.retry_at:
        return f"{words}, try again in {seconds(unknown.retry_at - at)} s"
    if not unknown.detail:
        return words
    if unknown.reason is Reason.QUERY_ERROR:
        return f"{words}: {unknown.detail}"
    return f"{words} ({unknown.detail})"


def seconds(length: timedelta) -> int:
    """Return a wait in whole seconds, at least one."""
    return max(1, math.ceil(length.total_seconds()))


def standing(organisation: str, unset: Unknown | None, heard: Heard | None, at: datetime, zone: tzinfo) -> str:
    """Return how Datadog stands for an organisation: its keys, then what was last heard of it. A trouble begins "⚠"."""
    name = f"Datadog, organisation {organisation}"
    if unset:
        return f"⚠ {name}: {reason(unset, at)}"
    if heard is None:
        return f"{name}: not asked since the start"
    when = tell_when(heard.at, at, zone)
    if heard.unknown and heard.unknown.reason not in ANSWERED:
        return f"⚠ {name}: {reason(heard.unknown, at)}, {when}"
    return f"{name}: answered {when}"
