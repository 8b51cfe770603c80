"""HTTP beneath the official client: every answer is read whole here, up to a size, and can be cut off.

The client itself would read an error's body without bound, and urllib3 follows redirects with the keys.
"""

import io
import socket
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from opsdesk.datadog import calls

MOST_BYTES = 8_000_000  # unpacked: a day of 1,500 points takes 60,000, the largest public dashboards 2,000,000
CHUNK = 1 << 16


class TooLarge(HTTPError):
    """An answer of more than MOST_BYTES."""


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        connection = super()._new_conn()
        calls.current().uses(connection)
        return connection

    def request(self, *args: Any, **more: Any) -> None:
        if self.sock:  # kept from an earlier call
            calls.current().uses(self.sock)
        super().request(*args, **more)


class _SecureConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection

    def urlopen(self, method: str, url: str, *args: Any, **more: Any) -> Any:
        response = super().urlopen(method, url, *args, **{**more, "preload_content": False})
        return whole(response)


class _SecurePool(_Pool, HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def whole(response: Any) -> HTTPResponse:
    """Return a response that has been read to its end. Raise TooLarge, or urllib3's errors."""
    body = bytearray()
    try:
        while chunk := response.read(CHUNK):
            body += chunk
            if len(body) > MOST_BYTES:
                raise TooLarge
        response.release_conn()
    finally:
        response.close()
    # Its `retries` say that none is wanted: without them urllib3 would follow a redirect, keys and all.
    head = {name: getattr(response, name) for name in ("headers", "status", "reason", "retries")}
    return HTTPResponse(io.BytesIO(body), **head, decode_content=False)


def install(manager: PoolManager) -> None:
    """Have `manager` read answers like this."""
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
