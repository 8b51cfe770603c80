"""The links to calendars: each opens one calendar, does not end by itself, and is replaced when its person says so."""

from datetime import datetime
from urllib.parse import quote

import msgspec

from opsdesk.errors import UserError
from opsdesk.oncall.rotation import Member
from opsdesk.store import Store
from opsdesk.web import LinkEdition, Signer

EVERYBODY = "oncall"  # what the address of everybody's calendar ends in, before ".ics"
OFF = (
    "The desk serves no calendars here. Whoever runs it can have it: DESK_WEB says where it listens, DESK_WEB_URL at "
    "which address people reach that."
)


class CalendarAddresses(msgspec.Struct, frozen=True):
    """A person's links: to their own shifts, and to everybody's."""

    own: str
    everybody: str


class CalendarLinks:
    """Gives each member of the rotation links of their own, and knows them again.

    `base` is the address at which people reach the desk, "" where it serves nothing.
    """

    def __init__(self, store: Store, base: str) -> None:
        self._base, self._signer = base, Signer(store, "calendar")
        self._editions = store.keyed("calendar_links", LinkEdition)

    def of(self, member: Member) -> CalendarAddresses:
        """Return the links of a member. Raise a UserError where the desk serves no calendars."""
        if not self._base:
            raise UserError(OFF)
        own, everybody = (self._signer.signature(*self._signed(member, which)) for which in (member.id, EVERYBODY))
        key = quote(member.key, safe="")
        return CalendarAddresses(
            f"{self._base}/oncall/{key}.ics?link={own}", f"{self._base}/oncall.ics?link={key}.{everybody}"
        )

    def replace(self, member: Member, at: datetime) -> CalendarAddresses:
        """Return new links of a member; those that were given out before open nothing any more."""
        if not self._base:
            raise UserError(OFF)
        self._editions.change(None, member.id, lambda last: LinkEdition((last.number if last else 0) + 1, at))
        return self.of(member)

    def opens_own(self, member: Member, given: str) -> bool:
        """Return whether what was `given` with the address of a member's own calendar opens it."""
        return self._signer.signed(given, *self._signed(member, member.id))

    def opens_everybodys(self, member: Member, given: str) -> bool:
        """Return whether what was `given` as a member's link to everybody's calendar opens it."""
        return self._signer.signed(given, *self._signed(member, EVERYBODY))

    def _signed(self, member: Member, which: str) -> tuple[str | int, ...]:
        """Return what is signed to let a member read a calendar."""
        edition = self._editions.get(None, member.id) or LinkEdition()
        return "calendar", member.id, which, edition.number
