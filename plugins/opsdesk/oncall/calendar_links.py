"""The links to calendars: each opens one calendar, does not end by itself, and is replaced when its person says so."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from string import ascii_lowercase
from urllib.parse import quote, urlsplit

import msgspec

from opsdesk.errors import SettingsError, UserError
from opsdesk.oncall.rotation import Member
from opsdesk.store import Store

KEY_LENGTH = 32  # bytes
EVERYBODY = "oncall"  # what the address of everybody's calendar ends in, before ".ics"
OFF = (
    "The desk serves no calendars here. Whoever runs it can have it: DESK_WEB says where it listens, DESK_WEB_URL at "
    "which address people reach that."
)


class SigningKey(msgspec.Struct, frozen=True):
    """What links are signed with, in hexadecimal digits. It is made once, and never shown."""

    secret: str


class LinkEdition(msgspec.Struct, frozen=True):
    """How often a person has replaced their links, and when last."""

    number: int = 0
    replaced_at: datetime | None = None


class CalendarAddresses(msgspec.Struct, frozen=True):
    """A person's links: to their own shifts, and to everybody's."""

    own: str
    everybody: str


class CalendarLinks:
    """Gives each member of the rotation links of their own, and knows them again.

    `base` is the address at which people reach the desk, "" where it serves nothing.
    """

    def __init__(self, store: Store, base: str) -> None:
        self._base = base
        self._keys = store.keyed("signing_keys", SigningKey)
        self._editions = store.keyed("calendar_links", LinkEdition)

    def of(self, member: Member) -> CalendarAddresses:
        """Return the links of a member. Raise a UserError where the desk serves no calendars."""
        if not self._base:
            raise UserError(OFF)
        own, everybody = (self._signature(member, which) for which in (member.id, EVERYBODY))
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
        return self._is(given, self._signature(member, member.id))

    def opens_everybodys(self, member: Member, given: str) -> bool:
        """Return whether what was `given` as a member's link to everybody's calendar opens it."""
        return self._is(given, self._signature(member, EVERYBODY))

    def _is(self, given: str, signature: str) -> bool:
        return hmac.compare_digest(given.encode(errors="replace"), signature.encode())

    def _signature(self, member: Member, which: str) -> str:
        """Return what only the desk can sign a calendar with for a member.

        It is of small letters alone, in which no mask on the way out takes anything for a number or a key.
        """
        edition = self._editions.get(None, member.id) or LinkEdition()
        signed = msgspec.json.encode(["calendar", member.id, which, edition.number])
        digest = hmac.new(bytes.fromhex(self._key().secret), signed, hashlib.sha256).digest()
        return "".join(ascii_lowercase[byte % len(ascii_lowercase)] for byte in digest)

    def _key(self) -> SigningKey:
        known = self._keys.get(None, "calendar")
        made = SigningKey(secrets.token_hex(KEY_LENGTH))
        return known or self._keys.change(None, "calendar", lambda first: first or made)


def base_of(environment: Mapping[str, str]) -> str:
    """Return the address at which people reach the web server, without a slash at its end; "" where it is off.

    Raise a SettingsError for a DESK_WEB_URL that is no address.
    """
    url = environment.get("DESK_WEB_URL", "").strip().rstrip("/")
    if not url or not environment.get("DESK_WEB"):
        return ""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(["DESK_WEB_URL should be where people reach DESK_WEB, such as https://desk.example.gov."])
    return url
