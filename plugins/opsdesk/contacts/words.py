"""Whom to ask, in words: the essentials first, what is unknown said to be so."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

import msgspec

from opsdesk.chat import channel
from opsdesk.contacts.directory import Directory, either
from opsdesk.contacts.hours import Presence
from opsdesk.contacts.people import Contact, ContactChannel, ContactKind, Ref, Subsystem
from opsdesk.errors import UserError, quoted
from opsdesk.guard import PERSON
from opsdesk.patterns import regex
from opsdesk.text import Match, Matched, tell_time

LONGEST = 3500  # characters: one message in any chat, with room for what the chat adds
MOST_LISTED = 12
BY_NAME = (Matched.NAME, Matched.WORD)
LONG_ADDRESS = 200  # characters
LEFT_OUT = "… there is more than fits here."
CHANNEL_NAME = regex(r"#[a-z0-9][a-z0-9_-]*")
PRESENCE = {Presence.WITHIN: "within hours", Presence.OUTSIDE: "outside hours"}


class ContactView(msgspec.Struct, frozen=True):
    """What an answer is made from: the directory, the moment, the desk's zone.

    `open_on` gives the lines about what is open on a subsystem, by its key. `colleague` is the line about the member of
    the rotation who was asked for, "" where that is nobody; `nearly` gives it where only the name's spelling is wrong.
    """

    directory: Directory
    at: datetime
    zone: tzinfo
    open_on: Callable[[str], Sequence[str]] = lambda subsystem: ()
    colleague: str = ""
    nearly: Callable[[], str] = str


def whois(view: ContactView, typed: str) -> str:
    """Return the answer to `!whois`: what was found, in full if it is one thing; raise a UserError if it is nothing."""
    if not typed.strip():
        return fitted(_everything(view.directory.usable()))
    match = view.directory.find(typed)
    colleague = [view.colleague] if view.colleague else []
    if colleague and match.how not in BY_NAME:
        return colleague[0]
    if match.how is Matched.NOTHING:
        if nearly := view.nearly():
            return nearly
        raise UserError(fitted(_nobody(typed, view.directory)))
    lines = _one(match.found[0], view) if len(match.found) == 1 else _several(match.found, view.directory)
    return fitted([*colleague, *_how(match, typed, view.directory), *lines])


def fitted(lines: Iterable[str]) -> str:
    """Return as many of the lines as one message holds, and a line that says so where some are left out."""
    text, room = [*lines], LONGEST - len(LEFT_OUT)
    for count, line in enumerate(text):
        room -= len(line) + 1
        if room < 0:
            return "\n".join([*text[:count], LEFT_OUT])
    return "\n".join(text)


def address(key: str, directory: Directory, at: datetime) -> str:
    """Return the link's address, or how to ask for it if it is so long that it would drown everything else."""
    url = directory.links[key].address(at)
    return url if len(url) <= LONG_ADDRESS else f"`!links {key}`"


def with_channels(text: str, directory: Directory) -> str:
    """Return `text` with each name of a known channel made a link to it."""
    known = {room.name: room for room in directory.channels.values()}
    return CHANNEL_NAME.sub(lambda found: linked([known[found[0]]]) if found[0] in known else found[0], text)


def in_hours(person: Contact, at: datetime) -> str:
    """Return "12:12pm their time, within hours (8am to 4pm)", as much of it as is known; "" if nothing is."""
    local = f"{tell_time(at, ZoneInfo(person.zone))} their time" if person.zone else ""
    presence = person.presence(at)
    kept = f"{PRESENCE[presence]} ({person.hours})" if presence in PRESENCE else ""
    return ", ".join(filter(None, (local, kept or ("hours unknown" if local else ""))))


def _nobody(typed: str, directory: Directory) -> Iterator[str]:
    """Yield that nobody is called that, and who there is. A mention needs the Slack id, which the team may not have
    written down.
    """
    nobody = f"I know nobody and nothing called {quoted(typed)}."
    if PERSON.search(typed):
        yield f"{nobody} Mentions work for people whose Slack id is in contacts.toml; type the name instead."
        return
    yield f"{nobody} I know these:"
    yield from _list("Subsystems", directory.subsystems)
    yield from _lists(directory)


def _how(match: Match[Ref], typed: str, directory: Directory) -> list[str]:
    """Return why this is the answer, where it is not plain."""
    if match.how is Matched.TYPO:
        return [f"Did you mean {match.meant if len(match.found) == 1 else 'one of these'}?"]
    if match.how is Matched.KEYWORD:
        return [f"{quoted(typed)} points to {match.found[0].key}."]
    return [f"{len(match.found)} are called {quoted(typed)}:"] if len(match.found) > 1 else []


def _one(ref: Ref, view: ContactView) -> Iterable[str]:
    directory = view.directory
    if ref.kind is ContactKind.PERSON:
        return _person(ref.key, view)
    if ref.kind is ContactKind.CHANNEL:
        return _channel(ref.key, directory)
    return _subsystem(ref, view)


def _subsystem(ref: Ref, view: ContactView) -> Iterator[str]:
    entry = _entry(ref, view.directory)
    also = f" · also {', '.join(entry.aliases)}" if entry.aliases else ""
    yield f"*{entry.name}*{also}"
    yield from filter(None, (entry.about,))
    people = view.directory.people_of(entry)
    yield from _people(people, view) if people else ("Whom to ask is unknown.",)
    if people and not _reached(people, view.directory):
        yield _unreached("them" if len(people) > 1 else people[0].name, _places(entry, view.directory))
    if ref.kind is ContactKind.SUBSYSTEM and people:
        yield f"No answer? `!whois escalate {ref.key}`"
    if not people or _reached(people, view.directory):
        yield from _rooms(entry, view.directory)
    yield from filter(None, (with_channels(entry.note, view.directory),))
    if ref.kind is ContactKind.SUBSYSTEM:
        yield from view.open_on(ref.key)
    if entry.runbooks:
        yield "Runbook: " + " · ".join(f"`!runbook {key}`" for key in entry.runbooks)
    yield from (f"{view.directory.links[key].title}: {address(key, view.directory, view.at)}" for key in entry.links)


def _people(people: Sequence[Contact], view: ContactView) -> Iterator[str]:
    reached = _reached(people, view.directory)
    for number, person in enumerate(people, 1):
        unknown = _unknown(person, view) if reached else ()
        yield " · ".join((f"{number}. {person.name}", *_facts(person, view), *unknown))


def _facts(person: Contact, view: ContactView) -> Iterator[str]:
    """Yield what is known of role, ways to reach them, and hours."""
    known = (person.role, *_ways(person, view.directory), in_hours(person, view.at))
    yield from filter(None, known)


def _unknown(person: Contact, view: ContactView) -> Iterator[str]:
    """Yield a sentence that hours, or ways to reach somebody, are unknown."""
    known = (("hours", in_hours(person, view.at)), ("contact", _ways(person, view.directory)))
    unknown = [what for what, words in known if not words]
    if unknown:
        yield f"{' and '.join(unknown)} unknown"


def _reached(people: Iterable[Contact], directory: Directory) -> bool:
    """Return whether it is known how to reach any of them."""
    return any(_ways(person, directory) for person in people)


def _unreached(whom: str, places: Sequence[str]) -> str:
    """Return a sentence that nobody on a card can be reached but in these places."""
    where = f": ask in {either(places)}" if places else ", and no channel"
    return f"No contact is kept for {whom}{where}."


def _places(entry: Subsystem, directory: Directory) -> list[str]:
    """Return the Slack channels, and the one in Teams."""
    teams = [f"Teams, {entry.teams.name} {entry.teams.url}".rstrip()] if entry.teams else []
    return [channel(room.id, room.name) for room in directory.channels_of(entry)] + teams


def _ways(person: Contact, directory: Directory) -> list[str]:
    ways = (
        (person.slack, f"Slack {directory.workspace}/team/{person.slack}"),
        (person.teams, f"Teams: {person.teams}"),
        (person.email, person.email),
        (person.phone, person.phone),
    )
    return [words for known, words in ways if known]


def _rooms(entry: Subsystem, directory: Directory) -> Iterator[str]:
    if channels := directory.channels_of(entry):
        yield f"In {linked(channels)}"
    if entry.teams:
        yield f"In Teams: {entry.teams.name} {entry.teams.url}".rstrip()
    if not channels and not entry.teams:
        yield "Channel unknown"


def _person(key: str, view: ContactView) -> Iterator[str]:
    directory = view.directory
    person, parts = directory.people[key], [*directory.asked_of(key)]
    teams = [_entry(ref, directory).name for ref in parts if ref.kind is ContactKind.TEAM]
    yield " · ".join([f"*{person.name}*", *teams])
    about = person.ask or [_entry(ref, directory).name for ref in parts if ref.kind is ContactKind.SUBSYSTEM]
    yield f"Ask about {', '.join(about)}" if about else "What to ask them about is unknown."
    reached = _reached([person], directory)
    facts = " · ".join((*_facts(person, view), *(_unknown(person, view) if reached else ())))
    yield from filter(None, (facts,))
    rooms = {room.id: room for ref in parts for room in directory.channels_of(_entry(ref, directory))}
    if not reached:
        yield _unreached(person.name, [channel(room.id, room.name) for room in rooms.values()])
    elif rooms:
        yield f"In {linked(rooms.values())}"
    following = [name for ref in parts if (name := directory.next_after(key, _entry(ref, directory).people))]
    if following:
        yield f"No answer? {directory.people[following[0]].name}"


def _channel(key: str, directory: Directory) -> Iterator[str]:
    room = directory.channels[key]
    yield f"{channel(room.id, room.name)} · {room.id}"
    yield from filter(None, (room.use.capitalize(),))
    if room.aliases:
        yield f"Also called {', '.join(f'#{name}' for name in room.aliases)}"
    if entries := [_entry(ref, directory).name for ref in directory.speaking_in(key)]:
        yield f"For {', '.join(entries)}"


def _several(refs: Sequence[Ref], directory: Directory) -> Iterator[str]:
    for ref in refs[:MOST_LISTED]:
        yield f"• {_brief(ref, directory)} · `!whois {ref.key}`"
    if len(refs) > MOST_LISTED:
        yield f"… and {len(refs) - MOST_LISTED} more: one more word finds fewer"


def _brief(ref: Ref, directory: Directory) -> str:
    if ref.kind is ContactKind.CHANNEL:
        room = directory.channels[ref.key]
        return channel(room.id, room.name) + (f" {room.use}" if room.use else "")
    if ref.kind is ContactKind.PERSON:
        person = directory.people[ref.key]
        return f"*{person.name}*" + (f" {', '.join(person.ask)}" if person.ask else "")
    entry = _entry(ref, directory)
    return f"*{entry.name}* " + (", then ".join(p.name for p in directory.people_of(entry)) or "people unknown")


def _everything(directory: Directory) -> Iterator[str]:
    yield "Type a subsystem, a person, a channel or the words of an error: `!whois vista`"
    for key, entry in directory.subsystems.items():
        yield f"• *{key}* {', '.join(p.name for p in directory.people_of(entry)) or 'people unknown'}"
    yield from _lists(directory)


def _lists(directory: Directory) -> Iterator[str]:
    yield from _list("Teams", (team.name for team in directory.teams.values()))
    yield from _list("People", (person.name for person in directory.people.values()))
    yield from _list("Channels", (channel(room.id, room.name) for room in directory.channels.values()))


def _list(title: str, names: Iterable[str]) -> Iterator[str]:
    if told := [*names]:
        more = f" and {len(told) - 40} more" if len(told) > 40 else ""
        yield f"*{title}* {', '.join(told[:40])}{more}"


def _entry(ref: Ref, directory: Directory) -> Subsystem:
    return (directory.subsystems if ref.kind is ContactKind.SUBSYSTEM else directory.teams)[ref.key]


def linked(channels: Iterable[ContactChannel]) -> str:
    """Return the names of the channels, each a link to it."""
    return ", ".join(channel(room.id, room.name) for room in channels)
