"""The state of the desk, in words for people."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from opsdesk.chat import Chat
from opsdesk.settings import Settings
from opsdesk.status.readiness import Readiness
from opsdesk.status.version import VERSION
from opsdesk.store import Backup
from opsdesk.text import tell_when

UNCONFIRMED = "This chat confirms nothing: what the bot has handed over counts as sent, whether it arrived or not."


def answer(
    readiness: Readiness,
    settings: Settings,
    damage: Sequence[str],
    mistakes: Sequence[str],
    others: Sequence[str] = (),
) -> str:
    """Return the answer to !desk status: first what is wrong, each such line with "⚠" in front, then the rest.

    `damage` is what is wrong with the store, `mistakes` with the team's files; `others` are lines of other parts.
    """
    head = "The desk is ready." if readiness.ready else "The desk is not ready."
    wrong = [f"⚠ {problem}" for problem in (*damage, *mistakes)]
    rehearsal = ("Rehearsal: scheduled posts go to the rehearsal channel",) if settings.rehearsal else ()
    right = (["Store: no damage found"] if not damage else []) + (["The team's files: right"] if not mistakes else [])
    lines = [*wrong, *readiness.lines, *rehearsal, *right, *others, f"Times are {settings.file.zone}"]
    return "\n".join([head, *sorted(lines, key=_is_right), f"Version {VERSION}"])


def further(chat: Chat, datadog: Sequence[str], posts: str) -> list[str]:
    """Return further lines of the status: of Datadog, of the next posts, and where the chat confirms nothing."""
    return [*([] if chat.confirms else [f"⚠ {UNCONFIRMED}"]), *datadog, posts]


def next_posts(summary: datetime | None, shift: datetime | None, at: datetime, zone: tzinfo) -> str:
    """Return when the next summary is due, and when the next shift is told of; None where no day is in sight."""
    told = {"summary": summary, "start of the shift": shift}
    parts = [f"{name} {tell_when(due, at, zone)}" for name, due in told.items() if due]
    return f"Next posts: {', '.join(parts) or 'none is in sight'}"


def _is_right(line: str) -> bool:
    return not line.startswith("⚠")


def backed_up(backup: Backup) -> str:
    """Return the answer to !desk backup: where the copy is, and what it lacks."""
    import humanize  # with the first size that is told, not with the start

    size = humanize.naturalsize(backup.size)
    lacking = f"⚠ It lacks what is damaged here: {', '.join(backup.lacking)}. " if backup.lacking else ""
    kept = "The last seven are kept: copy it to another machine. The README says how it is put back."
    return f"Backed up to {backup.path} ({size}). {lacking}{kept}"
