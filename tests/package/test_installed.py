"""The desk in somebody's own bot: installed as a repository, as a package, or found in a folder."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.package.stage import ERRBOT, NOT_KEPT, OwnBot, installed, repository

PLUGINS = sorted(path.stem for path in (ROOT / "plugins").glob("*/*.plug"))
STANDING = f"""\
The desk is ready.
Chat: text
Plugins: {len(PLUGINS)} active
Store: no damage found
The team's files: right
Datadog: not configured
Next posts: """


@pytest.fixture
def bot(tmp_path: Path) -> OwnBot:
    return OwnBot(tmp_path / "bot")


def test_a_repository_is_installed_and_removed_and_what_was_stored_and_edited_stays(
    bot: OwnBot, tmp_path: Path
) -> None:
    source = repository(tmp_path / "opsdesk" / "desk")
    said = bot.type(
        f"!repos install {source}", "!desk status", "!incident open VistA timeouts", "!repos uninstall opsdesk/desk"
    )
    assert "A new plugin repository has been installed correctly" in said
    assert STANDING in said
    assert "🔴 #1 VistA timeouts" in said
    assert "Repo opsdesk/desk removed." in said
    assert bot.complaints() == []
    assert list((bot.data / "plugins").rglob("*.py")) == []
    edited = bot.data / "desk" / "contacts.toml"
    edited.write_text(edited.read_text("utf-8").replace("Shane Elliott", "Charlie Example"), "utf-8")
    said = bot.type(f"!repos install {source}", "!incident list", "!whois vista")
    assert "1 open\n#1 VistA timeouts" in said
    assert "1. Charlie Example" in said


def test_a_package_is_found_and_says_the_same(bot: OwnBot, tmp_path: Path) -> None:
    bot.environment["PYTHONPATH"] = str(installed(tmp_path))
    said = bot.type("!desk status", "!runbook vista-api", "!stats today")
    assert STANDING in said
    assert "*vista-api*" in said
    assert "sample counts: no Datadog keys configured" in said
    assert bot.complaints() == []
    assert "\tSlackDesk\n" in bot.run(ERRBOT, "-l")
    files = str(bot.data / "desk")
    assert bot.run(sys.executable, "-m", "opsdesk.check_data", files).endswith(": right\n")


def test_a_checkout_is_found_by_its_folder_of_plugins_and_nothing_is_written_there(bot: OwnBot, tmp_path: Path) -> None:
    checkout = tmp_path / "desk"
    shutil.copytree(ROOT, checkout, ignore=NOT_KEPT)
    before = contents(checkout)
    bot.configure(BOT_EXTRA_PLUGIN_DIR=str(checkout / "plugins"))
    assert STANDING in bot.type("!desk status", "!incident open VistA timeouts")
    assert bot.complaints() == []
    assert contents(checkout) == before
    assert (bot.data / "desk" / "state" / "days").is_dir()


def contents(folder: Path) -> list[Path]:
    """Everything in the folder but what Python writes to be faster."""
    return sorted(path for path in folder.rglob("*") if "__pycache__" not in path.parts)
