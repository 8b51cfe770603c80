"""In a bot that is not the desk's own, a mistake in the team's files ends nothing, and is told."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Conversation
from tests.dialogs.test_desk import health
from tests.ports import free_port

Edit = Callable[[str, str], None]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Where the team's files are in this bot."""
    return tmp_path / "data" / "desk"


@pytest.fixture
def edit(files: Path) -> Edit:
    """Puts other words for some in desk.toml."""

    def change(old: str, new: str) -> None:
        text = (files / "desk.toml").read_text("utf-8")
        assert old in text
        (files / "desk.toml").write_text(text.replace(old, new), "utf-8")

    return change


def mended(talk: Conversation) -> None:
    """What every plugin that waits does after some seconds."""
    for one in talk.plugins():
        if getattr(one, "waiting", ""):
            one.try_again()


def test_the_team_s_files_are_those_shipped_until_the_team_edits_them(start: Callable[[], Conversation], files: Path):
    start()
    assert (files / "desk.toml").read_text() == (ROOT / "data" / "desk.toml").read_text()
    assert (files / "runbooks" / "chip.md").exists()
    (files / "links.toml").write_text("")
    (files / "runbooks" / "chip.md").unlink()
    (files / "rotation.toml").unlink()
    start()
    assert (files / "links.toml").read_text() == ""
    assert not (files / "runbooks" / "chip.md").exists()
    assert (files / "rotation.toml").read_text() == (ROOT / "data" / "rotation.toml").read_text()


def test_what_may_be_said_to_another_plugin_is_left_to_it(start: Callable[[], Conversation]):
    talk = start()
    for typed in ("yes", "oops", "never mind"):
        talk.say(typed)
        assert talk.silent()
    assert talk("!oops") == "Did you mean `!undo`? `!yes` does it."


def test_a_mistake_in_desk_toml_leaves_the_bot_running_and_is_the_answer_until_it_is_mended(
    start: Callable[[], Conversation], edit: Edit, files: Path, caplog: pytest.LogCaptureFixture
):
    start()
    edit('zone = "America/New_York"', 'zone = "America/New_Yrok"')
    talk = start()
    why = talk("!desk status")
    assert why == (
        'The desk cannot start: desk.toml zone: "America/New_Yrok" is not a time zone, such as America/New_York\n'
        f"Once that is mended it starts by itself. The team's files are in {files}."
    )
    assert talk("!incident open VistA timeouts") == why
    assert talk("!echo here") == "here"
    assert [line for line in caplog.messages if line == why] == [why, why]  # logged, and told by Errbot, which logs too
    edit("America/New_Yrok", "America/New_York")
    mended(talk)
    assert talk("!desk status").startswith("The desk is ready.")
    assert talk("!incident open VistA timeouts").startswith("🔴 #1 VistA timeouts")


def test_a_web_server_that_cannot_start_leaves_the_bot_running_too(
    start: Callable[[], Conversation], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DESK_WEB", "nowhere")
    talk = start()
    assert talk("!desk status").startswith(
        "The desk cannot start: DESK_WEB should be host:port, such as 127.0.0.1:3141.\n"
    )
    assert talk("!incident open VistA timeouts").startswith("🔴 #1 VistA timeouts")


def test_the_health_page_is_ready_whatever_becomes_of_the_bot_s_other_plugins(
    start: Callable[[], Conversation], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DESK_WEB", f"127.0.0.1:{free_port()}")
    talk = start()
    talk.plugin("Health").deactivate()
    assert health(os.environ["DESK_WEB"]) == (200, {"ready": True})
