"""Somebody's own bot on Slack, with the desk and its Slack backend installed as packages."""

from pathlib import Path

from tests.e2e.harness import StartedDesk, Workspace
from tests.package.stage import OwnBot, installed


def test_the_desk_s_backend_serves_somebody_s_own_bot(tmp_path: Path) -> None:
    bot = OwnBot(tmp_path / "bot")
    with Workspace() as slack:
        given = slack.environment(tmp_path)
        bot.configure(
            BACKEND="SlackDesk",
            BOT_IDENTITY={"token": given["SLACK_BOT_TOKEN"], "app_token": given["SLACK_APP_TOKEN"]},
            SLACK_API_URL=given["SLACK_API_URL"],
            BOT_ADMINS=(),
        )
        desk = StartedDesk(slack, tmp_path, config=bot.folder / "config.py")
        desk.environment = bot.environment | {"PYTHONPATH": str(installed(tmp_path))}
        with desk:
            slack.say("alice", "!incident open VistA timeouts")
            assert slack.answer()["text"].startswith("🔴 #1 VistA timeouts")
            assert desk.stop() == 0
    assert (bot.data / "desk" / "state" / "days").is_dir()
