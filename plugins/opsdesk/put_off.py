"""What stands for the wings that a start does without: each is loaded and built when something in it is first used."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from opsdesk import counts as counts_wing
from opsdesk import later
from opsdesk import report as report_wing
from opsdesk import traces as traces_wing
from opsdesk import unheard as unheard_wing
from opsdesk import watch as watch_wing
from opsdesk.alerts import AlertDesk
from opsdesk.ground import Ground
from opsdesk.incidents import IncidentDesk
from opsdesk.oncall import Calendar, OnCallDesk
from opsdesk.posts import PostScheduler
from opsdesk.settings import TeamFile
from opsdesk.summary import SummaryDesk

if TYPE_CHECKING:
    from opsdesk.counts import CountDesk
    from opsdesk.report import ReportDesk
    from opsdesk.traces import TraceDesk
    from opsdesk.unheard import UnheardDesk
    from opsdesk.watch import WatchDesk

T = TypeVar("T")


def _put_off(ground: Ground, build: Callable[[], T]) -> T:
    """Return what stands for a wing; on a store that desks share, the wing itself.

    There each desk tells the others from the start what it can read of every table.
    """
    return build() if ground.store.desks.shared else later.made(build)


def counts(
    ground: Ground,
    calendar: Callable[[], Calendar],
    changed: Callable[[], None],
    watch: "Callable[[], WatchDesk]",
) -> "CountDesk":
    """Return the counts, which the calendar tells days off, and the watch what it saw.

    `changed` is called once numbers typed by hand are kept.
    """
    return _put_off(
        ground,
        lambda: counts_wing.build(
            ground,
            holiday=lambda day: calendar().holiday(day),
            changed=(changed,),
            watch=lambda at, counter: watch().lines(at, counter),
        ),
    )


def traces(ground: Ground, counts: "CountDesk", meant: Callable[[str], Sequence[str]]) -> "TraceDesk":
    """Return the error traces, asked of Datadog as the counts are; `meant` gives the names of what was typed."""
    return _put_off(ground, lambda: traces_wing.build(ground, counts.queries, lambda: counts.file().site, meant))


def watch(
    ground: Ground,
    counts: "CountDesk",
    traces: "TraceDesk",
    calendar: Callable[[], Calendar],
    posts: PostScheduler,
    alerts: AlertDesk,
) -> "WatchDesk":
    """Return the watch on the working days of `calendar`, whose messages are among the alerts."""
    return _put_off(ground, lambda: watch_wing.build(ground, counts, traces, calendar, posts, alerts.intake.raised))


def report(
    ground: Ground,
    oncall: OnCallDesk,
    counts: "CountDesk",
    incidents: IncidentDesk,
    alerts: AlertDesk,
    summary: SummaryDesk,
    posts: PostScheduler,
) -> "ReportDesk":
    """Return the report, told from the other wings."""
    return _put_off(ground, lambda: report_wing.ReportDesk(ground, oncall, counts, incidents, alerts, summary, posts))


def unheard(ground: Ground, incidents: IncidentDesk, posts: PostScheduler) -> "UnheardDesk":
    """Return what takes care of what nobody heard."""
    return _put_off(ground, lambda: unheard_wing.build(ground, incidents, posts))


def files(ground: Ground, counts: "CountDesk", traces: "TraceDesk") -> tuple[TeamFile[Any], ...]:
    """Return the team's files of these wings."""
    return _put_off(ground, lambda: counts.file), _put_off(ground, lambda: traces.file)
