"""Whom to ask: people, subsystems, teams and channels as values, from data/contacts.toml."""

from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

import msgspec

from opsdesk.contacts.hours import Hours, Presence, read_hours
from opsdesk.text import WEEKDAYS, read_weekday


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[people.KEY]: what is not known of somebody is left out.

    `slack` is a user id, `ask` what to ask them about, `next` the key of who is next if they don't answer.
    """

    name: str
    aliases: tuple[str, ...] = ()
    role: str = ""
    slack: str = ""
    teams: str = ""
    email: str = ""
    phone: str = ""
    hours: str = ""
    days: tuple[str, ...] = WEEKDAYS[:5]
    zone: str = ""
    ask: tuple[str, ...] = ()
    next: str = ""

    @property
    def kept_hours(self) -> Hours | None:
        """Return their hours in their zone; None if either is unknown."""
        if not (self.hours and self.zone):
            return None
        start, end = read_hours(self.hours)
        return Hours(start, end, frozenset(map(read_weekday, self.days)), ZoneInfo(self.zone))

    def presence(self, at: datetime) -> Presence:
        """Return whether they can be expected to answer at `at`."""
        hours = self.kept_hours
        return hours.presence(at) if hours else Presence.UNKNOWN


class ContactChannel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[channels.KEY]: a Slack channel by its id, the name it goes by, earlier or later names, what it is for."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    use: str = ""


class TeamsChannel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A Microsoft Teams channel, for people who do not watch Slack."""

    name: str
    url: str = ""


class Subsystem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[subsystems.KEY] or [teams.KEY]: `people` in the order of asking, all else by the keys of what it names.

    `keywords` point to it from an error's text or an incident's title; `note` is what to know before asking.
    """

    name: str
    about: str = ""
    aliases: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    teams: TeamsChannel | None = None
    links: tuple[str, ...] = ()
    runbooks: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    note: str = ""


class ContactsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """data/contacts.toml as it is written. `workspace` is the address of the team's Slack."""

    workspace: str
    subsystems: dict[str, Subsystem]
    people: dict[str, Contact]
    channels: dict[str, ContactChannel]
    teams: dict[str, Subsystem] = {}


class ContactKind(Enum):
    """What a name can be of, as contacts.toml calls its tables."""

    SUBSYSTEM = "subsystems"
    TEAM = "teams"
    PERSON = "people"
    CHANNEL = "channels"


class Ref(msgspec.Struct, frozen=True):
    """One entry of contacts.toml."""

    kind: ContactKind
    key: str
