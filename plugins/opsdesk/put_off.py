"""What stands for the wings that a start does without: each is loaded and built when something in it is first used."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from opsdesk import alerts as alerts_wing
from opsdesk import counts as counts_wing
from opsdesk import report as report_wing
from opsdesk import traces as traces_wing
from opsdesk import unheard as unheard_wing
from opsdesk import watch as watch_wing
from opsdesk.contacts import Contacts
from opsdesk.ground import Ground
from opsdesk.incidents import IncidentDesk
from opsdesk.oncall import Calendar, OnCallDesk
from opsdesk.posts import PostScheduler
from opsdesk.settings import TeamFile
from opsdesk.summary import SummaryDesk

if TYPE_CHECKING:
    from opsdesk.alerts import AlertDesk
    from opsdesk.counts import CountDesk
    from opsdesk.report import ReportDesk
    from opsdesk.traces import TraceDesk
    from opsdesk.unheard import UnheardDesk
    from opsdesk.watch import WatchDesk


def counts(
    ground: Ground,
    calendar: Callable[[], Calendar],
    changed: Callable[[], None],
    watch: "Callable[[], WatchDesk]",
) -> "CountDesk":
    """Return the counts, which the calendar tells days off, and the watch what it saw.

    `changed` is called once numbers typed by hand are kept.
    """
    return ground.put_off(
        lambda: counts_wing.build(
            ground,
            holiday=lambda day: calendar().holiday(day),
            changed=(changed,),
            watch=lambda at, counter: watch().lines(at, counter),
        ),
    )


def traces(ground: Ground, counts: "CountDesk", meant: Callable[[str], Sequence[str]]) -> "TraceDesk":
    """Return the error traces, asked of Datadog as the counts are; `meant` gives the names of what was typed."""
    return ground.put_off(lambda: traces_wing.build(ground, counts.queries, lambda: counts.file().site, meant))


def alerts(
    ground: Ground,
    oncall: OnCallDesk,
    contacts: Contacts,
    incidents: IncidentDesk,
    traces: "TraceDesk",
    changed: Callable[[], None],
) -> "AlertDesk":
    """Return the alerts, below which stand the traces around them. `changed` is called once one is stored."""

    def around(moment: datetime, at: datetime) -> str:
        return traces.around(moment, at)

    return ground.put_off(
        lambda: alerts_wing.build(ground, oncall.roster, contacts, incidents, around, changed=changed)
    )


def watch(
    ground: Ground,
    counts: "CountDesk",
    traces: "TraceDesk",
    calendar: Callable[[], Calendar],
    posts: PostScheduler,
    alerts: "AlertDesk",
) -> "WatchDesk":
    """Return the watch on the working days of `calendar`, whose messages are among the alerts."""
    return ground.put_off(lambda: watch_wing.build(ground, counts, traces, calendar, posts, alerts.intake.raised))


def report(
    ground: Ground,
    oncall: OnCallDesk,
    counts: "CountDesk",
    incidents: IncidentDesk,
    alerts: "AlertDesk",
    summary: SummaryDesk,
    posts: PostScheduler,
) -> "ReportDesk":
    """Return the report, told from the other wings."""
    return ground.put_off(lambda: report_wing.ReportDesk(ground, oncall, counts, incidents, alerts, summary, posts))


def unheard(ground: Ground, incidents: IncidentDesk, posts: PostScheduler) -> "UnheardDesk":
    """Return what takes care of what nobody heard."""
    return ground.put_off(lambda: unheard_wing.build(ground, incidents, posts))


def files(ground: Ground, counts: "CountDesk", traces: "TraceDesk", alerts: "AlertDesk") -> tuple[TeamFile[Any], ...]:
    """Return the team's files of these wings."""
    put_off = ground.put_off
    return put_off(lambda: counts.file), put_off(lambda: traces.file), put_off(lambda: alerts.file)
