"""What is said in chat about the board."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from opsdesk.board.access import BoardAccess
from opsdesk.board.links import TO_OPEN
from opsdesk.text import tell_time

TYPED = "Type `!desk board` for a link to the board, or `!desk board revoke` to end those you had."
REVOKED = "Your links to the board open nothing any more, and whoever came in by one is out."
OFF = "The desk has no board here. Whoever runs it can have it: DESK_WEB says where it listens."
NO_LINKS = (
    "No links to the board are given here. Whoever runs the desk can have it: DESK_WEB_ACCESS says who may read it, "
    "DESK_WEB_URL at which address people reach it."
)


def link(address: str, at: datetime, zone: tzinfo) -> str:
    """Return a link to the board, and what becomes of it."""
    until = tell_time(at + TO_OPEN, zone)
    how = f"Open it by {until}: that browser may read for 12 hours then. Nothing can be changed there."
    return f"The board: {address}\n{how} The link is yours alone. `!desk board revoke` ends it."


def elsewhere(on: bool, access: BoardAccess, base: str, environment: Mapping[str, str]) -> str:
    """Return where the board is to be read where no links are given."""
    if not on:
        return OFF
    if access.header and base:
        return f"The board: {base}/board, for whoever has signed in there."
    if access.loopback:
        return f"The board: http://{environment['DESK_WEB']}/board, on the desk's own machine alone."
    return NO_LINKS
