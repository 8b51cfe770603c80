"""What the README says is what the desk does."""

import re
from collections.abc import Iterator

import pytest

from opsdesk.access.door import KnownStanding
from opsdesk.access.standing import Standing
from opsdesk.counts.answers import PICTURES
from opsdesk.slack.lookups import KEPT
from tests.conftest import ROOT
from tests.talk import Conversation, MovedClock

README = (ROOT / "README.md").read_text("utf-8")
ROW = re.compile(r"(?m)^\| `(!.+?)` \| (.+?) \|$")
TURN = re.compile(r"\[(\d+:\d\d[ap]m)\] (alice|bob|desk): (.*)|desk: (.*)")


def commands_told() -> list[tuple[str, str]]:
    """The rows of the README's command table: the example, and what it does."""
    return [(typed, does[0].upper() + does[1:]) for typed, does in re.findall(ROW, README)]


def commands_of(talk: Conversation) -> list[tuple[str, str]]:
    """The same of the bot itself, from the help of each of the desk's commands."""
    ours = [plugin for plugin in talk.plugins() if type(plugin).__module__.startswith("errbot.plugins.")]
    handlers = {
        handler.__doc__.strip()
        for plugin in ours
        if "DeskPlugin" in {base.__name__ for base in type(plugin).__mro__}
        for name in dir(plugin)
        if getattr(handler := getattr(plugin, name), "_err_command", False)
    }
    return sorted((example, about) for about, _, example in (doc.rpartition(": ") for doc in handlers))


def test_the_command_table_is_the_bots_own(talk: Conversation):
    assert sorted(commands_told()) == commands_of(talk)


def turns() -> Iterator[tuple[str, str, str]]:
    """The README's conversation: when and by whom ("" for an answer), and what was said."""
    block = re.search(r"## A conversation\n.*?```\n(.*?)```", README, re.DOTALL)
    assert block
    said: list[tuple[str, str, str]] = []
    for line in block[1].splitlines():
        turn = TURN.fullmatch(line)
        if turn:
            said.append((turn[1] or "", turn[2] or "", turn[3] or turn[4] or ""))
        else:
            when, who, text = said[-1]
            said[-1] = when, who, f"{text}\n{line.removeprefix('      ')}"
    yield from said


def test_the_conversation_is_a_real_one(talk: Conversation, clock: MovedClock):
    for when, who, text in turns():
        if when:
            clock.to_time(when)
        if who in ("alice", "bob"):
            talk.say(text, who)
            continue
        if who == "desk":
            talk.tick()
        assert talk.next() == text


def test_every_variable_is_in_the_table():
    told = set(re.findall(r"`((?:SLACK|DESK|SENTRY)_[A-Z_]+)`", README))
    assert told == set(variables_read())


def variables_read() -> Iterator[str]:
    """The variables that config.py and the library ask for by name, and the key pairs of the organisations."""
    for file in (ROOT / "config.py", *(ROOT / "plugins").rglob("*.py"), *(ROOT / "backends").rglob("*.py")):
        text = re.sub(
            r"(get|has)attr\(.*", "", file.read_text("utf-8")
        )  # the bot's own configuration, which tests bring
        yield from re.findall(r"\"((?:SLACK|DESK|SENTRY)_[A-Z_]*[A-Z])\"", text)
    for organisation in ("VAGOV", "TEVI", "VETEXT"):
        yield from (f"DESK_DATADOG_{organisation}_{kind}_KEY" for kind in ("API", "APP"))


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "data").iterdir() if path.suffix == ".toml"))
def test_every_data_file_is_in_the_table(name: str):
    assert f"| `data/{name}` |" in README


def test_every_link_to_a_file_leads_somewhere():
    for path in re.findall(r"`((?:plugins|backends|tests|data)/[\w./-]+)`", README):
        assert (ROOT / path).exists() or path.startswith("data/state") or "NAME" in path, path


def test_the_readme_tells_how_long_charts_and_people_are_kept() -> None:
    assert f"| charts | `charts/` | the newest {PICTURES} |" in README
    assert f"| nowhere but in memory | {KEPT // 60} minutes |" in README
    told = next(line for line in README.splitlines() if line.startswith("| what was last known of people: "))
    assert all(one.value.split()[-1] in told for one in (Standing.MEMBER, Standing.APP, Standing.GONE))
    assert KnownStanding.__struct_fields__ == ("standing", "at")
