"""The desks that share a database, told to people: who is there, who has the lease, and what should not differ."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from opsdesk.store import DeskSeen
from opsdesk.text import tell_when

LASTS = timedelta(minutes=10)  # that desks may differ, as they do during an update, before the admins are told
FILES = "The desks on this database have different team files (data/*.toml): copy those of one to the others."
VERSIONS = "The desks on this database are of different versions: update them all."


def desk_lines(desks: Sequence[DeskSeen], at: datetime, zone: ZoneInfo) -> list[str]:
    """Return lines on the desks, first what differs; none where there is but one store's own desk."""
    if not desks:
        return []
    head = f"Desks on this database: {len([one for one in desks if one.here])}"
    told = (f"• {_line(one, at, zone)}" for one in desks)
    return [*(f"⚠ {difference}" for difference in differences(desks)), head, *told]


def differences(desks: Sequence[DeskSeen]) -> list[str]:
    """Return in sentences what the desks that are there should have in common and have not."""
    here = [one for one in desks if one.here]
    of = {FILES: {one.files for one in here}, VERSIONS: {one.version for one in here}}
    return [told for told, values in of.items() if len(values) > 1]


class Differences:
    """Finds out what is to be told to the admins: what differs for longer than an update takes, once."""

    def __init__(self) -> None:
        self._since: dict[str, datetime] = {}
        self._told: set[str] = set()

    def to_tell(self, desks: Sequence[DeskSeen], at: datetime) -> list[str]:
        """Return what has differed for so long by now."""
        now = differences(desks)
        self._since = {one: min(self._since.get(one, at), at) for one in now}
        self._told &= set(now)
        news = [one for one in now if at - self._since[one] >= LASTS and one not in self._told]
        self._told.update(news)
        return news


def _line(one: DeskSeen, at: datetime, zone: ZoneInfo) -> str:
    if not one.here:
        return f"{one.name}: gone, last seen {tell_when(one.seen_at, at, zone)}"
    does = "does what is scheduled" if one.leads else "answers"
    since, files = tell_when(one.since, at, zone), one.files or "unknown"
    return f"{one.name}: since {since}, {does}, version {one.version}, team files {files}"
