"""What every plugin owes, whatever is in plugins/: it loads, survives a reload, and its help is true."""

import ast
import inspect
import queue
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from opsdesk.chat.chat import Reply
from tests.conftest import ROOT
from tests.oncall.stage import ROTATION_TOML
from tests.patience import LONG
from tests.talk import Conversation

FOLDERS = sorted(path.parent for path in (ROOT / "plugins").glob("*/*.plug"))
HELP = re.compile(r"[A-Z][^:]+: (![^:]*(?:\S:\S[^:]*)*)")
LONGEST = 80  # characters of a line that Errbot's help shows

# What is said before an example, so that it has something to work on: who, and what.
BEFORE = {
    "incident_reopen": [("alice", "!incident resolve 12")],
    "oncall_accept": [("bob", "!oncall swap alice 2026-12-02")],
    "oncall_decline": [("bob", "!oncall swap alice 2026-12-02")],
    "oncall_undo": [("bob", "!oncall take"), ("alice", "!oncall take")],
    "alerts_undo": [("alice", "!alerts ack 3")],
    "alerts_unmute": [("alice", "!alerts mute 3 2h a deploy")],
    "watch_on": [("alice", "!watch off 2h a load test")],
    "summary_resume": [("alice", "!summary skip 2026-11-25 nobody is on shift")],
}
ASKED = {"yes": "!incident mrge 12 into 11", "no": "!incident mrge 12 into 11"}  # what Alice is asked about before
SPEAKERS = {"oncall_take": "bob"}


def commands() -> Iterator[tuple[str, str]]:
    """Name and docstring of every command in plugins/, as written there."""
    for folder in FOLDERS:
        for node in ast.walk(ast.parse((folder / f"{folder.name}.py").read_text())):
            if isinstance(node, ast.FunctionDef) and any("command" in ast.unparse(one) for one in node.decorator_list):
                yield node.name, ast.get_docstring(node) or ""


COMMANDS = dict(commands())


def example(name: str) -> str:
    found = HELP.fullmatch(COMMANDS[name].splitlines()[0])
    assert found, f"{name} has no example behind its help"
    return found[1]


class Listener:
    """Hears what the desk answers, and whether it refused."""

    def __init__(self, talk: Conversation) -> None:
        self.talk, self.heard = talk, queue.SimpleQueue[tuple[str, bool]]()
        chat = talk.plugin("incidents").desk.chat
        answer = chat.answer

        def listen(message: Any, reply: Reply, *, refused: bool = False) -> Any:
            self.heard.put((reply.text, refused))
            return answer(message, reply, refused=refused)

        chat.answer = listen

    def __call__(self, by: str, line: str) -> tuple[str, bool]:
        self.talk(line, by)
        return self.heard.get(timeout=LONG)


@pytest.fixture
def shift(environment: dict[str, str], start: Callable[[], Conversation]) -> Listener:
    """A day on which Alice is on call and twelve incidents are open."""
    (Path(environment["DESK_DATA_DIR"]) / "rotation.toml").write_text(ROTATION_TOML)
    say = Listener(start())
    for number in range(12):  # the last by somebody who is not on call: it waits to be acknowledged
        say("charlie" if number == 11 else "alice", f"!incident open VistA timeouts {number}")
    desk = say.talk.plugin("alerts").desk
    for number, name in enumerate(("Puma backlog", "Sidekiq enqueued", "RPC socket timeouts")):
        text = f"Triggered: {name}"
        at = f"{desk.now().timestamp() - number:.6f}"
        desk.alerts.intake.message({"channel": "C02U11L00TF", "ts": at, "bot_id": "B0DATADOG", "text": text})
    return say


def test_every_plugin_loads(talk: Conversation) -> None:
    active = talk.plugin("incidents")._bot.plugin_manager.get_all_active_plugin_names()
    assert {folder.name for folder in FOLDERS} <= set(active)
    assert {folder.name for folder in FOLDERS} == {
        path.name for path in (ROOT / "plugins").iterdir() if path.name not in ("opsdesk", "__pycache__")
    }


def test_every_command_is_one_of_those_examined_here(talk: Conversation) -> None:
    bot = talk.plugin("incidents")._bot
    owners = {name: bot.get_plugin_class_from_method(command) for name, command in bot.all_commands.items()}
    ours = {name for name, owner in owners.items() if Path(inspect.getfile(owner)).is_relative_to(ROOT / "plugins")}
    assert ours == set(COMMANDS)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_reloaded_plugin_goes_on_where_it_was(shift: Listener, folder: Path) -> None:
    name = folder.name
    before, desk = shift("alice", "!incident list"), shift.talk.plugin("incidents").desk
    assert shift.talk(f"!plugin reload {name}") == f"Plugin {name} reloaded."
    assert shift.talk.plugin(name).desk is desk
    assert shift("alice", "!incident list") == before


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_one_line_of_help_with_an_example_of_itself(name: str) -> None:
    (line,) = COMMANDS[name].splitlines()
    assert f"{example(name)} ".startswith(f"!{name.replace('_', ' ')} ")
    assert len(line) <= LONGEST, f"the help cuts it: {line[LONGEST - 3 :]}"


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "oncall_calendar"])  # it needs a web server
def test_every_example_does_what_it_says(shift: Listener, name: str) -> None:
    for by, line in BEFORE.get(name, []):
        told, refused = shift(by, line)
        assert not refused, told
    if name in ASKED:
        assert "`!yes` does it" in shift("alice", ASKED[name])[0]
    told, refused = shift(SPEAKERS.get(name, "alice"), example(name))
    assert told
    assert not refused, told
