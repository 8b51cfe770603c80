"""How the desk stands, in words for people and for machines."""

import json
from collections.abc import Sequence

from opsdesk.readiness import Readiness
from opsdesk.settings import Settings


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
