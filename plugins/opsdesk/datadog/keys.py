"""The key pairs of Datadog's organisations, from the environment."""

from collections.abc import Mapping

import msgspec

from opsdesk.datadog.answers import Reason, Unknown
from opsdesk.patterns import regex

KEY = regex(r"DESK_DATADOG_([A-Z][A-Z0-9_]*)_(API|APP)_KEY")
ORGANISATION = regex(r"[a-z][a-z0-9_]*")  # as the team's files name one
SENDABLE = regex(r"[\x21-\x7e]+")


class Keys(msgspec.Struct, frozen=True):
    """The key pair of an organisation, never shown. One that is unset, or `unsendable` ("API", "APP"), is ""."""

    api: str = ""
    app: str = ""
    unsendable: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Keys(unsendable={self.unsendable})"


def read_keys(environment: Mapping[str, str]) -> dict[str, Keys]:
    """Return the keys by organisation, without surrounding blanks and line ends."""
    found: dict[str, dict[str, str]] = {}
    for name, value in environment.items():
        if (named := KEY.fullmatch(name)) and value.strip():
            found.setdefault(named[1].lower(), {})[named[2]] = value.strip()
    return {organisation: _pair(keys) for organisation, keys in found.items()}


def missing(organisation: str, keys: Keys) -> Unknown | None:
    """Return what keeps an organisation from being asked: an unset or unsendable key. None if nothing."""
    names = {kind: f"DESK_DATADOG_{organisation.upper()}_{kind}_KEY" for kind in ("API", "APP")}
    if unsendable := [names[kind] for kind in keys.unsendable]:
        return Unknown(Reason.NOT_CONFIGURED, f"{' and '.join(unsendable)} with a blank or line end inside")
    unset = [names[kind] for kind, key in (("API", keys.api), ("APP", keys.app)) if not key]
    return Unknown(Reason.NOT_CONFIGURED, f"{' and '.join(unset)} not set") if unset else None


def _pair(keys: Mapping[str, str]) -> Keys:
    sendable = {kind: key for kind, key in keys.items() if SENDABLE.fullmatch(key)}
    wrong = tuple(kind for kind in keys if kind not in sendable)
    return Keys(sendable.get("API", ""), sendable.get("APP", ""), wrong)
