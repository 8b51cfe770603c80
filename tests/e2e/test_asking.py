"""What people ask by Slack's own means, by Socket Mode and by the Events API."""

import re
from collections.abc import Iterator

import pytest

from tests.e2e.harness import GENERAL, HASTY, SCOPES, DeskProcess, Workspace, until


@pytest.fixture(scope="module", params=["socket", "events"])
def slack(request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """A Slack whose app has the scope for it."""
    with Workspace(request.param, scopes=f"{SCOPES},commands") as workspace:
        yield workspace


@pytest.fixture(scope="module")
def desk(slack: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskProcess]:
    """The desk on it, which waits for it but a second."""
    with DeskProcess(slack, tmp_path_factory.mktemp("desk"), config=HASTY) as process:
        yield process


def number_in(card):
    return re.search(r"#(\d+) ", card)[1]


def test_a_slash_command_is_what_is_typed(slack, desk):
    slack.command("alice", "/incident", "open VistA timeouts & <b> --sev 2")
    card = slack.answer()["text"]
    number = number_in(card)
    assert card.startswith(f"🔴 #{number} VistA timeouts &amp; &lt;b&gt;\nsev 2 · vista · opened by alice")
    slack.command("bob", "/incident", f"show {number}")
    assert slack.told_alone("bob").startswith(f"🔴 #{number} VistA timeouts")
    slack.command("bob", "/desk", "status")
    assert slack.told_alone("bob").startswith("The desk is ready.\nSlack: connected")
    slack.command("bob", "/incident", "resolve 700")
    assert slack.told_alone("bob").startswith("There is no incident #700.")
    slack.command("bob", "/incident", f"resolve {number} restarted")
    assert slack.answer()["text"] == f"bob: ✅ #{number} resolved after less than a minute: restarted"


def test_what_is_asked_is_acknowledged_while_slack_hangs(slack, desk):
    fault = slack.front.fail("*", "hang", times=99)
    slack.command("charlie", "/incident", "open Claims rejected")  # returns once it is acknowledged
    hanging = [call for call in slack.front.calls if call.outcome == "hang"]
    assert not any(call.over for call in hanging)
    fault.times = 0
    assert "Claims rejected" in slack.answer()["text"]


def test_who_may_not_type_may_not_ask(slack, desk):
    asked = {"user_id": "U7STRANGER", "user_name": "", "channel_id": GENERAL, "team_id": "T7OTHER", "text": "open mine"}
    slack.front.ask("slash_commands", asked | {"command": "/incident", "trigger_id": "7.7", "response_url": ""})
    refused = until(lambda: [one for one in slack.ask("charlie", "!desk audit").splitlines() if "U7STR" in one], "it")
    assert "!incident open mine" in refused[0]
