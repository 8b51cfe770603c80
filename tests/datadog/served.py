"""The stand-in of Datadog as it is served on loopback."""

import json
import re
import socket
import struct
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.patience import LONG

if TYPE_CHECKING:
    from tests.datadog.stage import DatadogStandIn, Fault

METRIC = re.compile(r"(?:sum|avg|max):(?P<metric>[\w.]+)\{")


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    standin: "DatadogStandIn"

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: whoever asked has not waited."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are written one after the other
    server: Server

    def do_GET(self) -> None:
        standin = self.server.standin
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        found = METRIC.match(asked.get("query", ""))
        metric = found["metric"] if found else ""
        standin.headers.append({name.lower(): value for name, value in self.headers.items()})
        standin.asked.append({"path": address.path, "api_key": self.headers.get("DD-API-KEY", ""), **asked})
        if fault := standin.meets(metric, self._keys):
            self._fail(fault)
        elif address.path.startswith("/api/v1/dashboard/"):
            self._dashboard(address.path.rpartition("/")[2])
        else:
            threading.Event().wait(standin.delay)
            standin.free.wait(LONG)
            left = {"X-RateLimit-Limit": "1600", "X-RateLimit-Remaining": str(standin.count(metric))}
            self._answer(200, json.dumps(standin.answer(asked)), left)

    def do_POST(self) -> None:
        standin, body = self.server.standin, json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        standin.searched.append((self.path, body))
        if fault := standin.meets(self.path, self._keys):
            self._fail(fault)
        else:
            self._answer(200, json.dumps(standin.search(self.path, body)), {})

    @property
    def _keys(self) -> tuple[str, str]:
        return self.headers.get("DD-API-KEY", ""), self.headers.get("DD-APPLICATION-KEY", "")

    def _dashboard(self, name: str) -> None:
        definition = self.server.standin.dashboards.get(name)
        if definition is None:
            self._answer(404, json.dumps({"errors": [f"Dashboard with ID {name} not found"]}), {})
        else:
            self._answer(200, json.dumps(definition), {})

    def _fail(self, fault: "Fault") -> None:
        if fault.hang:
            self.server.standin.released.wait()
        if fault.hang or fault.drop:
            self.close_connection = True
            # Closed with time left to linger of zero, the peer is told that the connection was reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return None
        if fault.trickle:
            return self._trickle(fault)
        return self._answer(fault.status, fault.body, fault.headers)

    def _trickle(self, fault: "Fault") -> None:
        self.close_connection = True
        head = f"HTTP/1.1 {fault.status} OK\r\nContent-Type: application/json\r\n".encode()
        if fault.trickle == "body":
            self.wfile.write(head + b"\r\n")
        else:
            self.wfile.write(head + b"X-More: ")
        with suppress(OSError):  # whoever asked has gone
            while not self.server.standin.released.wait(0.05):
                self.wfile.write(b" " if fault.trickle == "body" else b"x")
        self.server.standin.left_alone.set()

    def _answer(self, status: int, body: str | bytes, headers: dict[str, str]) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what is asked is in `asked`."""
