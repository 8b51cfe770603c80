"""What the desk does by itself, in two threads: the summary at its moments, everything else every few seconds."""

from collections.abc import Callable, Sequence
from typing import Any

from opsdesk import clock, patterns
from opsdesk.alerts import AlertDesk
from opsdesk.chat import Trouble
from opsdesk.posts import PostScheduler
from opsdesk.settings import TeamFile
from opsdesk.store import Store
from opsdesk.summary import SummaryDesk
from opsdesk.watch import WatchDesk


class Ticker:
    """Does what has become due. `files` are the team's, read with each tick so that a mistake is told of early."""

    def __init__(
        self,
        summary: SummaryDesk,
        posts: PostScheduler,
        alerts: AlertDesk,
        watch: WatchDesk,
        store: Store,
        trouble: Trouble,
        files: Sequence[TeamFile[Any]],
        now: clock.Now,
    ) -> None:
        self._summary, self._posts, self._store, self._trouble, self._now = summary, posts, store, trouble, now
        self._alerts, self._watch = alerts, watch
        self._files: Sequence[Callable[[], Any]] = files
        self._warned: set[str] = set()

    def tick_summary(self) -> float | None:
        """Do what is due now about the summary; return in how many seconds something is due next, None if unknown.

        Nothing else is done here: it may hang, and the post be late.
        """
        next_at = self._summary.posts.tick(self._now())
        return (next_at - self._now()).total_seconds() if next_at else None

    def tick(self) -> None:
        """Tell the admins what was found wrong since the last tick, and do everything else that is due now.

        What somebody would wait for at the first command is prepared by the first tick.
        """
        patterns.compile_all()
        for file in self._files:
            file()
        self._warn()
        self._trouble.flush()
        self._posts.tick(self._now())
        self._alerts.catch_up.tick(self._now())
        self._watch.tick(self._now())
        if self._summary.heartbeat:
            self._summary.heartbeat.tick(self._now())

    def _warn(self) -> None:
        for warning in self._store.warnings():
            if warning not in self._warned:
                self._warned.add(warning)
                self._trouble.tell_admins_later(warning)
