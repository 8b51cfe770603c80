"""Joins the parts of the page: what it is made from, who has it open, to whom it is shown."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from opsdesk.alerts import AlertDesk
from opsdesk.chat import HomePage
from opsdesk.counts import CountDesk
from opsdesk.ground import Ground
from opsdesk.home.counts import PageCounts
from opsdesk.home.home import Home
from opsdesk.home.page import PageSources, page
from opsdesk.home.readers import Readers
from opsdesk.incidents import IncidentDesk
from opsdesk.oncall import OnCallDesk
from opsdesk.store import Duty
from opsdesk.summary import SummaryDesk


def build(
    ground: Ground,
    oncall: OnCallDesk,
    incidents: IncidentDesk,
    alerts: AlertDesk,
    counts: CountDesk,
    summary: SummaryDesk,
    refused: Callable[[str, datetime], str],
    publish: Callable[[str, HomePage], None],
) -> Home:
    """Return the page. `refused` gives what somebody is told who may not read it, `publish` shows it to one person."""
    desks = ground.store.desks
    sources = PageSources(oncall, incidents, alerts, PageCounts(counts.so_far), summary, ground.zone)
    return Home(
        Readers(ground.store),
        compose=partial(page, sources),
        refused=refused,
        publish=publish,
        leads=lambda: desks.duty() is Duty.LEADS,
        is_busy=summary.plan.is_close,
        now=ground.now,
    )
