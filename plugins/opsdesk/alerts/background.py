"""What the desk knows about a problem besides its notifications: its history, whom to ask, what fails behind it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from opsdesk import clock
from opsdesk.alerts import words
from opsdesk.alerts.alert import Source
from opsdesk.alerts.group import AlertGroup
from opsdesk.alerts.ledger import Ledger
from opsdesk.alerts.sentry_api import SentryApi
from opsdesk.contacts import Directory
from opsdesk.errors import UserError
from opsdesk.incidents import IncidentLog
from opsdesk.latest import LatestValues

KEPT = 5 * 60  # seconds: a reply that changes often asks Sentry no more often
MOST = 500
TRACES = "error-traces"  # in data/links.toml
AROUND = timedelta(minutes=5)
LONGEST_RESOLUTION = 120  # characters


class Background:
    """Gathers it for the reply below an alert, and for whoever asks. May take seconds: Sentry and Datadog are asked."""

    def __init__(
        self,
        ledger: Ledger,
        incidents: IncidentLog,
        directory: Callable[[], Directory],
        sentry: SentryApi,
        traces: Callable[[datetime, datetime], str],
        now: clock.Now,
    ) -> None:
        self._ledger, self._incidents, self._directory = ledger, incidents, directory
        self._sentry, self._traces, self._now = sentry, traces, now
        self._told = LatestValues[str, tuple[float, list[str]]](MOST)  # until when, in seconds, and what

    def of(self, group: AlertGroup) -> "words.KnownProblem":
        """Return what is known of a problem."""
        details, directory = self._details(group), self._directory()
        about = " ".join((group.title, group.service, *details))
        subsystem = directory.keyword_subsystem(about) or ""
        week = self._ledger.week_before(group)
        return words.KnownProblem(
            subsystem,
            directory.ask_line(subsystem) if subsystem else "",
            sum(one.count for one in week if group.last_at - one.first_at <= timedelta(days=7)),
            self._last_time([one for one in week if one.number < group.number]),
            tuple([*details, *self._downstream(group)]),
            tuple(self._links(directory, group)),
        )

    def _downstream(self, group: AlertGroup) -> list[str]:
        """Return what failed in those minutes behind it; nothing for what the watch itself found in the traces."""
        if group.source is Source.DESK and group.key.startswith("traces"):
            return []
        return list(filter(None, [self._traces(group.last_at, self._now())]))

    def _links(self, directory: Directory, group: AlertGroup) -> list[str]:
        """Return the address of the error traces of that time, as the team's links have it."""
        return [directory.links[TRACES].address(group.last_at + AROUND)] if TRACES in directory.links else []

    def _details(self, group: AlertGroup) -> list[str]:
        if group.source is not Source.SENTRY or not self._sentry.configured:
            return []
        issue = group.key.removeprefix("issue:")
        told = self._told.get(issue)
        if told is None or clock.seconds() >= told[0]:
            told = clock.seconds() + KEPT, self._sentry.lines(issue)
            self._told.set(issue, told)
        return told[1]

    def _last_time(self, earlier: list[AlertGroup]) -> str:
        if not earlier:
            return ""
        before, at, zone = earlier[-1], self._now(), self._ledger.zone
        if not before.incident:
            return words.last_time(before, "", "", at, zone)
        try:
            became = self._incidents.get(before.incident)
        except UserError:  # its day cannot be read: the rest is told all the same
            return words.last_time(before, "", before.title, at, zone)
        end = became.resolution
        ended = f"{became.last_word[:LONGEST_RESOLUTION]} ({end.by.name})".strip() if end else "still open"
        return words.last_time(before, ended, became.title, at, zone)
