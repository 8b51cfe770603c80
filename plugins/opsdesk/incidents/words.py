"""Incidents in words: the card that shows one, and the answer to every command that changes it."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any

from opsdesk import guard
from opsdesk.chat import Person, mention
from opsdesk.incidents.incident import Entry, Incident, Status
from opsdesk.incidents.severity import LIGHTEST, WORST
from opsdesk.text import tell_length, tell_stamp, tell_when

ASIDE = "⚪"  # voided, or merged into another
SIGNS = {Status.INVESTIGATING: "🔴", Status.IDENTIFIED: "🟠", Status.MONITORING: "🟡", Status.RESOLVED: "✅"}
LONGEST_ECHO, LONGEST_ON_CARD = 1000, 300  # characters of a text in an answer, and on a card
LABELS = {
    "status": "",
    "severity": "sev ",
    "subsystem": "on ",
    "owner": "owner ",
    "title": "now called ",
    "reported_by": "reported by ",
    "started_at": "started ",
}

HELP = f"""\
Six commands for incidents:
`!incident open VistA timeouts on pre-check-in --sev 2 --on vista` opens one
`!incident update 12 RPC timeouts at two sites --status identified` says what is new
`!incident assign 12 @bob` gives it to somebody
`!incident resolve 12 vista-api restarted, errors gone` ends it
`!incident list` shows what is open, `!incident list mine` what is yours
`!incident show 12` shows its timeline
There are also reopen, void, merge, note, link, action, snooze, search, export and metrics: `!help incident`
Options, anywhere in the line: `--sev {WORST}` (the worst) to `{LIGHTEST}`, `--on vista`, `--status monitoring`, \
`--owner @bob`, `--reporter "site 688"`, `--at 12:50pm` or `--at "yesterday 4:10pm"`; in an update \
also `--title` and `--started`"""


def card(incident: Incident, at: datetime, zone: tzinfo, ask_line: str = "") -> str:
    """Return the message that shows an incident, true for as long as nothing changes; whom to ask while it is open."""
    end = incident.resolution
    lines = [head(incident), " · ".join(facts(incident, at, zone))]
    if incident.is_open and ask_line:
        lines.append(ask_line)
    if end and incident.last_word:
        lines.append(guard.plain(shortened(incident.last_word, LONGEST_ON_CARD)))
    return "\n".join(lines)


def card_key(incident: Incident) -> str:
    """Return the key by which the card is found again in the chat."""
    return f"incident {incident.number}"


def head(incident: Incident) -> str:
    """Return "🔴 #12 VistA timeouts on pre-check-in", with the sign of its status."""
    return f"{ASIDE if incident.aside else SIGNS[incident.status]} #{incident.number} {incident.shown_title}"


def weight(incident: Incident) -> list[str]:
    """Return severity, and subsystem if it is known: "sev 2", "vista"."""
    return [incident.severity.label, *filter(None, (incident.subsystem,))]


def status_words(incident: Incident) -> list[str]:
    """Return the status, unless it is the one every incident begins with."""
    return [] if incident.status is Status.INVESTIGATING else [str(incident.status)]


def updated(incident: Incident, at: datetime, zone: tzinfo) -> str:
    """Return the answer to an update: what it changed, or that it is kept; how it ended where it resolved."""
    if not incident.is_open:
        return resolved(incident)
    entry = incident.entries[-1]
    new = changes(incident.before, entry, at, zone) or [f"updated, still {incident.status}"]
    return f"#{incident.number} {', '.join(new)}. {_length_open(incident, at)}{_spoken_of(entry, at, zone)}"


def resolved(incident: Incident) -> str:
    """Return the answer to a resolution: how long it took, and what ended it or how to say so."""
    end = incident.entries[-1]
    after = f"✅ #{incident.number} resolved after {tell_length(incident.age(end.at))}"
    return (
        f"{after}: {guard.indented(shortened(end.text, LONGEST_ECHO))}"
        if end.text
        else f"{after}. What ended it? `!incident note {incident.number} ...`"
    )


def acknowledged(incident: Incident, at: datetime, zone: tzinfo) -> str:
    """Return the answer to an acknowledgement: how long it took."""
    entry, before = incident.entries[-1], incident.before
    if before.acknowledged_at and before.acknowledged_by:
        when = tell_when(before.acknowledged_at, at, zone)
        return f"#{incident.number} was acknowledged by {before.acknowledged_by.name} {when}; your words are kept."
    after = f" after {tell_length(incident.time_to_acknowledge)}" if incident.time_to_acknowledge else " at once"
    return f"👀 #{incident.number} acknowledged{after}.{_spoken_of(entry, at, zone)}"


def reopened(incident: Incident, at: datetime, zone: tzinfo) -> str:
    """Return the answer to a reopening: how it stands again."""
    entry, end = incident.entries[-1], incident.before.resolution
    was = f" (was resolved by {end.by.name} {tell_when(end.at, at, zone)})" if end else ""
    text = f": {guard.indented(shortened(entry.text, LONGEST_ECHO))}" if entry.text else ""
    owner = f", owner {incident.owner.name}" if incident.owner else ""
    return (
        f"{SIGNS[incident.status]} #{incident.number} reopened{was}{text}\n{str(incident.status).capitalize()}{owner}"
    )


def assigned(incident: Incident, by_id: str) -> str:
    """Return the answer to an assignment; it notifies the new owner, unless they typed it themselves (`by_id`)."""
    owner, before = incident.owner, incident.before.owner
    if owner is None:
        return f"#{incident.number} has no owner."
    name = owner.name if owner.id == by_id else mention(owner)
    return f"#{incident.number} owner {name} (was {before.name if before else 'nobody'})."


def noted(incident: Incident, at: datetime, zone: tzinfo) -> str:
    """Return the answer to a note."""
    return f"#{incident.number} noted.{_spoken_of(incident.entries[-1], at, zone)}"


def linked(incident: Incident) -> str:
    """Return the answer to a link: how many there are."""
    many = len(incident.links)
    return f"#{incident.number} link kept; it has {many} now." if many > 1 else f"#{incident.number} link kept."


def set_aside(incident: Incident, at: datetime, zone: tzinfo) -> str:
    """Return "void since 2:10pm (alice: opened twice)", or "merged into #1 by alice 2:10pm" with the way there."""
    end = incident.aside
    if end is None:
        return ""
    if end.other:
        return " ".join(filter(None, (incident.state, f"by {end.by.name} {tell_stamp(end.at, at, zone)}", end.text)))
    reason = guard.plain(shortened(" ".join(end.text.split()), LONGEST_ON_CARD))
    return f"void since {tell_stamp(end.at, at, zone)} ({end.by.name}: {reason})"


def voided(incident: Incident) -> str:
    """Return the answer to a voiding."""
    again = f"`!incident reopen {incident.number} why` takes that back"
    return f"⚪ #{incident.number} is void: it is kept, and counts no more. {again}."


def merged(incident: Incident, into: Incident) -> str:
    """Return the answer to a merge: where what is typed belongs now."""
    link = f" {into.card.permalink}" if into.card and into.card.permalink else ""
    told = f"⚪ #{incident.number} is merged into #{into.number} {into.shown_title}{link}"
    return f"{told}\nWhat is typed in its thread is for #{into.number} now; the post tells of #{into.number} alone."


def sets(entry: Entry, at: datetime, zone: tzinfo) -> list[str]:
    """Return what an entry set: "identified", "sev 2", "owner bob"."""
    values = ((name, getattr(entry, name)) for name in LABELS)
    return [LABELS[name] + _value(value, at, zone) for name, value in values if value is not None]


def changes(before: Incident, entry: Entry, at: datetime, zone: tzinfo) -> list[str]:
    """Return what an entry set, each with its value before, if any: "identified (was investigating)", "on vista"."""
    names = [name for name in LABELS if getattr(entry, name) is not None]
    was = (getattr(before, name) for name in names)
    both = zip(sets(entry, at, zone), was, strict=True)
    return [f"{new} (was {_value(old, at, zone)})" if old else new for new, old in both]


def cut_plain(text: str, most: int) -> str:
    """Return `text` on one line, with nothing in it that makes bold, as far as so many characters."""
    plain = guard.plain(text)
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def shortened(text: str, most: int) -> str:
    """Return `text` as far as its first `most` characters, and how many more there are."""
    return text if len(text) <= most else f"{text[:most].rstrip()} … ({len(text) - most:,} more characters)"


def _value(value: Any, at: datetime, zone: tzinfo) -> str:
    if isinstance(value, datetime):
        return tell_stamp(value, at, zone)
    return value.name if isinstance(value, Person) else str(value)


def facts(incident: Incident, at: datetime, zone: tzinfo) -> Iterable[str]:
    """Give what the second line of a card tells: how bad, on what, the status, the moments, the owner."""
    yield from weight(incident)
    if incident.aside:
        yield set_aside(incident, at, zone)
    elif incident.resolution:
        end, after = incident.resolution, tell_length(incident.age(at))
        yield f"resolved by {end.by.name} {tell_stamp(end.at, at, zone)} after {after}"
    else:
        yield from status_words(incident)
    if incident.started_at != incident.opened_at:
        yield f"started {tell_stamp(incident.started_at, at, zone)}"
    yield f"opened by {incident.opened_by.name} {tell_stamp(incident.opened_at, at, zone)}"
    if incident.owner:
        yield f"owner {incident.owner.name}"
    if incident.is_open and len(incident.entries) > 1:
        yield f"last update {tell_stamp(incident.news_at, at, zone)}"


def _length_open(incident: Incident, at: datetime) -> str:
    return f"{tell_length(incident.age(at)).capitalize()} open."


def _spoken_of(entry: Entry, at: datetime, zone: tzinfo) -> str:
    return f" Entered for {tell_when(entry.at, at, zone)}." if entry.typed_at else ""
