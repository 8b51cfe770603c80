"""What people take away from the incidents: the file that was asked for, with words beside it."""

from datetime import date, tzinfo
from pathlib import Path

from opsdesk import export
from opsdesk.chat import Reply
from opsdesk.incidents import IncidentLog
from opsdesk.render import exports as words

FOLDER = "exports"  # beside what the desk stores


def exported(asked: int | tuple[date, date], log: IncidentLog, state_dir: Path, zone: tzinfo) -> Reply:
    """The file asked for, with words beside it: the post-mortem of that number, or the incidents of days as CSV.

    Raises a Refusal where there is no such incident, and where the file cannot be written.
    """
    if isinstance(asked, tuple):
        return _table_file(*asked, log, state_dir / FOLDER, zone)
    return _post_mortem_file(asked, log, state_dir / FOLDER, zone)


def _post_mortem_file(number: int, log: IncidentLog, folder: Path, zone: tzinfo) -> Reply:
    file = export.write(folder, f"incident-{number}.md", words.post_mortem(log.get(number), zone))
    return Reply(words.beside_post_mortem(number), file=file)


def _table_file(first: date, last: date, log: IncidentLog, folder: Path, zone: tzinfo) -> Reply:
    incidents = log.opened(first, last)
    file = export.write(folder, f"incidents-{first}-to-{last}.csv", words.table(incidents, zone))
    return Reply(words.beside_table(len(incidents), first, last), file=file)
