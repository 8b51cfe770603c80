"""PgBouncer, in transaction pooling, before the tests' server: each transaction may go to another of few connections.

It is that of DESK_TEST_PGBOUNCER, or Debian's. Where there is none, what needs it is skipped and says so; in CI, which
sets DESK_PGBOUNCER=required, that is a failure.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.patience import LONG, until
from tests.ports import free_port
from tests.postgres import Server

LACKING = "PgBouncer is not on this machine: apt-get install pgbouncer, or name it in DESK_TEST_PGBOUNCER"
SETTINGS = """
[databases]
{name} = host=127.0.0.1 port={server} dbname={name} user=desk
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
"""


@contextmanager
def pooled(server: Server, name: str) -> Iterator[str]:
    """The address, through PgBouncer, of an empty database of this name."""
    binary = _found()
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"drop database if exists {name} with (force)".encode())
        connection.execute(f"create database {name}".encode())
    settings, port = server.folder / f"{name}.ini", free_port()
    settings.write_text(SETTINGS.format(name=name, server=server.port, port=port))
    user = "nobody" if os.geteuid() == 0 else None
    with (server.folder / "pooler.log").open("ab") as log:
        process = subprocess.Popen(
            [binary, str(settings)], stdout=log, stderr=log, user=user, start_new_session=True, cwd=server.folder
        )
    url = f"postgresql://desk@127.0.0.1:{port}/{name}"
    try:
        until(lambda: _answers(url), "PgBouncer")
        yield url
    finally:
        process.terminate()
        process.wait(LONG)


def _found() -> str:
    places = (os.environ.get("DESK_TEST_PGBOUNCER"), shutil.which("pgbouncer"), "/usr/sbin/pgbouncer")
    found = next((place for place in places if place and Path(place).exists()), None)
    if found is None and os.environ.get("DESK_PGBOUNCER") == "required":
        pytest.fail(LACKING)
    if found is None:
        pytest.skip(LACKING)
    return found


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=60).close()
    except psycopg.OperationalError:
        return False
    return True
