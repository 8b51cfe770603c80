"""The state of the desk, in words for people and for machines."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import humanize
import msgspec

from opsdesk.settings import Settings
from opsdesk.store import Backup

VERSION = "1.0.0"
UNCONFIRMED = "This chat confirms nothing: what the bot has handed over counts as sent, whether it arrived or not."


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
    active = f"Plugins: {len(plugins) - len(idle)} active" + (f", not active: {', '.join(idle)}" if idle else "")
    lines = (*((f"⚠ {away}",) if away else ()), *chat.lines, active)
    return Readiness(chat.ready and not idle and not away, lines)


def status(
    readiness: Readiness, settings: Settings, damage: Sequence[str], mistakes: Sequence[str], *, confirmed: bool = True
) -> str:
    """Return the answer to !desk status: first what is wrong with the store and the team's files, then the rest.

    It says so where the chat does not tell the desk whether a message arrived, which then is not `confirmed`.
    """
    head = "The desk is ready." if readiness.ready else "The desk is not ready."
    problems = [f"⚠ {problem}" for problem in (*damage, *mistakes, *(() if confirmed else (UNCONFIRMED,)))]
    rehearsal = ("Rehearsal: scheduled posts go to the rehearsal channel",) if settings.rehearsal else ()
    right = (["Store: no damage found"] if not damage else []) + (["The team's files: right"] if not mistakes else [])
    zone = f"Times are {settings.file.zone}"
    return "\n".join([head, *problems, *readiness.lines, *rehearsal, *right, zone, f"Version {VERSION}"])


def backed_up(backup: Backup) -> str:
    """Return the answer to !desk backup: where the copy is, and what it lacks."""
    size = humanize.naturalsize(backup.size)
    lacking = f"⚠ It lacks what is damaged here: {', '.join(backup.lacking)}. " if backup.lacking else ""
    kept = "The last seven are kept: copy it to another machine. The README says how it is put back."
    return f"Backed up to {backup.path} ({size}). {lacking}{kept}"


def health(readiness: Readiness) -> tuple[str, int, dict[str, str]]:
    """Return the body, status and headers of the health page, which tells strangers no more than that."""
    body = json.dumps({"ready": readiness.ready})
    return body, 200 if readiness.ready else 503, {"Content-Type": "application/json"}
