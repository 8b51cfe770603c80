"""Bots that start in no time: each is forked from a process that has loaded what every start loads and compiles.

A forked bot has a process of its own, its own command line, environment and files, and ends as any other does.
"""

import gc
import importlib
import os
import pickle
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NoReturn

from tests.forks import ROOT, forking

LOADED = (
    "datadog_api_client.v1.api.metrics_api",
    "errbot.bootstrap",
    "errbot.cli",
    "errbot.core_plugins",
    "holidays.countries.united_states",
    "opsdesk.bot",
    "opsdesk.plugin",
    "slackv3.slackv3",
    "tests.whole",
)
SENT = 2**17  # bytes at most of a command line and an environment
OPEN = 4096  # more files than the process that forks ever has open


class ForkedBot:
    """A bot that was forked, with what subprocess.Popen offers of one that was started."""

    def __init__(self, command: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
        asked = _forking()
        said, into = os.pipe()
        self._ended, ends = os.pipe()
        socket.send_fds(asked, [pickle.dumps((list(command), str(folder), environment))], [into, ends])
        os.close(into)
        os.close(ends)
        self.pid = int(asked.recv(20))
        self.stderr = os.fdopen(said)
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status, waited for; raise TimeoutExpired where there is none after so many seconds."""
        if self.returncode is None:
            with selectors.DefaultSelector() as waiting:
                waiting.register(self._ended, selectors.EVENT_READ)
                if not waiting.select(timeout):
                    raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            self.returncode = int(os.read(self._ended, 20))
            os.close(self._ended)
        return self.returncode

    def poll(self) -> int | None:
        """Return the exit status, or None while there is none."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def send_signal(self, how: int) -> None:
        """Send a signal, where it still runs."""
        if self.poll() is None:
            os.kill(self.pid, how)

    def kill(self) -> None:
        """End it without asking."""
        self.send_signal(signal.SIGKILL)


@cache
def _forking() -> socket.socket:
    """Return where the process is asked that forks bots, one for all tests of this process; it ends with this one."""
    return forking("tests.e2e.forked")[0]


def load() -> None:
    """Load and compile all that a bot needs sooner or later."""
    for module in LOADED:
        importlib.import_module(module)
    sys.path[:] = [place for place in sys.path if place not in (str(ROOT), str(ROOT / "plugins"))]
    gc.freeze()


def forked(asked: socket.socket) -> tuple[list[str], str, dict[str, str], int] | None:
    """Fork bots as they are asked for and tell how each ended; return in a fork what it is to be, else None."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(asked, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                if key.data:
                    waiting.unregister(key.fd)
                    _bury(key.fd, *key.data)
                    continue
                work, pipes, *_ = socket.recv_fds(asked, SENT, 2)
                if not work:
                    return None
                child = os.fork()
                if not child:
                    return *pickle.loads(work), pipes[0]
                os.close(pipes[0])
                waiting.register(os.pidfd_open(child), selectors.EVENT_READ, (child, pipes[1]))
                asked.send(f"{child}".encode())


def _bury(pidfd: int, child: int, ends: int) -> None:
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.write(ends, f"{status}".encode())
    os.close(ends)
    os.close(pidfd)


def run(command: list[str], folder: str, environment: dict[str, str], said: int) -> NoReturn:
    """Be the bot of this command line."""
    os.dup2(said, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.closerange(3, OPEN)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv, sys.path[0] = command, str(Path(command[0]).parent)
    from errbot.cli import main

    sys.exit(main())  # type: ignore[func-returns-value]  # as its own script does


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks for bots ends them
    load()
    with socket.socket(fileno=int(sys.argv[1])) as served:
        to_be = forked(served)
    if to_be:
        run(*to_be)
