"""What the desk does by itself, in two threads: the summary at its moments, everything else every few seconds."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from opsdesk import clock, patterns
from opsdesk.alerts import AlertDesk
from opsdesk.chat import Trouble
from opsdesk.errors import UserError
from opsdesk.memory import Memory
from opsdesk.report import ReportDesk
from opsdesk.settings import TeamFile
from opsdesk.status import Differences
from opsdesk.store import Duty, Store
from opsdesk.summary import SummaryDesk
from opsdesk.targets import TargetDesk
from opsdesk.watch import WatchDesk

HURRIED = 0.3  # seconds between two ticks while the summary is close and another desk may have to be followed


class Ticker:
    """Does what has become due, where no other desk does. `files` are the team's, read with each tick so that a mistake
    is told of early; `following` is done to keep up with what other desks changed.
    """

    def __init__(
        self,
        summary: SummaryDesk,
        targets: TargetDesk,
        report: ReportDesk,
        alerts: AlertDesk,
        watch: WatchDesk,
        store: Store,
        trouble: Trouble,
        files: Sequence[TeamFile[Any]],
        now: clock.Now,
        following: Callable[[datetime, bool], None],
    ) -> None:
        self._targets, self._report = targets, report
        self._summary, self._posts, self._store, self._trouble, self._now = summary, report.posts, store, trouble, now
        self._alerts, self._watch = alerts, watch
        self._files: Sequence[Callable[[], Any]] = files
        self._warned: set[str] = set()
        self._differences, self._memory = Differences(), Memory()
        self._following, self._known, self._followed = following, (False, 0), (False, 0)

    def tick_summary(self) -> float | None:
        """Do what is due now about the summary; return in how many seconds something is due next, None if unknown.

        Nothing else is done here: it may hang, and the post be late.
        """
        at, desks = self._now(), self._store.desks
        close = desks.shared and self._summary.plan.is_close(at)
        desks.hurry(close)
        self._keep_up()
        self._summary.commands.tick(at)
        next_at = self._summary.posts.tick(at)
        seconds = (next_at - self._now()).total_seconds() if next_at else None
        return min(seconds or HURRIED, HURRIED) if close else seconds

    def tick(self) -> None:
        """Tell the admins what was found wrong since the last tick, and do everything else that is due now.

        What somebody would wait for at the first command is prepared by the first tick.
        """
        patterns.compile_all()
        self._memory.tidy(self._now())
        for file in self._files:
            file()
        self._warn()
        self._trouble.flush()
        self._follow()
        if not self._leads():
            return
        for difference in self._differences.to_tell(self._store.desks.all(), self._now()):
            self._trouble.tell_admins_later(difference)
        self._targets.tick(self._now())
        self._posts.tick(self._now())
        self._alerts.catch_up.tick(self._now())
        self._watch.tick(self._now())
        self._report.tick(self._now())
        if self._summary.heartbeat:
            self._summary.heartbeat.tick(self._now())

    def _follow(self) -> None:
        """Follow what other desks changed, if anything was changed or the lease is new."""
        leads, known = self._leads(), self._store.desks.changes()
        if self._store.desks.shared and self._followed != (leads, known):
            with suppress(UserError):  # the store is away: once it is back there is a change to follow
                self._following(self._now(), leads)
                self._followed = leads, known

    def _leads(self) -> bool:
        return self._store.desks.duty() is Duty.LEADS

    def _keep_up(self) -> None:
        """Have what stands compared anew where another desk changed something, or did the work until now."""
        desks = self._store.desks
        known = self._leads(), desks.changes()
        if desks.shared and known != self._known:
            self._known = known
            self._summary.posts.look_again()
            self._posts.look_again()

    def _warn(self) -> None:
        for warning in self._store.warnings():
            if warning not in self._warned:
                self._warned.add(warning)
                self._trouble.tell_admins_later(warning)
