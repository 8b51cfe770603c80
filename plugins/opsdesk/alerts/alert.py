"""An alert as a value: one notification of one problem, whichever system sent it and however it arrived."""

import enum
from collections.abc import Mapping
from datetime import datetime

import msgspec


class Source(enum.StrEnum):
    """Which system noticed the problem."""

    DATADOG = "datadog"
    SENTRY = "sentry"
    DESK = "desk"  # the desk's own watch
    UNRECOGNISED = "unrecognised"


class AlertState(enum.StrEnum):
    """How the problem stood when the notification was sent."""

    TRIGGERED = "triggered"
    WARNING = "warning"
    NO_DATA = "no data"
    RECOVERED = "recovered"

    @property
    def is_over(self) -> bool:
        """Return whether the problem was gone."""
        return self is AlertState.RECOVERED


class Alert(msgspec.Struct, frozen=True):
    """One notification.

    `key` names the problem: a Datadog monitor by its id, a Sentry issue by its id, else what can tell it from others.
    `scope` is what part of a monitor it is about: tags in order, "" for all of it, None where the notification does not
    say. `numbers` are figures by name, as the source words them. `text` is the whole notification in plain words, kept
    where it could not be read. `at` is when the source sent it.
    """

    source: Source
    key: str
    state: AlertState
    title: str
    at: datetime
    scope: str | None = None
    service: str = ""
    link: str = ""
    tags: tuple[str, ...] = ()
    numbers: Mapping[str, str] = msgspec.field(default_factory=dict)
    text: str = ""


def unrecognised(text: str, at: datetime, *, link: str = "") -> Alert:
    """Return an alert that nobody could read, named by its first line: it is shown, never dropped."""
    title = next((line.strip() for line in text.splitlines() if line.strip()), "(an alert without text)")
    key = " ".join(title.casefold().split())[:200]
    return Alert(Source.UNRECOGNISED, f"text:{key}", AlertState.TRIGGERED, title[:300], at, link=link, text=text)
