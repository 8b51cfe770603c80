"""The stage: a desk in a folder of its own, a clock moved by hand, conversations as people type them."""

import functools
import logging
import math
import os
import resource
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from errbot import backend_plugin_manager, plugin_manager
from errbot.backends.test import TestBot
from hypothesis import settings

from opsdesk import process as desks
from opsdesk.guard import own
from opsdesk.posts import apart
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.chat import SlackChat
from opsdesk.slack.doubles import Doubles
from tests import planted
from tests.datadog.stage import DatadogStandIn
from tests.incidents.stage import Shift, shift
from tests.patience import LONG
from tests.posts.stage import Hanging
from tests.slack.stage import Slack, Waits, serving
from tests.store.stage import Shelf
from tests.summary.stage import Team
from tests.talk import Conversation, MovedClock

if TYPE_CHECKING:
    from tests.counts.stage import CountStage

ROOT = Path(__file__).parents[1]

# Most of what the tests wait for is the disk, which need not outlive them: where there is room, they use memory.
MEMORY = Path("/dev/shm")
if (
    "TMPDIR" not in os.environ
    and MEMORY.is_dir()
    and os.access(MEMORY, os.W_OK)
    and shutil.disk_usage(MEMORY).free > 2**30
):
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

# Desks are started by the hundred: none need compile what another has compiled.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A bot of Errbot's keeps some files open until its process ends, and hundreds are started: many systems allow 1,024.
MANY = 16_384
_soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
if _soft != resource.RLIM_INFINITY and _soft < MANY:
    _most = MANY if _hard == resource.RLIM_INFINITY else min(MANY, _hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_most, _hard))

# What is installed does not change while the tests run, and every bot that starts looks it up.
for _module in (backend_plugin_manager, plugin_manager):
    _module.entry_point_plugins = functools.cache(_module.entry_point_plugins)
plugin_manager.check_dependencies = functools.cache(plugin_manager.check_dependencies)

# Nothing hangs unless a test says so: however busy the machine is, messages are sent in their order.
apart.PATIENCE = LONG

# What an example does is tested, not how long it takes on a machine that has other work as well. A version is judged
# by the same examples each time; `make fuzz` tries others.
settings.register_profile("desk", deadline=None, derandomize="DESK_FUZZ" not in os.environ)
settings.load_profile("desk")


def pytest_xdist_auto_num_workers() -> int:
    """Returns how many processes run the tests: more than processors, as many tests wait for what they started."""
    return math.ceil(1.5 * len(os.sched_getaffinity(0)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tells how late the campaign's posts were, and in one line what was skipped, why, and where pictures are."""
    reasons = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ") for report in terminalreporter.getreports("skipped")
    )
    passed = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    kept = sorted({value for report in passed for name, value in report.user_properties if name == "pictures"})
    told = "; ".join(f"{count} because {reason}" for reason, count in reasons.most_common())
    for line in _lateness(terminalreporter.getreports("passed")):
        terminalreporter.write_line(line)
    pictures = f" Pictures of what people saw: {', '.join(kept)}." if kept else ""
    terminalreporter.write_line(f"Skipped: {told or 'nothing'}.{pictures}")


def _lateness(reports: Iterable[pytest.TestReport]) -> Iterator[str]:
    """How late the posts of the campaign were: a line for each kind of evening."""
    late: dict[str, list[float]] = {}
    for report in reports:
        for kind, seconds in (value for name, value in report.user_properties if name == "lateness"):
            late.setdefault(kind, []).append(seconds)
    for kind, measured in sorted(late.items()):
        ordered, many = sorted(measured), len(measured)
        told = ", ".join(
            f"{name} {ordered[math.ceil(many * share) - 1]:.2f} s"
            for name, share in (("median", 0.5), ("99th percentile", 0.99), ("worst", 1))
        )
        yield f"Posts late, {kind}: {told} ({many} evenings)."


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Shift]:
    """A shift with an incident log, and nobody to type to."""
    with shift(tmp_path / "state") as stage:
        yield stage


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A store with a table of each sort."""
    return Shelf(tmp_path / "state")


@pytest.fixture
def datadog() -> Iterator[DatadogStandIn]:
    """A Datadog without a point; give the desk its `environment` to have it asked."""
    with DatadogStandIn() as standin:
        yield standin


@pytest.fixture
def open_stage(tmp_path: Path, datadog: DatadogStandIn) -> "Iterator[Callable[..., CountStage]]":
    """Opens counts on a stage of their own that ask `datadog`, with what a CountStage may be given."""
    from tests.counts.stage import CountStage  # which imports this module

    with ExitStack() as open_ones:

        def begin(**given: Any) -> CountStage:
            stage = CountStage(tmp_path, datadog, **given)
            open_ones.callback(lambda: stage.store.close())
            return stage

        yield begin


@pytest.fixture
def stage(open_stage: "Callable[[], CountStage]") -> "CountStage":
    return open_stage()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The variables the desk is started with: a state folder of its own, and the shipped data files, to be edited."""
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("state"))
    return planted.BESIDE | {"DESK_STATE_DIR": str(tmp_path / "state"), "DESK_DATA_DIR": str(tmp_path / "data")}


@pytest.fixture(autouse=True)
def _nothing_planted_comes_out(request: pytest.FixtureRequest) -> Iterator[None]:
    """Holds every test to this: none of the secrets that its desks are given stands in a log, a message or a file."""
    watch = planted.Watch()
    logging.root.addHandler(watch)
    yield
    logging.root.removeHandler(watch)
    folder = (request.node.funcargs or {}).get("tmp_path")  # none where the run was interrupted
    if isinstance(folder, Path):
        planted.look_below(folder)
    came_out = list(planted.found)
    planted.found.clear()
    assert came_out == []


def nothing_allowed() -> Iterator[None]:
    """Makes a fixture: nobody's addresses and numbers are the team's own, whatever desk this process had before."""
    before = list(own._told)
    own._told.clear()
    yield
    own._told[:] = before


@pytest.fixture
def told_of_undo() -> bool:
    """Whether people have read that a change can be taken back; the desk tells it once a day."""
    return True


@pytest.fixture
def start(environment: dict[str, str], clock: MovedClock, told_of_undo: bool) -> Iterator[Callable[[], Conversation]]:
    """Starts the desk; called again, it starts anew on the same folder, to which `meanwhile` may have been done."""
    running: list[TestBot] = []
    handlers = list(logging.root.handlers)

    def stop() -> None:
        while running:
            bot = running.pop()
            bot.stop()
            shutil.rmtree(bot.bot_config.BOT_DATA_DIR)
        for handler in [one for one in logging.root.handlers if one not in handlers]:
            logging.root.removeHandler(handler)
            handler.close()
        desks.close_desks()

    def begin(meanwhile: Callable[[], object] = lambda: None) -> Conversation:
        stop()
        meanwhile()
        bot = TestBot(
            extra_plugin_dir=str(ROOT / "plugins"),
            loglevel=logging.INFO,
            extra_config={
                "DESK_ENVIRONMENT": environment,
                "DESK_NOW": clock,
                "DESK_TICK": 0,
                "BOT_ALT_PREFIXES": ("@desk",),
                "MESSAGE_SIZE_LIMIT": 60_000,
                "BOT_ADMINS": ("alice",),
                "AUTOINSTALL_DEPS": False,
                "BOT_ASYNC_POOLSIZE": 1,  # one command after the other, as they are typed
                "CORE_PLUGINS": ("ACLs", "CommandNotFoundFilter", "Health", "Help", "Plugins", "Utils"),
            },
        )
        bot.start(timeout=LONG)
        running.append(bot)
        talk = Conversation(bot)
        if told_of_undo:
            talk.knows_undo("alice", "bob", "charlie")
        return talk

    yield begin
    stop()


@pytest.fixture
def talk(start: Callable[[], Conversation]) -> Conversation:
    return start()


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    """The desk around the day's post, from Saturday, November 21, 2026 on."""
    team = Team(tmp_path, "2026-11-21 00:00")
    yield team
    team.store.close()


@pytest.fixture
def slack() -> Iterator[Slack]:
    """Slack's Web API, served on this machine."""
    with serving(Slack()) as api:
        yield api


@pytest.fixture
def waits() -> Waits:
    """How long the web client was to wait, without waiting."""
    return Waits()


@pytest.fixture
def web(slack: Slack, waits: Waits) -> Iterator[SlackWeb]:
    """The web client on that Slack."""
    doubles = Doubles()
    yield SlackWeb("xoxb-test", base_url=slack.url, stopping=waits, doubles=doubles)
    doubles.close()


@pytest.fixture
def told() -> list[str]:
    """What the admins are told by `chat`."""
    return []


@pytest.fixture
def chat(web: SlackWeb, told: list[str]) -> SlackChat:
    """The desk's chat on that Slack."""
    return SlackChat(web, tell_admins=told.append)


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    """What hangs, as a test says, until the test is over."""
    hanging = Hanging()
    yield hanging
    hanging.over.set()
