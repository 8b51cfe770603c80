"""The configuration: secrets from the environment alone, placeholders refused, the console without any."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT

Configured = Callable[..., dict[str, Any]]


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Configured:
    """What config.py comes to with these variables."""

    def read(**variables: str) -> dict[str, Any]:
        for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "DESK_WEB", "DESK_ADMINS"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("DESK_STATE_DIR", str(tmp_path))
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "config.py"))

    return read


def test_without_tokens_it_is_the_console_and_whoever_sits_there_is_its_admin(configured: Configured):
    config = configured(USER="alice")
    assert (config["BACKEND"], config["BOT_ADMINS"]) == ("Text", ("@alice",))


def test_on_slack_nobody_is_admin_by_default(configured: Configured):
    config = configured(SLACK_BOT_TOKEN="xoxb-1-2-abc", SLACK_APP_TOKEN="xapp-1-abc")
    assert (config["BACKEND"], config["BOT_ADMINS"]) == ("SlackDesk", ())
    assert config["BOT_IDENTITY"] == {"token": "xoxb-1-2-abc", "app_token": "xapp-1-abc"}


def test_admins_come_from_the_environment(configured: Configured):
    config = configured(SLACK_BOT_TOKEN="xoxb-1-2-abc", SLACK_APP_TOKEN="xapp-1-abc", DESK_ADMINS="U0ALICE, U0BOB")
    assert config["BOT_ADMINS"] == ("U0ALICE", "U0BOB")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-changeme"),
        ("SLACK_BOT_TOKEN", "xoxb-xxxx-yyyy"),
        ("SLACK_APP_TOKEN", "<your token>"),
        ("SLACK_SIGNING_SECRET", "your-secret"),
        ("DESK_DATADOG_VAGOV_API_KEY", "xxx"),
        ("SENTRY_DSN", "https://..."),
    ],
)
def test_a_placeholder_is_refused_with_a_sentence(configured: Configured, name: str, value: str):
    with pytest.raises(SystemExit, match=f"{name} holds a placeholder, not a value"):
        configured(**{name: value})


def test_a_token_with_xxx_in_it_by_chance_is_none(configured: Configured):
    assert configured(SLACK_BOT_TOKEN="xoxb-1-aXxXb", SLACK_APP_TOKEN="xapp-1-abc")["BACKEND"] == "SlackDesk"


def test_a_bot_token_alone_is_refused_with_what_it_needs(configured: Configured):
    with pytest.raises(SystemExit, match="SLACK_BOT_TOKEN needs SLACK_APP_TOKEN"):
        configured(SLACK_BOT_TOKEN="xoxb-1-2-abc")
