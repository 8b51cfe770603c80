"""Whether commands typed now are answered, for people and for machines."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec


class Readiness(msgspec.Struct, frozen=True):
    """Whether commands typed now are answered, with lines that tell people the state of things."""

    ready: bool
    lines: Sequence[str] = ()


def readiness_of(bot: Any, plugins: Mapping[str, bool], away: str = "") -> Readiness:
    """Return the readiness of the chat, the store and the desk's own plugins, each of which, by name, answers or not.

    `away` says why the store stores nothing just now. A backend may tell its own by `desk_readiness`.
    """
    chat: Readiness = (
        bot.desk_readiness() if hasattr(bot, "desk_readiness") else Readiness(True, (f"Chat: {bot.mode}",))
    )
    idle = sorted(name for name, answers in plugins.items() if not answers)
    count = f"Plugins: {len(plugins) - len(idle)} active"
    active = f"⚠ {count}, not active: {', '.join(idle)}" if idle else count
    lines = (*((f"⚠ {away}",) if away else ()), *chat.lines, active)
    return Readiness(chat.ready and not idle and not away, lines)


def health(readiness: Readiness) -> tuple[str, int, dict[str, str]]:
    """Return the body, status and headers of the health page, which tells strangers no more than that."""
    body = json.dumps({"ready": readiness.ready})
    return body, 200 if readiness.ready else 503, {"Content-Type": "application/json"}


def alive() -> tuple[str, int, dict[str, str]]:
    """Return the body, status and headers of the page that tells that the desk runs, whether or not it is ready."""
    return json.dumps({"alive": True}), 200, {"Content-Type": "application/json"}
