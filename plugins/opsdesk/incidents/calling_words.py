"""Calling the other team, in words."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from opsdesk.chat import Person, mention
from opsdesk.contacts import Contact, either
from opsdesk.incidents.incident import Entry, Incident
from opsdesk.incidents.words import shortened
from opsdesk.patterns import regex
from opsdesk.text import tell_hour, tell_length, tell_time, tell_when

MENTION = regex(r"\x02[^|\x02\x03]*\|([^\x02\x03]*)\x03")  # as chat.mention makes it
LONGEST = 600  # characters of what somebody said
MAJOR_ADVICE = (
    "The playbook wants a major incident declared: `!incident update {} --sev 2`, with an incident commander. "
    "`!links playbook`"
)


class Caller(NamedTuple):
    """Who asks for help, until when they are on call (None: they are not), and a link to where they wait."""

    by: Person
    on_call_until: datetime | None
    link: str


def message(
    incident: Incident,
    people: Sequence[Contact],
    text: str,
    caller: Caller,
    at: datetime,
    zone: tzinfo,
) -> str:
    """Return the message in the other team's channel: whom, what, since when, who asks, where to answer."""
    called = " ".join(mention(Person(one.slack, one.name)) if one.slack else one.name for one in people)
    since = f"since {tell_when(incident.started_at, at, zone)}"
    facts = ", ".join(filter(None, (f"sev {incident.severity:d}", since, incident.subsystem)))
    said = text or incident.last_word
    word = "" if said in incident.links else shortened(said, LONGEST)  # of an alert it is its link, which stands below
    until = caller.on_call_until
    shift = f", on call until {tell_hour(until, zone)}" if until else ""
    links = " ".join(dict.fromkeys(filter(None, (*incident.links[:3], caller.link))))
    head = f"{called} #{incident.number} {incident.title} ({facts})" + (f": {word}" if word else "")
    return f"{head}\nAsked by {caller.by.name}{shift}. Please answer in this thread, or react 👀. {links}".rstrip()


def asked(
    entry: Entry, following: Sequence[Contact], interval: timedelta, unmentioned: Sequence[str], zone: tzinfo
) -> str:
    """Return the answer to who asked: whom, where, when, and what happens without an answer."""
    call = entry.call
    who, where = (" and ".join(call.to), call.room_name) if call else ("them", "their channel")
    then = f"{either(one.name for one in following)} is next" if following else "it is a major incident"
    by_name = f" {either(unmentioned)} could only be named: no Slack id is kept." if unmentioned else ""
    until = tell_time(entry.at + interval, zone)
    return f"Asked {who} in {where} at {tell_time(entry.at, zone)}. No answer by {until}: {then}.{by_name}"


def nobody_yet(incident: Incident, entry: Entry, following: Sequence[Contact]) -> str:
    """Return what the asker is told once the first interval is over."""
    who = " and ".join(entry.call.to) if entry.call else "them"
    if not following:
        return f"{_to(entry)}no answer from {who} about #{incident.number} yet, and nobody else is named for it."
    following_names = either(one.name for one in following)
    return (
        f"{_to(entry)}no answer from {who} about #{incident.number} yet: {following_names} is next. "
        f"`!incident escalate {incident.number} again` asks them."
    )


def major(incident: Incident, entry: Entry) -> str:
    """Return what the asker is told once the second interval is over: what the playbook wants."""
    return f"{_to(entry)}still no answer about #{incident.number}. {MAJOR_ADVICE.format(incident.number)}"


def answered(entry: Entry, by: Person, text: str, at: datetime) -> str:
    """Return that somebody answered, after how long, and what."""
    said = f": {shortened(text, LONGEST)}" if text else ""
    return f"{by.name} answered after {tell_length(at - entry.at)}{said}"


def standing(incident: Incident, at: datetime, zone: tzinfo) -> str:
    """Return who was asked last and what came of it, for cards and the summary; "" where nobody was."""
    if not incident.calls:
        return ""
    entry = incident.calls[-1]
    who = " and ".join(entry.call.to) if entry.call else "them"
    answer = incident.answer
    if answer:
        return f"{answer.by.name} answered {tell_when(answer.at, at, zone)}"
    return f"asked {who} {tell_when(entry.at, at, zone)}, no answer yet"


def rehearsed(text: str, where: str) -> str:
    """Return the message as a rehearsal shows it: marked, and mentioning nobody."""
    return f"(rehearsal: meant for {where})\n{MENTION.sub(_named, text)}"


def _named(found: re.Match[str]) -> str:
    return f"@{found[1]}"


def _to(entry: Entry) -> str:
    return f"{mention(entry.by)} " if entry.by.id else ""
