"""The desk's own errors at Sentry, as PyPI's kent takes them: told where they arose, without a word of anybody."""

import logging.config
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from werkzeug.serving import make_server

from opsdesk.status import VERSION
from tests.conftest import ROOT
from tests.patience import LONG

with mock.patch.object(logging.config, "dictConfig"):  # with it, kent would silence every logger there is
    import kent.app

# What Errbot does at its start (errbot/bootstrap.py), then an error of a plugin's.
FAILS = """
import logging, runpy, sys
sys.path.insert(0, "plugins")
config = runpy.run_path("config.py")
import sentry_sdk
from sentry_sdk.integrations.logging import LoggingIntegration
logs = LoggingIntegration(level=config["SENTRY_LOGLEVEL"], event_level=config["SENTRY_EVENTLEVEL"])
sentry_sdk.init(dsn=config["SENTRY_DSN"], integrations=[logs], **config["SENTRY_OPTIONS"])
log = logging.getLogger(sys.argv[1])
for _ in range(int(sys.argv[2])):
    try:
        raise KeyError("veteran 987-65-4320")
    except KeyError:
        log.exception("%s failed, ssn 987-65-4320", "jane@example.org")
"""


@pytest.fixture
def sentry() -> Iterator[tuple[str, Any]]:
    """A DSN, and what arrives under it."""
    app = kent.app.create_app()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://public@127.0.0.1:{server.server_port}/1", app.test_client()
    server.shutdown()
    thread.join(LONG)


def failing(dsn: str, folder: Path, *, by: str, times: int = 1) -> None:
    """A process that meets errors and ends by itself; a TimeoutExpired if it does not."""
    environment = {"SENTRY_DSN": dsn, "DESK_STATE_DIR": str(folder), "PATH": "/usr/bin:/bin"}
    subprocess.run(
        [sys.executable, "-c", FAILS, by, str(times)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        timeout=LONG,
        check=True,
    )


def test_an_error_is_told_with_its_plugin_and_release_and_nothing_private(
    sentry: tuple[str, Any], tmp_path: Path
) -> None:
    dsn, arrived = sentry
    failing(dsn, tmp_path, by="opsdesk.alerts.intake")
    (listed,) = arrived.get("/api/eventlist/").json["events"]
    event = arrived.get(f"/api/event/{listed['event_id']}").json["payload"]["body"]
    assert event["tags"] == {"plugin": "alerts", "release": f"desk@{VERSION}"}
    assert event["release"] == f"desk@{VERSION}"
    assert event["logentry"] == {"message": "%s failed, ssn [SSN]"}
    assert [error["type"] for error in event["exception"]["values"]] == ["KeyError"]
    assert [word for word in ("4320", "jane", "veteran") if word in repr(event)] == []


@contextmanager
def dead() -> Iterator[str]:
    """A DSN where every connection is taken, and nothing ever answered."""
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        yield f"http://public@127.0.0.1:{silent.getsockname()[1]}/1"


def test_a_sentry_that_never_answers_holds_nobody_up(tmp_path: Path) -> None:
    with dead() as dsn:  # each request there lasts until its sender gives up
        failing(dsn, tmp_path, by="opsdesk.alerts.intake", times=200)
