"""The team's contacts, links and runbooks read together: what one of them names must be in the others."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from opsdesk.contacts import runbooks
from opsdesk.contacts.directory import Directory, named
from opsdesk.contacts.hours import read_hours
from opsdesk.contacts.links import FROM, TO, Link, LinksFile
from opsdesk.contacts.people import Contact, ContactChannel, ContactKind, ContactsFile, Subsystem
from opsdesk.contacts.runbooks import Runbook
from opsdesk.errors import SettingsError, UserError, near
from opsdesk.guard import USER_ID
from opsdesk.patterns import regex
from opsdesk.settings import NOTHING_KEPT, KeptFiles, TeamFile
from opsdesk.settings import team_file as tomlfile
from opsdesk.text import plain, read_weekday, read_zone

CHANNEL_ID = regex(r"[CG][A-Z0-9]{8,}")
PERSON_ID = regex(USER_ID)
EMAIL = regex(r"(?<![^@\s])[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = regex(r"\+?[\d ().-]{7,}(?: ?(?:x|ext\.?) ?\d+)?")
FROZEN = regex(r"[?&](?:from_ts|to_ts|start|end)=\d{10,}")


def paths(data_dir: Path) -> tuple[Path, ...]:
    """Return the files and the folder that make up the directory."""
    return data_dir / "contacts.toml", data_dir / "links.toml", data_dir / "runbooks"


def read(data_dir: Path) -> Directory:
    """Return the directory; raise a SettingsError with everything wrong in any of the files at once."""
    contacts_path, links_path, folder = paths(data_dir)
    contacts = tomlfile.parse(contacts_path, ContactsFile)
    links = tomlfile.parse(links_path, LinksFile)
    books, wrong_books = runbooks.read(folder)
    there = KnownKeys.of(contacts.raw, links.raw, folder)
    complaints = [*contacts.complaints, *links.complaints, *wrong_books]
    if contacts.value:
        complaints += [f"{contacts_path.name} {wrong}" for wrong in _in_contacts(contacts.value, there)]
    if links.value:
        complaints += [f"{links_path.name} {wrong}" for wrong in _in_links(links.value)]
    complaints += _in_runbooks(books, there)
    if complaints or not contacts.value or not links.value:
        raise SettingsError(complaints)
    return Directory(contacts.value, links.value.links, books)


def follow(
    data_dir: Path, complain: Callable[[SettingsError], None], kept: KeptFiles = NOTHING_KEPT
) -> TeamFile[Directory]:
    """Return the directory as the files have it now, or had it when they were last right; an unusable one if never."""
    first, *beside = paths(data_dir)
    instead = partial(_unusable, first)
    return TeamFile(first, lambda path: read(path.parent), complain, beside=beside, instead=instead, kept=kept)


def _unusable(contacts: Path, wrong: SettingsError) -> Directory:
    """Return an unusable directory, with the contacts if nothing is wrong with them: incidents need no more."""
    right = not any(complaint.startswith(contacts.name) for complaint in wrong.complaints)
    return Directory.unusable(wrong, tomlfile.parse(contacts, ContactsFile).value if right else None)


class KnownKeys(msgspec.Struct, frozen=True):
    """The keys that exist, of wrong tables too: one mistake is not told once more wherever it is named."""

    people: frozenset[str]
    channels: frozenset[str]
    links: frozenset[str] | None  # None: the file cannot be read
    runbooks: frozenset[str] | None  # None: there is no such folder

    @classmethod
    def of(cls, contacts: Mapping[str, Any], links: Mapping[str, Any], folder: Path) -> "KnownKeys":
        """Return the keys that the files have."""
        books = frozenset(path.stem for path in folder.glob("*.md")) if folder.is_dir() else None
        known_links = _keys(links, "links") if links else None
        return cls(_keys(contacts, "people"), _keys(contacts, "channels"), known_links, books)


def _keys(file: Mapping[str, Any], table: str) -> frozenset[str]:
    entries = file.get(table)
    return frozenset(entries) if isinstance(entries, Mapping) else frozenset()


def _in_contacts(contacts: ContactsFile, there: KnownKeys) -> Iterator[str]:
    yield from _bad_url("workspace", contacts.workspace)
    for kind, table in ((ContactKind.SUBSYSTEM, contacts.subsystems), (ContactKind.TEAM, contacts.teams)):
        for key, entry in table.items():
            yield from (f"[{kind.value}.{key}] {wrong}" for wrong in _in_subsystem(entry, there))
    for key, person in contacts.people.items():
        yield from (f"[people.{key}] {wrong}" for wrong in _in_person(key, person, there))
    for key, channel in contacts.channels.items():
        yield from (f"[channels.{key}] {wrong}" for wrong in _in_channel(channel))
    entries = (*contacts.subsystems.values(), *contacts.teams.values())
    if there.runbooks is None and any(entry.runbooks for entry in entries):
        yield "runbooks: there is no folder runbooks beside this file"
    yield from _shared_names(contacts)
    yield from _shared_keywords(contacts.subsystems)


def _in_subsystem(entry: Subsystem, there: KnownKeys) -> Iterator[str]:
    yield from _empty("name", entry.name)
    yield from _dead("people", "person", entry.people, there.people)
    yield from _dead("channels", "channel", entry.channels, there.channels)
    yield from _dead("links", "link", entry.links, there.links)
    yield from _dead("runbooks", "runbook", entry.runbooks, there.runbooks)
    if entry.teams and entry.teams.url:
        yield from _bad_url("teams.url", entry.teams.url)


def _in_person(key: str, person: Contact, there: KnownKeys) -> Iterator[str]:
    yield from _empty("name", person.name)
    yield from _dead("next", "person", (person.next,) if person.next else (), there.people)
    if person.next == key:
        yield "next: they cannot be next after themselves"
    yield from _unlike("slack", person.slack, PERSON_ID, "a Slack user id, such as U01ABCDEF")
    yield from _unlike("email", person.email, EMAIL, "an e-mail address")
    yield from _unlike("phone", person.phone, PHONE, "a telephone number")
    yield from _bad_hours(person)


def _bad_hours(person: Contact) -> Iterator[str]:
    if person.hours:
        try:
            read_hours(person.hours)
        except UserError as wrong:
            yield f"hours: {wrong}"
        if not person.zone:
            yield "zone: missing; hours are those of a time zone, such as America/Chicago"
    if person.zone:
        try:
            read_zone(person.zone, like="America/Chicago")
        except UserError as wrong:
            yield f"zone: {wrong}"
    for day in person.days:
        try:
            read_weekday(day)
        except UserError as wrong:
            yield f"days: {wrong}"


def _in_channel(channel: ContactChannel) -> Iterator[str]:
    yield from _unlike("id", channel.id or "(empty)", CHANNEL_ID, "a Slack channel id, such as C02UP02HHGX")
    if not channel.name.startswith("#"):
        yield f'name: "{channel.name}" should begin with #'


def _shared_names(contacts: ContactsFile) -> Iterator[str]:
    """Yield names that two entries share: nobody could tell which is meant. Two people may share a full name."""
    first: dict[str, tuple[str, bool]] = {}
    for ref, names in named(contacts):
        table = f"[{ref.kind.value}.{ref.key}]"
        is_person = ref.kind is ContactKind.PERSON
        for name in dict.fromkeys(filter(None, map(plain, names))):
            told, person_too = first.setdefault(name, (table, is_person))
            full_name = is_person and person_too and name == plain(names[0])
            if told != table and not full_name:
                spelled = next(one for one in names if plain(one) == name)
                key = "name" if spelled == names[0] else "aliases"
                yield f'{table} {key}: "{spelled}" is a name of {told} too'


def _shared_keywords(subsystems: Mapping[str, Subsystem]) -> Iterator[str]:
    first: dict[str, str] = {}
    for key, subsystem in subsystems.items():
        for keyword in subsystem.keywords:
            if not plain(keyword):
                yield f'[subsystems.{key}] keywords: "{keyword}" has no letter in it'
            elif (other := first.setdefault(plain(keyword), key)) != key:
                yield f'[subsystems.{key}] keywords: "{keyword}" is a keyword of [subsystems.{other}] too'


def _in_links(file: LinksFile) -> Iterator[str]:
    addresses: dict[str, str] = {}
    for key, link in file.links.items():
        yield from (f"[links.{key}] {wrong}" for wrong in _in_link(link))
        if (other := addresses.setdefault(link.url, key)) != key:
            yield f"[links.{key}] url: the same as that of [links.{other}]"


def _in_link(link: Link) -> Iterator[str]:
    yield from _empty("title", link.title)
    yield from _bad_url("url", link.url.replace(FROM, "0").replace(TO, "0"))
    if FROZEN.search(link.url):
        yield f"url: shows the same hour for ever; write {FROM} and {TO} for the times in it"


def _in_runbooks(books: Mapping[str, Runbook], there: KnownKeys) -> Iterator[str]:
    known = {"link": there.links, "runbook": there.runbooks}
    for key, book in books.items():
        for kind, name in book.references:
            yield from (f"runbooks/{key}.md {wrong}" for wrong in _dead("text", kind, (name,), known[kind]))


def _empty(key: str, value: str) -> Iterator[str]:
    if not plain(value):
        yield f"{key}: empty"


def _dead(key: str, what: str, names: Iterable[str], known: Iterable[str] | None) -> Iterator[str]:
    if known is None:
        return
    known = sorted(known)
    for name in names:
        if name not in known:
            likely = [one for one in known if name and one.startswith(name)] or near(name, known)
            yield f'{key}: there is no {what} "{name}"' + (f", did you mean {likely[0]}?" if likely else "")


def _unlike(key: str, value: str, shape: re.Pattern[str], wanted: str) -> Iterator[str]:
    if value and not shape.fullmatch(value):
        yield f'{key}: "{value}" is not {wanted}'


def _bad_url(key: str, url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        right = parts.scheme == "https" and "." in (parts.hostname or "") and (parts.port or 443) > 0
    except ValueError:
        right = False
    if not right or re.search(r"[\s<>{}|\"]", url):
        yield f'{key}: "{url}" is not an https:// address without blanks and braces'
