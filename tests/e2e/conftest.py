"""End-to-end tests need the stand-in Slack, which npm installs, and those that click a Chromium.

Without them they are skipped, or fail if required.
"""

import os
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.e2e import kinds
from tests.e2e.browser import browsing
from tests.e2e.front import Front
from tests.e2e.harness import BINARY, DeskProcess, Workspace

MISSING = "the stand-in Slack is not installed: npm ci --prefix tests/e2e (make test does so where npm is)"

NO_BROWSER = "no Chromium is installed to click in: apt-get install chromium, or Google Chrome"


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker("e2e")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if not BINARY.exists():
        _lacking(MISSING)
    if "browser" in getattr(item, "fixturenames", ()) and not chromium():
        _lacking(NO_BROWSER)


def _lacking(why: str) -> None:
    if os.environ.get("DESK_E2E") == "required":
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for whatever a module clicks: in this thread it leaves no room for another, nor for asyncio."""
    with browsing() as browser:
        yield browser


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
def _nothing_left_unread(request: pytest.FixtureRequest) -> None:
    """What an earlier test on this Slack left unread is no answer in the next one."""
    if "slack" in request.fixturenames:
        request.getfixturevalue("slack").read_all()


@pytest.fixture(autouse=True)
def _nothing_but_what_is_made_to_fail() -> Iterator[None]:
    """Holds every conversation with the desk to the kinds of calls of which a test shows what happens if they fail."""
    yield
    unshown = Front.kinds_seen - kinds.ALL
    assert not unshown, f"no test makes these calls fail; add them to kinds.py: {unshown}"
