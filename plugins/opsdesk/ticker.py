"""What the desk does by itself, in two threads: the summary at its moments, everything else every few seconds."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from opsdesk import clock, later, patterns
from opsdesk.chat import Trouble
from opsdesk.errors import UserError, do_each, done
from opsdesk.memory import Memory
from opsdesk.settings import TeamFile, looking_once
from opsdesk.status import Differences
from opsdesk.store import Duty, Store
from opsdesk.summary import SummaryDesk
from opsdesk.targets import TargetDesk
from opsdesk.workers import ANSWERING

if TYPE_CHECKING:
    from opsdesk.alerts import AlertDesk
    from opsdesk.report import ReportDesk
    from opsdesk.watch import WatchDesk

# Seconds at most between two ticks: at rest; while the summary is close, or another desk may have to be followed; both.
REST, AWAKE, HURRIED = 4.0, 2.0, 0.3
MINUTE = 60.0
PATIENCE = 3.0  # seconds for which what nobody has asked for yet gives way to what somebody has


class Ticking(Protocol):
    """A part of the desk that does by itself what has become due."""

    def tick(self, at: datetime) -> object:
        """Do what is due at a moment."""


class Ticker:
    """Does what has become due, where no other desk does. `files` are the team's, read with each tick so that a mistake
    is told of early; `following` is done to keep up with what other desks changed.
    """

    def __init__(
        self,
        summary: SummaryDesk,
        targets: TargetDesk,
        report: "ReportDesk",
        alerts: "AlertDesk",
        watch: "WatchDesk",
        questions: Ticking,
        store: Store,
        trouble: Trouble,
        files: Sequence[TeamFile[Any]],
        now: clock.Now,
        following: Callable[[datetime, bool], None],
    ) -> None:
        self._targets, self._report = targets, report
        self._summary, self._store, self._trouble, self._now = summary, store, trouble, now
        self._alerts, self._watch, self._questions = alerts, watch, questions
        self._files = files
        self._warned: set[str] = set()
        self._differences, self._memory = Differences(), Memory()
        self._following, self._known, self._followed = following, (False, 0), (False, 0)

    def tick_summary(self) -> float:
        """Do what is due now about the summary; return in how many seconds to look again.

        Nothing else is done here: it may hang, and the post be late.
        """
        at, desks = self._now(), self._store.desks
        hurried = desks.shared and self._summary.plan.is_close(at)
        do_each(lambda: desks.hurry(hurried), self._keep_up, lambda: self._summary.commands.tick(at))
        next_at = self._summary.posts.tick(at)
        return self._pause(next_at, HURRIED if hurried else self._longest(at))

    def tick(self) -> float:
        """Tell the admins what was found wrong since the last tick, and do everything else that is due now; return in
        how many seconds something may be due next: most of what is due at a time of day is so as a minute begins.

        What somebody would wait for at the first command is prepared by the first tick; what is still to be loaded by
        the first that no summary is close to.
        """
        with looking_once():
            next_at = self._do_all()
        do_each(self._keep_files)
        at = self._now()
        return self._pause(next_at, min(self._longest(at), MINUTE - at.timestamp() % MINUTE))

    def _do_all(self) -> datetime | None:
        """Do everything but the summary; return when a message of it is due next, if that is known."""
        do_each(self._get_ready, lambda: self._memory.tidy(self._now()), *self._files)
        do_each(self._warn, self._trouble.flush, self._follow)
        if not self._leads():
            return None
        do_each(self._tell_differences, partial(self._tick, self._targets), partial(self._tick, self._questions))
        next_at = done(lambda: self._report.posts.tick(self._now()))
        behind = (self._alerts.catch_up, self._watch, self._report, self._summary.heartbeat)
        do_each(*(partial(self._tick, part) for part in behind if part))
        return next_at

    def _get_ready(self) -> None:
        """Load and compile what nobody has used yet, piece by piece, none of them while somebody is being answered.

        Together they take 0.4 s of the processor, by which an answer would come later.
        """
        may_load, gives_way = not self._summary.plan.is_close(self._now()), True
        while (may_load and later.load_next()) or patterns.compile_next():
            gives_way = gives_way and ANSWERING.is_over(PATIENCE)

    def _tick(self, part: Ticking) -> None:
        part.tick(self._now())

    def _longest(self, at: datetime) -> float:
        """Return for how many seconds at most nothing need be looked at."""
        return AWAKE if self._store.desks.shared or self._summary.plan.is_close(at) else REST

    def _pause(self, next_at: datetime | None, longest: float) -> float:
        """Return the seconds until `next_at`, at most `longest`."""
        return min((next_at - self._now()).total_seconds(), longest) if next_at else longest

    def _tell_differences(self) -> None:
        for difference in self._differences.to_tell(self._store.desks.all(), self._now()):
            self._trouble.tell_admins_later(difference)

    def _keep_files(self) -> None:
        """Keep the team's files, for a start that finds one of them wrong."""
        with suppress(UserError):  # the store is away: it is done with a later tick
            for file in self._files:
                file.keep()

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
            self._report.posts.look_again()

    def _warn(self) -> None:
        for warning in self._store.warnings():
            if warning not in self._warned:
                self._warned.add(warning)
                self._trouble.tell_admins_later(warning)
