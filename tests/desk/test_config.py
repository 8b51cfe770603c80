"""The configuration: secrets from the environment alone, placeholders refused, the console without any."""

import os
import runpy
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

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


@pytest.fixture(autouse=True)
def _mask() -> Iterator[None]:
    """What this process may write is as it was before."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_what_the_desk_writes_is_for_nobody_else_to_read(configured: Configured, tmp_path: Path):
    state = tmp_path / "made" / "state"
    configured(DESK_STATE_DIR=str(state))
    written = state / "errbot" / "written.json"
    written.touch()
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (state.parent, state, state / "errbot", written)]
    assert modes == [0o700, 0o700, 0o700, 0o600]


def test_what_people_type_is_not_sent_to_sentry(configured: Configured):
    options = configured(SENTRY_DSN="https://key@127.0.0.1/1")["SENTRY_OPTIONS"]
    assert (options["max_breadcrumbs"], options["include_local_variables"]) == (0, False)
    trace = {"frames": [{"function": "run", "lineno": 5}]}
    event = {
        "event_id": "1",
        "level": "error",
        "logger": "errbot.core",
        "logentry": {"message": 'An error happened while processing "!incident open typed"', "params": ["typed"]},
        "message": "typed",
        "exception": {"values": [{"type": "KeyError", "value": "'typed'", "stacktrace": trace}]},
        "breadcrumbs": {"values": [{"message": "typed"}]},
        "extra": {"said": "typed"},
    }
    sent = options["before_send"](event, {})
    assert sent["exception"] == {"values": [{"type": "KeyError", "value": "", "stacktrace": trace}]}
    assert "typed" not in repr(sent)
    own = event | {
        "logger": "opsdesk.posts.scheduler",
        "logentry": {"message": "Post %s is given up: %s", "params": ["typed"]},
    }
    assert options["before_send"](own, {})["logentry"] == {"message": "Post %s is given up: %s"}


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
        ("SLACK_APP_TOKEN", "xapp-your-token"),
        ("SLACK_SIGNING_SECRET", "REPLACE_ME"),
        ("DESK_DATADOG_TEVI_APP_KEY", "TODO"),
        ("SENTRY_DSN", "https://key@example.com/1"),
        ("SLACK_SIGNING_SECRET", "your-secret"),
        ("DESK_DATADOG_VAGOV_API_KEY", "xxx"),
        ("SENTRY_DSN", "https://..."),
    ],
)
def test_a_placeholder_is_refused_with_a_sentence(configured: Configured, name: str, value: str):
    with pytest.raises(SystemExit, match=f"{name} holds a placeholder, not a value"):
        configured(**{name: value})


def test_an_address_that_is_not_sentry_s_is_refused(configured: Configured):
    with pytest.raises(SystemExit, match="SENTRY_DSN is not an address that Sentry gave out"):
        configured(SENTRY_DSN="https://sentry.io/1")


def test_a_state_folder_that_cannot_be_made_is_refused(configured: Configured, tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match="file/state cannot be used: Not a directory"):
        configured(DESK_STATE_DIR=str(tmp_path / "file" / "state"))


def test_a_token_with_xxx_in_it_by_chance_is_none(configured: Configured):
    assert configured(SLACK_BOT_TOKEN="xoxb-1-aXxXb", SLACK_APP_TOKEN="xapp-1-abc")["BACKEND"] == "SlackDesk"


def test_a_bot_token_alone_is_refused_with_what_it_needs(configured: Configured):
    with pytest.raises(SystemExit, match="SLACK_BOT_TOKEN needs SLACK_APP_TOKEN"):
        configured(SLACK_BOT_TOKEN="xoxb-1-2-abc")


@pytest.mark.parametrize("admin", ["@alice", "alice", "u0alice", "U0 ALICE", "<@U0ALICE>", "C0GENERAL"])
def test_an_admin_on_slack_is_a_user_id(configured: Configured, admin: str):
    with pytest.raises(SystemExit, match="DESK_ADMINS holds something that is no Slack user id") as told:
        configured(SLACK_BOT_TOKEN="xoxb-1-2-abc", SLACK_APP_TOKEN="xapp-1-abc", DESK_ADMINS=f"U0BOB, {admin}")
    assert admin not in str(told.value)


def test_an_admin_at_the_console_may_be_called_anything(configured: Configured):
    assert configured(DESK_ADMINS="alice")["BACKEND"] == "Text"


SECRETS = (
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "DESK_DATADOG_VAGOV_API_KEY",
    "DESK_WEBHOOK_SENTRY_SECRET",
    "SENTRY_DSN",
)


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("value", ["k3y\nw1th", "k3y\rw1th", "k3y w1th", "k3y\u2019w1th", "k3y\tw1th"])
def test_a_key_with_a_break_in_it_is_refused_and_not_repeated(configured: Configured, name: str, value: str):
    with pytest.raises(SystemExit, match=f"{name} holds a line break, a blank or a letter that no key has") as told:
        configured(**{name: value})
    assert not [part for part in ("k3y", "w1th") if part in str(told.value)]


@pytest.mark.parametrize("dsn", ["xoxb-1-2-marker", "ftp://marker@127.0.0.1/1", "https://marker@127.0.0.1/x/"])
def test_what_is_no_address_of_sentry_s_is_not_repeated(configured: Configured, dsn: str):
    with pytest.raises(SystemExit, match="SENTRY_DSN is not an address") as told:
        configured(SENTRY_DSN=dsn)
    assert "marker" not in str(told.value)


def test_sentry_adds_nothing_to_what_is_sent_to_others(configured: Configured):
    assert configured(SENTRY_DSN="https://key@127.0.0.1/1")["SENTRY_OPTIONS"]["trace_propagation_targets"] == []
