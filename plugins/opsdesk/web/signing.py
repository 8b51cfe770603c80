"""Links to the desk's web server: where people reach it, and how what a link opens is signed."""

import functools
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from string import ascii_lowercase
from urllib.parse import urlsplit

import msgspec

from opsdesk.errors import SettingsError
from opsdesk.store import Store

KEY_LENGTH = 32  # bytes


class SigningKey(msgspec.Struct, frozen=True):
    """What links are signed with, in hexadecimal digits. It is made once, and never shown."""

    secret: str


class LinkEdition(msgspec.Struct, frozen=True):
    """How often a person has replaced their links, and when last."""

    number: int = 0
    replaced_at: datetime | None = None


class Signer:
    """Signs what the desk hands out, with a key of its own that is kept in the store under `name`."""

    def __init__(self, store: Store, name: str) -> None:
        self._keys, self._name = store.keyed("signing_keys", SigningKey), name
        self._key = functools.cache(self._kept_key)  # which never changes: a forgery costs the store nothing

    def signature(self, *of: str | int) -> str:
        """Return what only the desk can sign these parts with.

        It is of small letters alone, in which no mask on the way out takes anything for a number or a key.
        """
        digest = hmac.new(bytes.fromhex(self._key().secret), msgspec.json.encode(of), hashlib.sha256).digest()
        return "".join(ascii_lowercase[byte % len(ascii_lowercase)] for byte in digest)

    def signed(self, given: str, *of: str | int) -> bool:
        """Return whether what was `given` is the desk's signature of these parts."""
        return hmac.compare_digest(given.encode(errors="replace"), self.signature(*of).encode())

    def _kept_key(self) -> SigningKey:
        known = self._keys.get(None, self._name)
        made = SigningKey(secrets.token_hex(KEY_LENGTH))
        return known or self._keys.change(None, self._name, lambda first: first or made)


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
