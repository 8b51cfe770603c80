"""The bot that the desk runs in: the one that config.py makes, or somebody's own with the desk among its plugins."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from opsdesk import settings

BANNER = """
The production-support desk. Type `!help`, or begin: `!incident open VistA is slow`.

Ctrl-D ends it, and what was typed is kept.
"""


def is_own(config: Any) -> bool:
    """Return whether Errbot's configuration is the desk's own, which says where everything stands."""
    return hasattr(config, "DESK_ENVIRONMENT")


def environment_of(config: Any) -> Mapping[str, str]:
    """Return the variables for the desk: in somebody's own bot with every folder of the desk below BOT_DATA_DIR.

    There the team's files are in place afterwards: what is missing is copied from those shipped. Raises a
    SettingsError if it cannot be.
    """
    if is_own(config):
        return config.DESK_ENVIRONMENT  # type: ignore[no-any-return]  # errbot is not typed
    if not os.environ.get("DESK_DATA_DIR"):
        settings.copy_shipped(data_dir(config))
    places = {"DESK_DATA_DIR": str(data_dir(config)), "DESK_STATE_DIR": str(_folder(config) / "state")}
    return places | {name: value for name, value in os.environ.items() if value}


def data_dir(config: Any) -> Path:
    """Return where the team's files are in somebody's own bot."""
    return Path(os.environ.get("DESK_DATA_DIR") or _folder(config))


def admins_of(config: Any) -> tuple[str, ...]:
    """Return whom Errbot tells of trouble, as its configuration names them."""
    return tuple(getattr(config, "BOT_ADMINS_NOTIFICATIONS", ()) or config.BOT_ADMINS)


def sentences_of(bot: Any) -> Mapping[str, str]:
    """Return what each of the bot's commands says of itself, by Errbot's name for it."""
    return {name: handler.__doc__ or "" for name, handler in bot.commands.items()}


def greet(bot: Any) -> None:
    """Have Errbot's console begin with what people type here: its own words are of rooms and modes of its own."""
    if bot.mode == "text" and is_own(bot.bot_config):
        type(bot).serve_forever.__globals__["INTRO"] = BANNER


def is_admin(bot: Any, person: str) -> bool:
    """Return whether the person with this id is an admin of the bot."""
    return person.removeprefix("@") in {admin.removeprefix("@") for admin in bot.bot_config.BOT_ADMINS}


def _folder(config: Any) -> Path:
    return Path(config.BOT_DATA_DIR) / "desk"
