"""What goes out as a file: an incident's post-mortem, and incidents as CSV."""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from msgspec.structs import replace

from opsdesk import files as export
from opsdesk import guard
from opsdesk.chat import Reply, by_name
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.post_mortem import beside_post_mortem, post_mortem, post_mortem_name
from opsdesk.text import tell_days

UTF_8 = "\ufeff"  # the mark by which spreadsheets know how to read letters
COLUMNS = (
    "number",
    "title",
    "severity",
    "subsystem",
    "status",
    "opened by",
    "owner",
    "started",
    "opened",
    "acknowledged",
    "resolved",
    "minutes to acknowledge",
    "minutes to resolve",
)


def table(incidents: Iterable[Incident], zone: tzinfo) -> str:
    """Return the incidents as CSV, moments with their offset in `zone`, lengths in whole minutes from the start.

    What is not known is empty. Text that a spreadsheet would run as a formula has an apostrophe before it.
    """
    out = io.StringIO(UTF_8, newline="")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(cell) for cell in _row(incident, zone)] for incident in incidents)
    return out.getvalue()


def beside_table(many: int, first: date, last: date) -> str:
    """Return the sentence sent with a table: "2 incidents opened, Nov 1 to Nov 23, 2026."."""
    return f"{many} incident{'' if many == 1 else 's'} opened, {tell_days(first, last)}."


def _row(incident: Incident, zone: tzinfo) -> tuple[str | int, ...]:
    return (
        incident.number,
        incident.title,
        int(incident.severity),
        incident.subsystem,
        incident.state,
        incident.opened_by.name,
        incident.owner.name if incident.owner else "",
        _moment(incident.started_at, zone),
        _moment(incident.opened_at, zone),
        _moment(incident.acknowledged_at, zone),
        _moment(incident.resolved_at, zone),
        _minutes(incident.time_to_acknowledge),
        _minutes(incident.time_to_resolve),
    )


def _moment(at: datetime | None, zone: tzinfo) -> str:
    return at.astimezone(zone).isoformat(" ", "minutes") if at else ""


def _minutes(length: timedelta | None) -> str | int:
    return "" if length is None else length // timedelta(minutes=1)


def _cell(content: str | int) -> str | int:
    return guard.cell(content) if isinstance(content, str) else content


FOLDER = "exports"  # beside what the desk stores


def exported(
    asked: int | tuple[date, date],
    log: IncidentLog,
    state_dir: Path,
    at: datetime,
    name_of: Callable[[str], str],
) -> Reply:
    """Return the file asked for, as of `at`: an incident's post-mortem, or the incidents of some days as CSV.

    `name_of` gives the name of a person whom a text mentions by id. Raises a UserError where there is no such incident,
    and where the file cannot be written.
    """
    if isinstance(asked, tuple):
        return _table_file(*asked, log, state_dir / FOLDER, name_of)
    return _post_mortem_file(asked, log, state_dir / FOLDER, at, name_of)


def with_names(incident: Incident, name_of: Callable[[str], str]) -> Incident:
    """Return an incident in whose texts people and channels stand by name, as whoever has but the file reads them."""

    def named(text: str) -> str:
        return by_name(text, name_of)

    entries = (
        replace(entry, text=named(entry.text), title=entry.title and named(entry.title)) for entry in incident.entries
    )
    return replace(incident, entries=tuple(entries))


def _post_mortem_file(
    number: int, log: IncidentLog, folder: Path, at: datetime, name_of: Callable[[str], str]
) -> Reply:
    incident, own = with_names(log.get(number), name_of), folder / f"incident-{number}"
    text = guard.checked(post_mortem(incident, at, log.zone))
    file = export.hand_out(own, post_mortem_name(incident, log.zone), text)
    export.keep_latest(own, 1)  # called otherwise since, it is another file
    return Reply(beside_post_mortem(number), file=file)


def _table_file(first: date, last: date, log: IncidentLog, folder: Path, name_of: Callable[[str], str]) -> Reply:
    incidents = [with_names(incident, name_of) for incident in log.opened(first, last)]
    text = guard.checked(table(incidents, log.zone))
    file = export.hand_out(folder, f"incidents-{first}-to-{last}.csv", text)
    return Reply(beside_table(len(incidents), first, last), file=file)
