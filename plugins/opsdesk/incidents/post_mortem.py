"""A post-mortem by the team's template, filled in from the timeline, with questions for what only people know.

The template is that of the post-mortems kept beside the team's incident response playbook: a file called
yyyy-mm-dd-title.md with names, dates, summary, impact, timeline, root causes, action items and an appendix.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from opsdesk import guard
from opsdesk.clock import day_of
from opsdesk.incidents.actions import ActionItem, action_items
from opsdesk.incidents.incident import URL, Incident
from opsdesk.incidents.timeline_words import lines
from opsdesk.patterns import regex
from opsdesk.text import tell_day, tell_length, tell_time

MARKS = regex(r"[\\`*_{}\[\]]")  # what Markdown reads as a mark wherever it stands
LEADING_MARKS = regex(r"^([^\S\n]*\d*)([-+#>.)=])", re.MULTILINE)  # and where a line begins
NAMED = str.maketrans({"&": "&amp;", "<": "&lt;", "~": "&#126;"})
LONGEST_NAME = 50  # letters of a title in a file's name
NO_LETTERS = regex(r"[\W_]+")

TEMPLATE = """\
# {title}

Name(s): {names}

Date: {date}

Last modified: {modified}

## Summary

{summary}

## Impact

{impact}

## Incident Timeline

All times are those of {zone}.

{timeline}

## Root Cause(s)

What made it happen, and what let it go unnoticed?

## Action Items

{actions}

## Appendix

- Incident: #{number}
{appendix}
"""
IMPACT = "Who could not do what, where, and for how long? How many check-ins and pre-check-ins does that come to?"
NO_ACTIONS = "- [ ] What, who, by when (`!incident action {} Add a health check @bob by friday`)"


def post_mortem(incident: Incident, at: datetime, zone: tzinfo) -> str:
    """Return a post-mortem in Markdown, as of `at`."""
    links = [f"- <{url}>" for url in incident.links]
    facts = [f"- {name}: {_plain(value)}" for name, value in _facts(incident, zone)]
    return TEMPLATE.format(
        title=_inline(incident.title),
        names=", ".join(_inline(name) for name in _names(incident)),
        date=day_of(incident.started_at, zone),
        modified=day_of(at, zone),
        summary=_plain(incident.last_word or "What happened, and what ended it?"),
        impact=IMPACT,
        zone=zone,
        timeline=_timeline(incident, zone),
        actions="\n".join(map(_action, action_items(incident))) or NO_ACTIONS.format(incident.number),
        number=incident.number,
        appendix="\n".join([*facts, *links]),
    )


def post_mortem_name(incident: Incident, zone: tzinfo) -> str:
    """Return the name of its file: "2026-11-23-vista-timeouts.md"."""
    plain = unicodedata.normalize("NFKD", incident.title).encode("ascii", "ignore").decode()
    words = NO_LETTERS.sub("-", plain.lower()).strip("-")[:LONGEST_NAME].strip("-")
    return f"{day_of(incident.started_at, zone)}-{words or f'incident-{incident.number}'}.md"


def beside_post_mortem(number: int) -> str:
    """Return the sentence sent with a post-mortem."""
    return f"The post-mortem of #{number}, with what its timeline knows; the rest is for you to fill in."


def _names(incident: Incident) -> list[str]:
    """Return who had a hand in it, whoever owns it first."""
    owner = [incident.owner.name] if incident.owner else []
    return list(dict.fromkeys([*owner, *(entry.by.name for entry in incident.standing if entry.by.name)]))


def _action(item: ActionItem) -> str:
    return f"- [{'x' if item.done else ' '}] {_inline(item.text)} ({_inline(item.owner.name)}, by {item.due})"


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
