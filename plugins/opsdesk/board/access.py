"""DESK_WEB_ACCESS: who may read the board, known by where a request comes from, by a proxy's word, or by a link."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from opsdesk.board.asked import BoardRequest
from opsdesk.errors import SettingsError
from opsdesk.patterns import regex
from opsdesk.web import base_of

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
FORWARDING = ("forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip")
HEADER = regex(r"([A-Za-z][A-Za-z0-9-]*)\s+from\s+(\S+)")
EMAIL = regex(r"[^@\s,;<>\"']{1,64}@[A-Za-z0-9.-]{1,190}")
EXAMPLE = "links; X-Auth-Request-Email from 10.0.0.5; metrics from 10.0.0.9"


class BoardAccess(msgspec.Struct, frozen=True):
    """Who may come in: whoever sits at this machine, whoever has a link, whomever a proxy names, a scraper.

    `header` is where the proxies at `proxies` name their users, in small letters; "" for none.
    """

    loopback: bool = True
    links: bool = False
    header: str = ""
    proxies: tuple[Network, ...] = ()
    scrapers: tuple[Network, ...] = ()

    def is_local(self, asked: BoardRequest) -> bool:
        """Return whether a request was made on this machine, for this machine, and handed on by nobody."""
        handed_on = any(name in FORWARDING or name.startswith("x-forwarded") for name in asked.headers)
        return self.loopback and not handed_on and _is_loopback(asked.peer) and _is_loopback(_host(asked))

    def named(self, asked: BoardRequest) -> str:
        """Return the e-mail address that a trusted proxy says a request is of; "" for none."""
        if not self.header or not _is_in(asked.peer, self.proxies):
            return ""
        told = asked.headers.get(self.header, "").strip().casefold()
        return told if EMAIL.fullmatch(told) else ""

    def is_scraper(self, asked: BoardRequest) -> bool:
        """Return whether a request comes from the address of the scraper."""
        return _is_in(asked.peer, self.scrapers)


def read(environment: Mapping[str, str]) -> BoardAccess:
    """Return who may read the board. Raise a SettingsError for a DESK_WEB_ACCESS that cannot be read.

    Without one it is whoever sits at this machine, unless people reach it from elsewhere: then everybody's requests
    may come from this machine.
    """
    given = [part.strip() for part in environment.get("DESK_WEB_ACCESS", "").split(";") if part.strip()]
    if not given:
        host = urlsplit(base_of(environment)).hostname
        return BoardAccess(loopback=not host or _is_loopback(host))
    access = BoardAccess(loopback=False)
    for part in given:
        access = _with(access, part)
    return access


def _with(access: BoardAccess, part: str) -> BoardAccess:
    if part in ("links", "loopback"):
        return msgspec.structs.replace(access, **{part: True})
    found = HEADER.fullmatch(part)
    if not found:
        raise _unreadable(part)
    try:
        network = ipaddress.ip_network(found[2], strict=False)
    except ValueError:
        raise _unreadable(part) from None
    if found[1].casefold() == "metrics":
        return msgspec.structs.replace(access, scrapers=(*access.scrapers, network))
    if access.header not in ("", found[1].casefold()):
        raise SettingsError(["DESK_WEB_ACCESS names two headers: one is enough, from as many addresses as there are."])
    return msgspec.structs.replace(access, header=found[1].casefold(), proxies=(*access.proxies, network))


def _unreadable(part: str) -> SettingsError:
    return SettingsError([f'DESK_WEB_ACCESS has "{part[:60]}", which is none of: {EXAMPLE}; loopback.'])


def _host(asked: BoardRequest) -> str:
    """Return the name in the Host header, without its port."""
    host = asked.headers.get("host", "")
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]


def _is_loopback(name: str) -> bool:
    if name.casefold() == "localhost":
        return True
    address = _address(name)
    return bool(address and address.is_loopback)


def _is_in(peer: str, networks: tuple[Network, ...]) -> bool:
    address = _address(peer)
    return bool(address) and any(address in network for network in networks)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
