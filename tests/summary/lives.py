"""One life of the desk in a process of its own: from a start to an end, or to a SIGKILL in the middle of a step."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from opsdesk import process as desks
from opsdesk import settings
from opsdesk.chat.chat import Person, Place
from opsdesk.counts import wing
from opsdesk.datadog.client import Datadog
from opsdesk.desk import Desk
from opsdesk.errors import SettingsError, UserError
from opsdesk.incidents.rules import Change
from opsdesk.slack.api import TIMEOUT, SlackWeb
from opsdesk.slack.chat import SlackChat

ALICE = Person("U0ALICE", "Alice")
PATIENCE = 0.5  # seconds a call to Slack may take in truth; by the clock it is as many as ever


@dataclass(frozen=True)
class Life:
    """What one process goes through. Moments are seconds of the true clock.

    The desk's own clock is `skews` off: from a moment on, by so many seconds. `kill_at` is the step, counted from
    `armed_at` on over writes to disk and calls to Slack, before which the process is killed; None lets it live.
    `opens` and `resolves` are the moments at which incidents are opened, and the oldest one resolved.
    """

    start: float
    end: float
    skews: tuple[tuple[float, float], ...] = ()
    kill_at: int | None = None
    armed_at: float = 0
    opens: tuple[float, ...] = ()
    resolves: tuple[float, ...] = ()


@dataclass
class Clock:
    """The desk's clock: the true one, which Slack's stand-in shares, and what it is off by."""

    true: Any
    skews: tuple[tuple[float, float], ...] = ()

    def __call__(self) -> datetime:
        skew = [by for since, by in self.skews if self.true.value >= since]
        return datetime.fromtimestamp(self.true.value + (skew[-1] if skew else 0), UTC)


@dataclass
class Steps:
    """Counts what a kill may come before, from a moment on, and kills at the one it was told."""

    kill_at: int | None
    armed_at: float
    true: Any
    seen: int = field(default=0)

    def before(self, do: Callable[..., Any]) -> Callable[..., Any]:
        """`do`, counted before and after it was done."""

        def counted(*args: Any, **named: Any) -> Any:
            self.count()
            done = do(*args, **named)
            self.count()
            return done

        return counted

    def count(self) -> None:
        if self.true.value < self.armed_at:
            return
        if self.seen == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.seen += 1


@dataclass
class Hangs:
    """Calls to Slack without an answer: they end soon here, but take as long of the clock as they would."""

    true: Any
    thread: threading.Thread | None = None

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Counts those of this thread."""
        self.thread = threading.current_thread()
        yield
        self.thread = None

    def taking_time(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """`call`, with the clock moved on where nobody answered it."""

        def timed(*args: Any, **named: Any) -> Any:
            try:
                return call(*args, **named)
            except OSError as failed:
                if isinstance(getattr(failed, "reason", failed), TimeoutError) and (
                    threading.current_thread() is self.thread
                ):
                    self.true.value += TIMEOUT
                raise

        return timed


def live(life: Life, environment: dict[str, str], slack_url: str, true: Any, told: Connection) -> None:
    """Runs the desk through `life`; the pipe is told what was acknowledged ("#3 "), and whether it may run at all."""
    true.value = life.start
    clock = Clock(true, life.skews)
    wing.Datadog = partial(Datadog, pause=lambda seconds: None, timeout=0.3)  # type: ignore[misc,assignment]
    web = SlackWeb("xoxb-stand-in", base_url=slack_url, timeout=PATIENCE, now=clock)  # type: ignore[arg-type]
    try:
        desk = desks.start_desk(settings.read(environment), SlackChat(web), clock)
    except SettingsError:
        told.send("refused")
        return
    steps = Steps(life.kill_at, life.armed_at, true)
    os.replace, os.fsync = steps.before(os.replace), steps.before(os.fsync)
    hangs = Hangs(true)
    SlackWeb.api_call = steps.before(hangs.taking_time(SlackWeb.api_call))  # type: ignore[method-assign]
    _run(life, desk, hangs, told)
    desk.close()
    told.send("ended")


def _run(life: Life, desk: Desk, hangs: Hangs, told: Connection) -> None:
    true = hangs.true
    todo = sorted([(at, _open) for at in life.opens] + [(at, _resolve) for at in life.resolves], key=lambda one: one[0])
    while true.value <= life.end:
        while todo and todo[0][0] <= true.value:
            todo.pop(0)[1](desk, told)
        with hangs.counted():
            desk.ticker.tick_summary()
        desk.ticker.tick()  # in a thread of its own, were this no simulation: what hangs here takes none of the time
        true.value += _pace(true.value, life.end)


def _pace(at: float, end: float) -> float:
    """Every second around the full hour and at the end, a few seconds apart in between."""
    second = at % 3600
    return 1.0 if second < 20 or second > 3590 or end - at < 15 else 5.0


def _open(desk: Desk, told: Connection) -> None:
    at = desk.now()
    incident = desk.incidents.log.open(Change(title=f"Event at {at:%H:%M:%S}"), at=at, by=ALICE, place=Place())
    told.send(f"#{incident.number} ")


def _resolve(desk: Desk, told: Connection) -> None:
    for incident in desk.incidents.log.open_ones()[:1]:
        try:
            desk.incidents.log.resolve(incident.number, Change(text="it is over"), at=desk.now(), by=ALICE)
        except UserError:  # by a clock that was set back it is over before it began
            continue
        told.send(f"#{incident.number} ")
