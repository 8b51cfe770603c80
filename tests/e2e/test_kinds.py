"""Whatever the desk's code asks Slack for, a test makes it fail."""

from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest
from slack_sdk import WebClient

from tests.e2e import kinds
from tests.e2e.harness import ROOT

METHODS = {name.replace("_", ".") for name in vars(WebClient) if "_" in name and not name.startswith("_")}
NOT_CALLED = {
    "chat.delete": "made to fail in tests/posts: it deletes only what is close to a post, by a clock that is moved",
    "team.info": "answered from auth.test",
}
SPEAKS_TO_SLACK = [*sorted((ROOT / "plugins" / "opsdesk" / "slack").glob("*.py")), *(ROOT / "backends").glob("*/*.py")]


def words_of(code: CodeType) -> Iterator[str]:
    """Every name and every text in a piece of code, and in those within it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, tuple):
            yield from (one for one in constant if isinstance(one, str))
        elif isinstance(constant, CodeType):
            yield from words_of(constant)


def called_in(file: Path) -> set[str]:
    """Slack's methods that a file names, as slack_sdk has them or as Slack has."""
    words = words_of(compile(file.read_text("utf-8"), file, "exec"))
    return {word.replace("_", ".") for word in words} & METHODS


def test_every_call_that_the_code_names_is_made_to_fail():
    named = set().union(*map(called_in, SPEAKS_TO_SLACK))
    assert named - set(NOT_CALLED) == {kind for kind in kinds.ALL if "." in kind}


@pytest.mark.parametrize(
    "code", ["web.pins_add(channel=room)", "call('pins.add')", "for one in ('pins.add', 'x'): f(one)"]
)
def test_a_call_is_seen_however_it_is_named(tmp_path, code):
    (tmp_path / "code.py").write_text(f"def do():\n    {code}\n")
    assert called_in(tmp_path / "code.py") == {"pins.add"}
