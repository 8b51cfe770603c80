"""What a desk of the campaign lives through: clocks that lie, a disk that fills, calls that take time, a kill."""

import errno
import mmap
import os
import signal
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from opsdesk.slack.call_limit import TIMEOUT


class TrueClock:
    """The true time in seconds, which the stage, the stand-ins and the desk share by a file.

    It stands while a desk works: `worked` is for how long that has been, by the machine's own clock.
    """

    def __init__(self, path: Path, value: float | None = None) -> None:
        self.path = path
        if value is not None:
            path.write_bytes(struct.pack("dd", value, 0))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 16)

    @property
    def worked(self) -> float:
        begun: float = struct.unpack_from("d", self._shared, 8)[0]
        return time.monotonic() - begun if begun else 0.0

    @contextmanager
    def working(self) -> Iterator[None]:
        """Counts as work what is done within."""
        struct.pack_into("d", self._shared, 8, time.monotonic())
        yield
        struct.pack_into("d", self._shared, 8, 0)

    @property
    def value(self) -> float:
        return float(struct.unpack_from("d", self._shared)[0])

    @value.setter
    def value(self, value: float) -> None:
        struct.pack_into("d", self._shared, 0, value)


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
    """Counts what a kill may come before, from a moment on, and kills at the one it was told; or the disk is full."""

    kill_at: int | None
    armed_at: float
    true: TrueClock
    full: tuple[float, float] = (0, 0)
    seen: int = field(default=0)

    def on_disk(self, write: Callable[..., Any]) -> Callable[..., Any]:
        """`write`, where the disk is not full."""

        def written(*args: Any, **named: Any) -> Any:
            if self.full[0] <= self.true.value < self.full[1]:
                raise OSError(errno.ENOSPC, "No space left on device")
            return write(*args, **named)

        return self.before(written)

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
