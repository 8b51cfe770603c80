"""How the desk stands, in words for people and for machines."""

import json
from collections.abc import Sequence

from opsdesk.readiness import Readiness
from opsdesk.settings import Settings


def status(readiness: Readiness, told: Settings, warnings: Sequence[str]) -> str:
    """The answer to !desk status."""
    head = "The desk is ready." if readiness.ready else "The desk is not ready."
    rehearsal = ("Rehearsal: scheduled posts go to the rehearsal channel",) if told.rehearsal else ()
    store = [f"⚠ {warning}" for warning in warnings] or ["Store: no damage found"]
    return "\n".join([head, *readiness.lines, *rehearsal, *store, f"Times are {told.file.zone}"])


def health(readiness: Readiness) -> tuple[str, int, dict[str, str]]:
    """The body, status and headers of the health page."""
    body = json.dumps({"ready": readiness.ready, "lines": list(readiness.lines)})
    return body, 200 if readiness.ready else 503, {"Content-Type": "application/json"}
