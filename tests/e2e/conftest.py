"""End-to-end tests need the stand-in Slack, which npm installs; without it they are skipped, and that is said."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import kinds
from tests.e2e.front import Front
from tests.e2e.harness import BINARY, DeskProcess, Workspace

HERE = Path(__file__).parent
MISSING = "the stand-in Slack is not installed: npm ci --prefix tests/e2e (make test does so where npm is)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ours = [item for item in items if HERE in item.path.parents]
    for item in ours:
        item.add_marker("e2e")
    if BINARY.exists():
        return
    if ours and os.environ.get("DESK_E2E") == "required":
        raise pytest.UsageError(MISSING)
    for item in ours:
        item.add_marker(pytest.mark.skip(reason=MISSING))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not BINARY.exists():
        terminalreporter.write_line(f"NOT RUN: the end-to-end tests. {MISSING}", yellow=True)


@pytest.fixture(scope="session", autouse=True)
def heard() -> None:
    """A shell that starts the tests in the background has them ignore SIGINT, and so would every desk they start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="module", params=["socket", "events"])
def slack(request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """A Slack of its own for each test module, once by Socket Mode and once by the Events API."""
    with Workspace(request.param) as workspace:
        yield workspace


@pytest.fixture(scope="module")
def desk(slack: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskProcess]:
    """The desk on that Slack."""
    with DeskProcess(slack, tmp_path_factory.mktemp("desk")) as process:
        yield process


@pytest.fixture(autouse=True)
def _nothing_but_what_is_made_to_fail() -> Iterator[None]:
    """Holds every conversation with the desk to the kinds of calls of which a test shows what happens if they fail."""
    yield
    unshown = Front.kinds_seen - kinds.ALL
    assert not unshown, f"no test makes these calls fail; add them to kinds.py: {unshown}"
