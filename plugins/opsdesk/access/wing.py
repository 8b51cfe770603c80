"""Joins who may do what: the team's file, who is who, and the audit log."""

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, tzinfo
from fnmatch import fnmatchcase

import msgspec

from opsdesk import files, guard
from opsdesk.access import permissions
from opsdesk.access.audit import AuditLog, Refused, about, listing, table
from opsdesk.access.door import KnownStanding
from opsdesk.access.emoji import Emoji
from opsdesk.access.permissions import ADMINS, AccessDecision, Asker, PermissionsFile, Right
from opsdesk.access.standing import Standing
from opsdesk.chat import Chat, Command, Person, Reaction, Reply
from opsdesk.clock import day_of
from opsdesk.errors import SettingsError, UserError
from opsdesk.settings import Settings, TeamFile
from opsdesk.store import KeptTexts, KeyedTable, Store
from opsdesk.text import is_day, read_day, tell_day

log = logging.getLogger(__name__)

SHARED = (
    "This channel is shared with another workspace: the desk tells and does nothing here. Type it in a direct message, "
    "or have the channel's id put into shared_channels of data/permissions.toml."
)


class OnCall(msgspec.Struct, frozen=True):
    """What the rotation knows of people: whether somebody is on call at a moment, and whether anybody is on it."""

    has_shift: Callable[[Person, datetime], bool]
    is_staffed: Callable[[], bool]


class AccessDesk(msgspec.Struct, frozen=True):
    """Who may do what. Ask `check` before anything that a person has the desk do."""

    file: TeamFile[PermissionsFile]
    audit: AuditLog
    chat: Chat
    settings: Settings
    on_call: OnCall
    emoji: Emoji
    standings: KeyedTable[KnownStanding]

    def check(self, command: Command, name: str, right: Right) -> str:
        """Return what is to be said beside the answer, mostly "". Raise a UserError, and keep it, if they may not."""
        if self.chat.trusts_everybody:
            return ""
        why = self._not_here(command.place.room) or self._not_them(command.by, command.at, right)
        if isinstance(why, AccessDecision):
            return "" if why is AccessDecision.YES else f"(Anybody may do this {why.value}.)"
        self.audit.add(Refused(command.at, command.by.id, command.by.name, name, command.place.room, why))
        raise UserError(why)

    def may_read(self, person: Person, at: datetime, also: Sequence[Person] = ()) -> bool:
        """Return whether a person may read what the desk shows, where they are asked for elsewhere than in chat.

        `also` is who else they are, such as on Slack whom a proxy names by e-mail: the rules may let in either, and
        whoever was last known to be no member is let in as neither.
        """
        ids = (person, *also)
        return any(not self.why_not_read(one, at) for one in ids) and all(self._may_be_member(one) for one in ids)

    def why_not_read(self, person: Person, at: datetime) -> str:
        """Return why a person may not read what the desk shows, and whom to ask; "" where they may."""
        why = "" if self.chat.trusts_everybody else self._not_them(person, at, Right.READ)
        return why if isinstance(why, str) else ""

    def may_react(self, reaction: Reaction, at: datetime) -> bool:
        """Return whether an emoji may change something. One that may not is kept, if it means anything."""
        if self.chat.trusts_everybody:
            return True
        by = Person(reaction.by, reaction.by)
        why = self._not_here(reaction.room) or self._not_them(by, at, Right.CHANGE)
        if isinstance(why, str) and reaction.added and self.emoji.asks(reaction.emoji):
            attempt = f"{reaction.by} {reaction.emoji} {reaction.room}/{reaction.ts}"
            self.audit.add_once(attempt, Refused(at, by.id, by.name, f":{reaction.emoji}:", reaction.room, why))
        return not isinstance(why, str)

    def show(self, command: Command, zone: tzinfo) -> Reply:
        """Return the answer to `!desk audit bob yesterday csv`: what was refused today, or on the day that is typed."""
        words = [word for word in command.text.split() if word != "csv"]
        person, day = _person_and_day(words, day_of(command.at, zone))
        lines = about(self.audit.of(day), person)
        if "csv" not in command.text.split():
            return Reply(listing(lines, f"{person or 'anybody'} on {tell_day(day)}", zone))
        file = files.hand_out(self.settings.state_dir / "exports", f"refused-{day}.csv", guard.checked(table(lines)))
        return Reply(f"{len(lines)} refused on {tell_day(day)}, with moments in UTC.", file=file)

    def _may_be_member(self, person: Person) -> bool:
        """Return False for somebody who was last known to be no member, such as one deactivated since."""
        try:
            known = self.standings.get(None, person.id)
        except UserError as damaged:
            log.warning("What %s is to the workspace cannot be read: %s", person.name, damaged)
            return False
        return known is None or known.standing == Standing.MEMBER.name

    def _not_here(self, room: str) -> str:
        channels = self.settings.file.channels.all
        named = {*self.file().shared_channels, *(channel.id for channel in channels)}
        return SHARED if room and room not in named and self.chat.is_shared(room) else ""

    def _not_them(self, person: Person, at: datetime, right: Right) -> AccessDecision | str:
        file = self.file()
        is_staffed = self.on_call.is_staffed()
        admins = self.settings.admins
        is_admin = any(fnmatchcase(person.id.removeprefix("@"), admin) for admin in admins)
        asker = Asker(person.id, self.on_call.has_shift(person, at), is_admin, not (admins or is_staffed))
        decision = permissions.decide(file, asker, right)
        if decision is not AccessDecision.NO:
            return decision
        missing = "" if admins or ADMINS not in file.may.of(right) else " (nobody yet: DESK_ADMINS names them)"
        return f"That is for {permissions.told(file, right)}{missing}. Ask one of them."


def _person_and_day(words: list[str], today: date) -> tuple[str, date]:
    """Return whom, "" for all, and which day of the past, today if none, is asked about: the day stands last."""
    for many in (3, 2, 1):
        typed = " ".join(words[-many:])
        if len(words) >= many and is_day(typed):
            return " ".join(words[:-many]), read_day(typed, today)
    return " ".join(words), today


def build(
    settings: Settings,
    store: Store,
    chat: Chat,
    zone: tzinfo,
    complain: Callable[[SettingsError], None],
    on_call: OnCall,
    emoji: Emoji,
) -> AccessDesk:
    """Return who may do what."""
    file = permissions.follow(settings.data_dir / "permissions.toml", complain, KeptTexts(store))
    audit, standings = AuditLog(store.keyed("audit", Refused), zone), store.keyed("standings", KnownStanding)
    return AccessDesk(file, audit, chat, settings, on_call, emoji, standings)
