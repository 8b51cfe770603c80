"""Children of a small process: to fork the one that runs the tests, with all it holds, costs more than what they do."""

import contextlib
import gc
import importlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[1]
Work = Callable[[int], object]  # what a child does; it is given a pipe to write to


def forking(module: str, *arguments: str) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Starts a module that forks processes from its own, and returns where it is asked to, and it.

    It is given the number of its end of the socket, and the arguments. It ends once the other end is closed.
    """
    asked, served = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    places = os.pathsep.join(map(str, (ROOT / "plugins", ROOT)))
    command = [sys.executable, "-m", module, str(served.fileno()), *arguments]
    environment = os.environ | {"PYTHONPATH": places}
    process = subprocess.Popen(command, env=environment, cwd=ROOT, pass_fds=[served.fileno()])
    served.close()
    return asked, process


class ForkServer:
    """A process that has imported `modules` and forks one child after another from itself."""

    def __init__(self, *modules: str) -> None:
        self._asked, self._process = forking("tests.forks", *modules)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._asked.close()
        self._process.wait()

    @contextlib.contextmanager
    def forked(self, work: Work) -> Iterator[tuple[int, int]]:
        """A child that does `work`, which can be pickled; yields its id and the other end of its pipe, and kills it."""
        out, into = os.pipe()
        socket.send_fds(self._asked, [pickle.dumps(work)], [into])
        os.close(into)
        child = int(self._asked.recv(20))
        try:
            yield child, out
        finally:
            self._asked.send(b"end it")
            self._asked.recv(1)
            os.close(out)


def serve(asked: socket.socket) -> None:
    """Fork a child for each piece of work that arrives, one at a time, and say when it is gone."""
    while True:
        work, pipes, *_ = socket.recv_fds(asked, 2**16, 1)
        if not work:
            return
        child = os.fork()
        if not child:
            do(work, *pipes)
        os.close(*pipes)
        asked.send(f"{child}".encode())
        asked.recv(10)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        asked.send(b".")


def do(work: bytes, pipe: int) -> None:
    """Do the work and end the process, whatever became of it."""
    try:
        pickle.loads(work)(pipe)
    except BaseException:  # noqa: BLE001  # nobody but the one who reads the output hears of it
        traceback.print_exc()
    finally:
        os._exit(1)


if __name__ == "__main__":
    for module in sys.argv[2:]:
        importlib.import_module(module)
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as asked, contextlib.suppress(BrokenPipeError):
        serve(asked)
