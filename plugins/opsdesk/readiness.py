"""Whether the desk can hear and answer, and what it knows about that."""

from collections.abc import Sequence
from typing import Any

import msgspec


class Readiness(msgspec.Struct, frozen=True):
    """Whether commands typed now are answered, and lines for people that say how things stand."""

    ready: bool
    lines: Sequence[str] = ()


def readiness_of(bot: Any) -> Readiness:
    """How the chat and the plugins of `bot` stand. A backend may tell of itself by `desk_readiness`."""
    chat: Readiness = (
        bot.desk_readiness() if hasattr(bot, "desk_readiness") else Readiness(True, (f"Chat: {bot.mode}",))
    )
    plugins = bot.plugin_manager.plugins
    idle = sorted(name for name, one in plugins.items() if not one.is_activated)
    told = f"Plugins: {len(plugins) - len(idle)} active" + (f", not active: {', '.join(idle)}" if idle else "")
    return Readiness(chat.ready and not idle, (*chat.lines, told))
