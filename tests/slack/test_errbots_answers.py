"""What Errbot itself answers, on Slack: it notifies nobody, whosever words it repeats."""

import importlib.util
from typing import Any

import pytest
from errbot.backends.base import Message
from slackv3 import slackv3

from opsdesk.slack.mrkdwn import InertMarkdown
from tests.conftest import ROOT

CONVERTER = slackv3.slack_markdown_converter()
CALLS = ("<!channel>", "<!here>", "<!everyone>", "<!subteam^S01ABC>", "<!subteam^S01ABC|@oncall>", "<@U02BOB>")


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("answer", ["{}", "Command {} not found", "*{}*", "`{}`", "[{}](https://example.org)"])
def test_an_answer_of_errbots_calls_nobody(call: str, answer: str) -> None:
    said = InertMarkdown(CONVERTER).convert(answer.format(call))
    assert said
    assert not [live for live in ("<!", "<@") if live in said]


def test_an_answer_of_errbots_goes_out_with_names_not_linked(monkeypatch: pytest.MonkeyPatch) -> None:
    path = ROOT / "backends" / "slackdesk" / "slackdesk.py"
    found = importlib.util.spec_from_file_location("backend_under_test", path)
    assert found
    assert found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    sent: list[Message] = []
    monkeypatch.setattr(slackv3.SlackBackend, "send_message", lambda self, message: sent.append(message))
    answer = Message("No such command: @here @channel", extras={"ts": "1.0"})
    backend: Any = object.__new__(module.SlackDesk)
    backend.send_message(answer)
    assert [message.extras["link_names"] for message in sent] == [False]
