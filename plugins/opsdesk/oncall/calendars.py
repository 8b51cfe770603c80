"""The rota as calendars that people subscribe to: who may read one, and what stands in it."""

import functools
import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from opsdesk import clock
from opsdesk.chat import Person
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.oncall import calendar_events, calendar_file
from opsdesk.oncall import words as rotation_words
from opsdesk.oncall.calendar_links import EVERYBODY, CalendarAddresses, CalendarLinks
from opsdesk.oncall.roster import Roster
from opsdesk.oncall.rotation import Member, Rotation
from opsdesk.remembered import Remembered
from opsdesk.store import Store
from opsdesk.web import WebRate

if TYPE_CHECKING:
    from opsdesk.oncall.calendar_events import CalendarOf, Revision

log = logging.getLogger(__name__)

BACK, AHEAD = timedelta(days=31), timedelta(days=366)
OWN = f"{EVERYBODY}/"
THEREFORE = ", so that there is no calendar for you"

Answer = tuple[bytes, int, Mapping[str, str]]  # body, HTTP status, headers
MayRead = Callable[[Person, datetime], bool]
PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
NOTHING: Answer = (b"", 404, PRIVATE)
TOO_OFTEN: Answer = (b"", 429, PRIVATE | {"Retry-After": "60"})
AT_ONCE, EACH = 30, 10.0  # answers that a link has at once; then one each so many seconds
REFUSED_AT_ONCE, REFUSED_EACH = 100, 0.05  # of requests that open nothing, whosever they are


class RotationEdition(msgspec.Struct, frozen=True):
    """The version of the team's file that a calendar was last made from: its number, from 1, and since when."""

    number: int
    since: datetime
    fingerprint: str


class Calendars:
    """Answers requests for calendars, and gives people their links. `may_read` tells who may read anything at all."""

    def __init__(self, roster: Roster, store: Store, links: CalendarLinks, may_read: MayRead, now: clock.Now) -> None:
        self._roster, self._links, self._may_read, self._now = roster, links, may_read, now
        self._editions = store.keyed("rotation_edition", RotationEdition)
        self._opened_rate, self._refused_rate = WebRate(AT_ONCE, EACH), WebRate(REFUSED_AT_ONCE, REFUSED_EACH)
        self._made = Remembered(lambda *of: functools.cache(functools.partial(self._make, *of)))

    def links(self, by: Person, text: str, at: datetime) -> CalendarAddresses:
        """Return the links of a person; new ones where `text` says so. Raise a UserError for anything else typed."""
        member = self._roster.rotation.required(by, THEREFORE)
        asked = " ".join(text.casefold().split())
        if asked not in ("", "new"):
            raise UserError("Type `!oncall calendar` for your links, or `!oncall calendar new` to replace them.")
        return self._links.replace(member, at) if asked else self._links.of(member)

    def answer(self, which: str, given: str) -> Answer:
        """Return what to answer a request for the calendar `which` ("oncall", "oncall/alice"), given the link's secret.

        404, without a word, for whoever may not read it and for what there is not; 503 while nobody knows who is on
        call: an empty calendar would take every shift out of people's own. 429 for whoever asks too often.
        """
        try:
            return self._answer(which, given, self._now())
        except UserError as refused:
            log.warning("A calendar could not be made: %s", refused)
            return b"", 503, PRIVATE | {"Retry-After": "300"}

    def _answer(self, which: str, given: str, at: datetime) -> Answer:
        rotation = self._roster.usable().rotation
        reader, whose = self._opened(rotation, which, given)
        if not reader or not self._may_read(reader.person, at):
            return NOTHING if self._refused_rate.admits("") else TOO_OFTEN
        if not self._opened_rate.admits(f"{which} {given}"):
            return TOO_OFTEN
        edition, today = self._edition(rotation, at), day_of(at, rotation.calendar.zone)
        made = self._made(rotation, self._roster.agreements.version, edition, today)
        return made(whose), 200, PRIVATE | {"Content-Type": "text/calendar; charset=utf-8"}

    def _opened(self, rotation: Rotation, which: str, given: str) -> "tuple[Member | None, CalendarOf]":
        """Return whose link it is and which calendar it opens; nobody's where it opens none."""
        key = given.rpartition(".")[0] if which == EVERYBODY else which.removeprefix(OWN)
        member = next((one for one in rotation.members if one.key == key and one.id), None)
        if not member:
            return None, calendar_events.CalendarOf()
        if which == EVERYBODY:
            opens = self._links.opens_everybodys(member, given.rpartition(".")[2])
            return member if opens else None, calendar_events.CalendarOf()
        opens = which.startswith(OWN) and self._links.opens_own(member, given)
        return member if opens else None, calendar_events.CalendarOf(member)

    def _make(self, rotation: Rotation, version: int, edition: "Revision", today: date, whose: "CalendarOf") -> bytes:
        """Return a calendar from a month back to a year ahead."""
        words = rotation_words.RotationWords(edition.at, rotation.calendar.zone)
        days = self._roster.days(today - BACK, today + AHEAD)
        name = f"On call: {whose.member.name}" if whose.member else "On call"
        return calendar_file.written(name, whose.events(days, self._roster.agreements.overrides, edition, words))

    def _edition(self, rotation: Rotation, at: datetime) -> "Revision":
        """Return the revision of the team's file, and note it where the file says something new."""
        fingerprint = hashlib.sha256(repr(_content(rotation)).encode()).hexdigest()

        def noted(last: RotationEdition | None) -> RotationEdition:
            if last and last.fingerprint == fingerprint:
                return last
            return RotationEdition(last.number + 1 if last else 1, at, fingerprint)

        last = self._editions.get(None, "rotation")
        if not last or last.fingerprint != fingerprint:
            last = self._editions.change(None, "rotation", noted)
        return calendar_events.Revision(last.number, last.since)


def _content(rotation: Rotation) -> list[object]:
    """Return all that calendars tell of the file, in an order that is the same in every process."""
    calendar = rotation.calendar
    shifts = [(one.name, one.start, one.end, sorted(one.weekdays)) for one in calendar.times]
    people = [(one.key, one.id, one.name) for one in rotation.members]
    turns = [
        (
            one.first_day,
            one.length,
            one.standby,
            [(name, [who.key for who in who_by]) for name, who_by in one.order.items()],
        )
        for one in rotation.patterns
    ]
    return [str(calendar.zone), shifts, sorted(calendar.own_holidays), people, turns]
