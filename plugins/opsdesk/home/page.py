"""The page, part by part. Every word and number is as the commands tell it; one part that fails leaves the others."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial

import msgspec

from opsdesk.alerts import AlertDesk
from opsdesk.chat import Button, HomePage, HomePart, Panel
from opsdesk.errors import or_why
from opsdesk.home.counts import PageCounts
from opsdesk.incidents import IncidentDesk
from opsdesk.oncall import OnCallDesk
from opsdesk.summary import SummaryDesk
from opsdesk.text import tell_time, tell_zone

BUTTONS = (
    Button("Open an incident", "incident.open", "", "Open an incident", primary=True),
    Button("Preview today's post", "summary.preview", "", "Preview today's post"),
    Button("Note for the hand-over", "handover.note", "", "Add a note for the hand-over"),
)


class PageSources(msgspec.Struct, frozen=True):
    """What the page is made from."""

    oncall: OnCallDesk
    incidents: IncidentDesk
    alerts: AlertDesk
    counts: PageCounts
    summary: SummaryDesk
    zone: tzinfo


def page(sources: PageSources, at: datetime, counts_older_than: timedelta | None) -> HomePage:
    """Return the page as of `at`. Counts are asked anew where they are older than that; with None they are not."""

    def on_call() -> tuple[Panel, ...]:
        return (Panel(text=sources.oncall.now(at, sources.zone)),)

    def counts() -> tuple[Panel, ...]:
        return (Panel(text="\n".join(sources.counts.lines(at, counts_older_than))),)

    def post() -> tuple[Panel, ...]:
        return (Panel(text=sources.summary.standing(at)),)

    parts: dict[str, Callable[[], Sequence[Panel]]] = {
        "Who is on call": on_call,
        "Open incidents": partial(sources.incidents.listed, at),
        "Alerts today": partial(sources.alerts.listed, at),
        "Counts": counts,
        "The day's post": post,
    }
    told = (HomePart(heading, _told(heading, make)) for heading, make in parts.items())
    return HomePage((HomePart("", (Panel(buttons=BUTTONS),)), *told), _as_of(at, sources.zone))


def page_saying(text: str) -> HomePage:
    """Return a page that says one thing."""
    return HomePage((HomePart("", (Panel(text=text),)),))


def _as_of(at: datetime, zone: tzinfo) -> str:
    return f"As of {tell_time(at, zone)} {tell_zone(at, zone)}. What changes shows here within minutes."


def _told(heading: str, make: Callable[[], Sequence[Panel]]) -> tuple[Panel, ...]:
    """Return a part, or why it cannot be told."""
    return or_why(lambda: tuple(make()), lambda why: (Panel(text=why),), f'"{heading}" of a Home tab')
