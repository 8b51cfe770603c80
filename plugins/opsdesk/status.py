"""How the desk stands, in words for people and for machines."""

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from opsdesk.settings import Settings


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


def status(readiness: Readiness, told: Settings, damage: Sequence[str], mistakes: Sequence[str]) -> str:
    """The answer to !desk status, with the damage found in the store and the mistakes in the team's files."""
    head = "The desk is ready." if readiness.ready else "The desk is not ready."
    rehearsal = ("Rehearsal: scheduled posts go to the rehearsal channel",) if told.rehearsal else ()
    store = [f"⚠ {warning}" for warning in damage] or ["Store: no damage found"]
    files = [f"⚠ {mistake}" for mistake in mistakes] or ["The team's files: right"]
    return "\n".join([head, *readiness.lines, *rehearsal, *store, *files, f"Times are {told.file.zone}"])


def health(readiness: Readiness) -> tuple[str, int, dict[str, str]]:
    """The body, status and headers of the health page."""
    body = json.dumps({"ready": readiness.ready, "lines": list(readiness.lines)})
    return body, 200 if readiness.ready else 503, {"Content-Type": "application/json"}
