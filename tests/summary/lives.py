"""One life of the desk in a process of its own: from a start to an end, or to a SIGKILL in the middle of a step."""

import mmap
import os
import signal
import struct
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from slack_sdk.web import base_client

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
from tests.slack.stage import UNANSWERED

ALICE = Person("U0ALICE", "Alice")
Tell = Callable[[str], object]


class TrueClock:
    """The true time in seconds, which the stage, the stand-ins and the desk share by a file."""

    def __init__(self, path: Path, value: float | None = None) -> None:
        self.path = path
        if value is not None:
            path.write_bytes(struct.pack("d", value))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 8)

    @property
    def value(self) -> float:
        return float(struct.unpack_from("d", self._shared)[0])

    @value.setter
    def value(self, value: float) -> None:
        struct.pack_into("d", self._shared, 0, value)


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

    true: TrueClock
    skews: tuple[tuple[float, float], ...] = ()

    def __call__(self) -> datetime:
        skew = [by for since, by in self.skews if self.true.value >= since]
        return datetime.fromtimestamp(self.true.value + (skew[-1] if skew else 0), UTC)


@dataclass
class Steps:
    """Counts what a kill may come before, from a moment on, and kills at the one it was told."""

    kill_at: int | None
    armed_at: float
    true: TrueClock
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
    """Calls to Slack without an answer: they end at once here, but take as long of the clock as they would."""

    true: TrueClock
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


def live(life: Life, environment: dict[str, str], slack_url: str, clock_file: Path, pipe: int) -> None:
    """Runs the desk through `life`; the pipe is told what was acknowledged ("#3 "), and whether it may run at all."""
    true = TrueClock(clock_file)
    true.value = life.start
    clock = Clock(true, life.skews)

    def told(words: str) -> None:
        os.write(pipe, f"{words}\n".encode())

    wing.Datadog = partial(Datadog, pause=lambda seconds: None, timeout=0.3)  # type: ignore[misc,assignment]
    web = SlackWeb("xoxb-stand-in", base_url=slack_url, now=clock)
    base_client.urlopen = answered  # type: ignore[assignment]
    try:
        desk = desks.start_desk(settings.read(environment), SlackChat(web), clock)
    except SettingsError:
        told("refused")
        return
    steps = Steps(life.kill_at, life.armed_at, true)
    os.replace, os.fsync = steps.before(os.replace), steps.before(os.fsync)
    hangs = Hangs(true)
    SlackWeb.api_call = steps.before(hangs.taking_time(SlackWeb.api_call))  # type: ignore[method-assign]
    _run(life, desk, hangs, told)
    desk.close()
    told("ended")


def answered(*asked: Any, **named: Any) -> Any:
    """What urlopen returns; where the stand-in says that it would not answer, nobody waits until the time is up."""
    try:
        return urllib.request.urlopen(*asked, **named)
    except urllib.error.HTTPError as failed:
        if failed.code == UNANSWERED:
            raise TimeoutError("timed out") from None
        raise


def _run(life: Life, desk: Desk, hangs: Hangs, told: Tell) -> None:
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


def _open(desk: Desk, told: Tell) -> None:
    at = desk.now()
    incident = desk.incidents.log.open(Change(title=f"Event at {at:%H:%M:%S}"), at=at, by=ALICE, place=Place())
    told(f"#{incident.number} ")


def _resolve(desk: Desk, told: Tell) -> None:
    for incident in desk.incidents.log.open_ones()[:1]:
        try:
            desk.incidents.log.resolve(incident.number, Change(text="it is over"), at=desk.now(), by=ALICE)
        except UserError:  # by a clock that was set back it is over before it began
            continue
        told(f"#{incident.number} ")
