"""The directory: everybody and everything to ask, found by however people call it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from opsdesk.contacts.links import Link, Links
from opsdesk.contacts.people import Contact, ContactChannel, ContactKind, ContactsFile, Ref, Subsystem
from opsdesk.contacts.runbooks import Runbook
from opsdesk.errors import SettingsError, UserError, quoted
from opsdesk.patterns import regex
from opsdesk.text import Match, Matched, Misspelt, Names, any_of, plain, words

SLACK_MARK = regex(r"<[#@]([A-Z0-9]+)(?:\|[^<>]*)?>")
BETWEEN = regex(r"[/,&+]|\b(?:and|or)\b", re.IGNORECASE)


class Directory:
    """What the team's files say, as a whole. It never changes: a changed file makes another one."""

    def __init__(
        self,
        contacts: ContactsFile,
        links: Mapping[str, Link],
        runbooks: Mapping[str, Runbook],
        wrong: SettingsError | None = None,
    ) -> None:
        self.subsystems, self.teams = contacts.subsystems, contacts.teams
        self.people, self.channels = contacts.people, contacts.channels
        self.workspace = contacts.workspace.rstrip("/")
        self.links, self.runbooks, self.wrong = Links(links), runbooks, wrong
        self._contacts = contacts
        self._subsystems = Names(
            (ref.key, names) for ref, names in named(contacts) if ref.kind is ContactKind.SUBSYSTEM
        )
        self._pointers, self._longest = _pointers(contacts.subsystems), _longest(contacts.subsystems)

    @classmethod
    def unusable(cls, wrong: SettingsError, contacts: ContactsFile | None = None) -> "Directory":
        """Return the directory while the files are wrong and were never right: whoever asks is told why.

        With `contacts`, which are right, it still knows the subsystems and whom to ask about them.
        """
        return cls(contacts or ContactsFile("", {}, {}, {}), {}, {}, wrong)

    @cached_property
    def _names(self) -> Names[Ref]:
        return Names(named(self._contacts))

    @cached_property
    def _runbooks(self) -> Names[tuple[str, ...]]:
        return Names(_by_subject(self))

    def usable(self) -> "Directory":
        """Return the directory itself; raise a UserError while the files are wrong and were never right."""
        self._need_files()
        return self

    def find(self, typed: str) -> Match[Ref]:
        """Return whom or what `typed` names: exactly, several at once, by a word, by a keyword, roughly; or NOTHING."""
        self._need_files()
        text = SLACK_MARK.sub(r"\1", typed)
        looks = (
            (Matched.NAME, self._names.exact),
            (Matched.NAME, self._several),
            (Matched.WORD, self._names.by_word),
            (Matched.KEYWORD, self._by_keyword),
            (Matched.START, self._names.by_start),
        )
        for how, look in looks:
            if found := look(text):
                return Match(how, found)
        return self._names.near(text)

    def subsystem_key(self, typed: str) -> str:
        """Return the key of the subsystem with this name or alias; raise a UserError that says what is near."""
        if not self.subsystems:
            self._need_files()
        found = self._subsystems.exact(typed)
        if len(found) == 1:
            return found[0]
        likely = found or self._subsystems.find(typed).found
        wrong = f"{quoted(typed)} is not a subsystem I know."
        if len(likely) == 1:
            raise Misspelt(wrong, typed, likely[0], shown=f"`{likely[0]}`")
        meant = f"Did you mean {any_of([f'`{key}`' for key in likely[:3]])}?" if likely else ""
        raise UserError(f"{wrong} {meant or '`!whois` lists the subsystems.'}")

    def keyword_subsystem(self, text: str) -> str | None:
        """Return the subsystem that a text is about: by the longest keyword in it, else by a name; of two the first."""
        found = min(self._pointed(text), default=None)
        return found.subsystem if found else None

    def pointed_to(self, phrase: str) -> str | None:
        """Return the subsystem that a phrase is a keyword or a name of, but for a plural s; None for no such phrase."""
        term = plain(phrase)
        pointer = self._pointers.get(term) or self._pointers.get(term.removesuffix("s"))
        return pointer.subsystem if pointer else None

    def names_of(self, typed: str) -> tuple[str, ...]:
        """Return what the subsystem with this name or alias is called; nothing where there is none."""
        found = self._subsystems.exact(typed)
        if len(found) != 1:
            return ()
        subsystem = self.subsystems[found[0]]
        return (found[0], subsystem.name, *subsystem.aliases)

    def ask_line(self, key: str) -> str:
        """Return "Ask Shane Elliott or Andy McCarty · `!runbook vista`", as much of it as is known of the subsystem."""
        subsystem = self.subsystems.get(key)
        if subsystem is None:
            return ""
        names = either(person.name for person in self.people_of(subsystem))
        return " · ".join((f"Ask {names}",) * bool(names) + (f"`!runbook {key}`",) * bool(subsystem.runbooks))

    def people_of(self, subsystem: Subsystem) -> list[Contact]:
        """Return the people of a subsystem or team, in the order of asking."""
        return [self.people[key] for key in subsystem.people]

    def channels_of(self, subsystem: Subsystem) -> list[ContactChannel]:
        """Return the Slack channels of a subsystem or team."""
        return [self.channels[key] for key in subsystem.channels]

    def asked_of(self, key: str) -> Iterator[Ref]:
        """Yield the subsystems and teams that name this person."""
        for kind, table in ((ContactKind.SUBSYSTEM, self.subsystems), (ContactKind.TEAM, self.teams)):
            yield from (Ref(kind, name) for name, entry in table.items() if key in entry.people)

    def speaking_in(self, key: str) -> Iterator[Ref]:
        """Yield the subsystems and teams that name this channel."""
        for kind, table in ((ContactKind.SUBSYSTEM, self.subsystems), (ContactKind.TEAM, self.teams)):
            yield from (Ref(kind, name) for name, entry in table.items() if key in entry.channels)

    def next_after(self, key: str, among: tuple[str, ...]) -> str:
        """Return the key of who is next if this person doesn't answer: by the file, else the next of `among`; or ""."""
        following = among[among.index(key) + 1 :] if key in among else ()
        return self.people[key].next or next(iter(following), "")

    def find_runbooks(self, typed: str) -> Match[str]:
        """Return the keys of the runbooks with this subject, or for the subsystem of this name."""
        self._need_files()
        match = self._runbooks.find(typed)
        keys = dict.fromkeys(key for found in match.found for key in found)
        return Match(match.how, tuple(keys), match.meant)

    def find_links(self, typed: str) -> tuple[str, ...]:
        """Return the keys of the links of the subsystem with this name, and of those that speak of it."""
        self._need_files()
        of_subsystem = (link for key in self._subsystems.exact(typed) for link in self.subsystems[key].links)
        return tuple(dict.fromkeys((*of_subsystem, *self.links.search(typed))))

    def _need_files(self) -> None:
        if self.wrong:
            first = "\n".join(self.wrong.complaints[:5])
            raise UserError(f"The team's files are wrong and I have no earlier ones to go by:\n{first}")

    def _several(self, typed: str) -> tuple[Ref, ...]:
        """Return what the pieces of "CHIP/LoROTA" name, if each of them is a name."""
        pieces = [piece for piece in BETWEEN.split(typed) if plain(piece)]
        found = [self._names.exact(piece) or self._names.by_word(piece) for piece in pieces]
        return tuple(dict.fromkeys(ref for refs in found for ref in refs)) if len(found) > 1 and all(found) else ()

    def _by_keyword(self, typed: str) -> tuple[Ref, ...]:
        key = self.keyword_subsystem(typed)
        return (Ref(ContactKind.SUBSYSTEM, key),) if key else ()

    def _pointed(self, text: str) -> Iterator["Pointer"]:
        """Yield the pointers whose words stand in `text` one behind the other; a plural s does not matter."""
        spelled = words(text)
        for start in range(len(spelled)):
            for end in range(start + 1, min(start + self._longest, len(spelled)) + 1):
                phrase = "".join(spelled[start:end])
                pointer = self._pointers.get(phrase) or self._pointers.get(phrase.removesuffix("s"))
                if pointer:
                    yield pointer


class Pointer(NamedTuple):
    """What a phrase points to. The least one wins: keywords before names, then longer ones, then the file's order."""

    is_name: bool
    shorter: int
    order: int
    subsystem: str


def named(contacts: ContactsFile) -> Iterator[tuple[Ref, tuple[str, ...]]]:
    """Yield every entry with all that people may call it, its own name first."""
    for key, subsystem in contacts.subsystems.items():
        yield Ref(ContactKind.SUBSYSTEM, key), (subsystem.name, key, *subsystem.aliases)
    for key, team in contacts.teams.items():
        yield Ref(ContactKind.TEAM, key), (team.name, key, *team.aliases)
    for key, person in contacts.people.items():
        yield Ref(ContactKind.PERSON, key), (person.name, key, *person.aliases, person.slack, person.email)
    for key, channel in contacts.channels.items():
        yield Ref(ContactKind.CHANNEL, key), (channel.name, key, *channel.aliases, channel.id)


def either(names: Iterable[str]) -> str:
    """Return "Shane", "Shane or Andy", "Lee, Brian or John"."""
    *others, last = [*names] or [""]
    return f"{', '.join(others)} or {last}" if others else last


def _pointers(subsystems: Mapping[str, Subsystem]) -> dict[str, Pointer]:
    """Return the pointers by plain phrase; the first in the file keeps a phrase that stands there twice."""
    pointers: dict[str, Pointer] = {}
    for order, (key, subsystem) in enumerate(subsystems.items()):
        for keyword in subsystem.keywords:
            pointers.setdefault(plain(keyword), Pointer(False, -len(plain(keyword)), order, key))
        for name in (key, subsystem.name, *subsystem.aliases):
            pointers.setdefault(plain(name), Pointer(True, 0, order, key))
    return pointers


def _longest(subsystems: Mapping[str, Subsystem]) -> int:
    phrases = ((key, one.name, *one.aliases, *one.keywords) for key, one in subsystems.items())
    return max((len(words(phrase)) for several in phrases for phrase in several), default=0)


def _by_subject(directory: Directory) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield runbooks with their own names, and those of a subsystem with its names."""
    for key, runbook in directory.runbooks.items():
        yield (key,), (runbook.title, key)
    for key, subsystem in directory.subsystems.items():
        if subsystem.runbooks:
            yield subsystem.runbooks, (subsystem.name, key, *subsystem.aliases)
