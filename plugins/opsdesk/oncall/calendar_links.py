"""The links to calendars: each opens one calendar, does not end by itself, and is replaced when its person says so."""

from datetime import datetime
from urllib.parse import quote

import msgspec

from opsdesk.errors import UserError
from opsdesk.oncall.rotation import Member
from opsdesk.remembered import Remembered
from opsdesk.store import Store
from opsdesk.web import LinkEdition, Signer

EVERYBODY = "oncall"  # what the address of everybody's calendar ends in, before ".ics"
OFF = (
    "The desk serves no calendars here. Whoever runs it can have it: DESK_WEB says where it listens, DESK_WEB_URL at "
    "which address people reach that."
)


REPLACED_SINCE = 5  # times at most, within the seconds until other desks on the store hear of it


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
        self._known = Remembered(lambda version: self._editions.all(None))

    def of(self, member: Member) -> CalendarAddresses:
        """Return the links of a member. Raise a UserError where the desk serves no calendars."""
        if not self._base:
            raise UserError(OFF)
        edition = self._edition(member)
        own, everybody = (self._signer.signature(*_signed(member, which, edition)) for which in (member.id, EVERYBODY))
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
        return self._opens(member, member.id, given)

    def opens_everybodys(self, member: Member, given: str) -> bool:
        """Return whether what was `given` as a member's link to everybody's calendar opens it."""
        return self._opens(member, EVERYBODY, given)

    def _opens(self, member: Member, which: str, given: str) -> bool:
        """Return whether a link opens a calendar. Whether it was replaced is asked of the store for true links alone.

        To whoever guesses the store answers nothing, and loses no time by it.
        """
        known = (self._known(self._editions.version()).get(member.id) or LinkEdition()).number
        editions = range(known, known + REPLACED_SINCE + 1)
        fitting = [one for one in editions if self._signer.signed(given, *_signed(member, which, one))]
        return bool(fitting) and self._edition(member) in fitting

    def _edition(self, member: Member) -> int:
        return (self._editions.get(None, member.id) or LinkEdition()).number


def _signed(member: Member, which: str, edition: int) -> tuple[str | int, ...]:
    """Return what is signed to let a member read a calendar."""
    return "calendar", member.id, which, edition
