"""A request and its answer, as the board reads and gives them."""

from collections.abc import Mapping
from typing import Any

import msgspec

Answer = tuple[bytes, int, Mapping[str, str]]  # body, HTTP status, headers

PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}
NOTHING: Answer = (b"", 404, PRIVATE)
TOO_OFTEN: Answer = (b"", 429, PRIVATE | {"Retry-After": "10"})
MISTAKE: Answer = (b"A mistake in the desk: it is in its log.", 500, PRIVATE)
BUSY: Answer = (b"The desk is busy: ask again in a moment.", 503, PRIVATE | {"Retry-After": "2"})


class BoardRequest(msgspec.Struct, frozen=True):
    """A request: the page below /board ("" for the first), what is asked of it, its headers, by whom.

    Names of headers are of small letters. `peer` is the address at the other end of the connection.
    """

    page: str
    query: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}
    cookies: Mapping[str, str] = {}
    peer: str = ""


def asked_of(request: Any, page: str = "") -> BoardRequest:
    """Return what Flask was asked."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    return BoardRequest(page, dict(request.args), headers, dict(request.cookies), str(request.remote_addr or ""))


def page_of(body: str | bytes, kind: str = "text/html; charset=utf-8", *, status: int = 200) -> Answer:
    """Return the answer that shows a page, or another file."""
    return body.encode() if isinstance(body, str) else body, status, PRIVATE | {"Content-Type": kind}
