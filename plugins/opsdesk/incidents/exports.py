"""What goes out as a file: the text of an incident's post-mortem in Markdown, and of incidents as CSV."""

import csv
import io
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from msgspec.structs import replace

from opsdesk import files as export
from opsdesk import guard
from opsdesk.chat import Reply
from opsdesk.clock import day_of
from opsdesk.incidents.incident import URL, Incident
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.timeline_words import lines
from opsdesk.patterns import regex
from opsdesk.text import tell_day, tell_days, tell_length, tell_time

UTF_8 = "\ufeff"  # the mark by which spreadsheets know how to read letters
MARKS = regex(r"[\\`*_{}\[\]]")  # what Markdown reads as a mark wherever it stands
CHANNEL = regex(r"<#([CG][A-Z0-9]+)(?:\|([^<>|]*))?>")
LEADING_MARKS = regex(r"^([^\S\n]*\d*)([-+#>.)=])", re.MULTILINE)  # and where a line begins
NAMED = str.maketrans({"&": "&amp;", "<": "&lt;", "~": "&#126;"})
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

POST_MORTEM = """\
# {title}

{facts}

## Summary

{summary}

## Impact

Who could not do what, where, and for how long? How many check-ins and pre-check-ins does that come to?

## Timeline

All times are those of {zone}.

{timeline}

## What went well

-

## What to improve

-

## Action items

- [ ] What, who, by when
{links}"""


def post_mortem(incident: Incident, zone: tzinfo) -> str:
    """Return a post-mortem in Markdown, filled in from the timeline, with questions for what only people know."""
    links = "\n".join(f"- <{url}>" for url in incident.links)
    return POST_MORTEM.format(
        title=_inline(f"#{incident.number} {incident.title}"),
        facts="\n".join(f"- {name}: {_plain(value)}" for name, value in _facts(incident, zone)),
        summary=_plain(incident.last_word or "What happened, and what ended it?"),
        zone=zone,
        timeline=_timeline(incident, zone),
        links=f"\n## Links\n\n{links}\n" if links else "",
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


def beside_post_mortem(number: int) -> str:
    """Return the sentence sent with a post-mortem."""
    return f"The post-mortem of #{number}, with what its timeline knows; the rest is for you to fill in."


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


def _facts(incident: Incident, zone: tzinfo) -> Iterable[tuple[str, str]]:
    yield "Severity", str(incident.severity)
    yield "Subsystem", incident.subsystem or "not said"
    yield "Status", incident.state
    yield "Owner", incident.owner.name if incident.owner else "nobody"
    yield "Reported by", incident.reported_by
    yield "Started", _when(incident.started_at, zone)
    yield "Acknowledged", _when(incident.acknowledged_at, zone, incident.time_to_acknowledge)
    yield "Resolved", _when(incident.resolved_at, zone, incident.time_to_resolve)


def _when(at: datetime | None, zone: tzinfo, after: timedelta | None = None) -> str:
    if at is None:
        return "not yet"
    when = f"{tell_day(day_of(at, zone))}, {tell_time(at, zone)}"
    return when if after is None else f"{when}, after {tell_length(after)}"


def _timeline(incident: Incident, zone: tzinfo) -> str:
    """Return the entries under the days they speak of; the lines of one text stay together."""
    days: dict[date, list[str]] = {}
    for line in lines(incident, zone, with_ids=True):
        days.setdefault(day_of(line.at, zone), []).append("- " + _plain(line.text).replace("\n", "\n  "))
    return "\n\n".join(f"### {tell_day(day)}\n\n" + "\n".join(entries) for day, entries in days.items())


def _plain(text: str) -> str:
    """Return `text` escaped so that Markdown shows it to the letter; addresses stay as they are, to be followed."""
    return LEADING_MARKS.sub(r"\1\\\2", _inline(text))


def _inline(text: str) -> str:
    """Return `text` escaped like that, for a place where no line begins."""
    pieces = re.split(f"({URL.pattern})", guard.legible(text))  # addresses are every second one
    return "".join(
        piece if number % 2 else MARKS.sub(r"\\\g<0>", piece).translate(NAMED) for number, piece in enumerate(pieces)
    )


FOLDER = "exports"  # beside what the desk stores


def exported(
    asked: int | tuple[date, date], log: IncidentLog, state_dir: Path, zone: tzinfo, name_of: Callable[[str], str]
) -> Reply:
    """Return the file asked for, with a sentence: an incident's post-mortem, or the incidents of some days as CSV.

    `name_of` gives the name of a person whom a text mentions by id. Raises a UserError where there is no such incident,
    and where the file cannot be written.
    """
    if isinstance(asked, tuple):
        return _table_file(*asked, log, state_dir / FOLDER, zone, name_of)
    return _post_mortem_file(asked, log, state_dir / FOLDER, zone, name_of)


def with_names(incident: Incident, name_of: Callable[[str], str]) -> Incident:
    """Return an incident in whose texts people and channels stand by name, as whoever has but the file reads them."""

    def named(text: str) -> str:
        return guard.disarm(CHANNEL.sub(lambda found: f"#{found[2] or found[1]}", text), name_of)

    entries = (
        replace(entry, text=named(entry.text), title=entry.title and named(entry.title)) for entry in incident.entries
    )
    return replace(incident, entries=tuple(entries))


def _post_mortem_file(
    number: int, log: IncidentLog, folder: Path, zone: tzinfo, name_of: Callable[[str], str]
) -> Reply:
    incident = with_names(log.get(number), name_of)
    file = export.hand_out(folder, f"incident-{number}.md", guard.checked(post_mortem(incident, zone)))
    return Reply(beside_post_mortem(number), file=file)


def _table_file(
    first: date, last: date, log: IncidentLog, folder: Path, zone: tzinfo, name_of: Callable[[str], str]
) -> Reply:
    incidents = [with_names(incident, name_of) for incident in log.opened(first, last)]
    file = export.hand_out(folder, f"incidents-{first}-to-{last}.csv", guard.checked(table(incidents, zone)))
    return Reply(beside_table(len(incidents), first, last), file=file)
