"""The two ways in which Slack delivers events: a socket that the desk opens, or requests to its web server."""

import json
import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web import WebClient

log = logging.getLogger(__name__)

Take = Callable[[Mapping[str, Any]], None]
PING = 2.0  # seconds between pings; slack_sdk takes a socket for broken after five that failed


class Delivery(Protocol):
    """Where events come from. Each is taken before Slack is told so; what Slack is not told it delivers again."""

    name: str

    def open(self) -> None:
        """Begins to take events; raises what slack_sdk raises."""

    def is_open(self) -> bool:
        """Whether events can arrive now."""

    def close(self) -> None:
        """Takes no more."""


class SocketDelivery:
    """Socket Mode."""

    name = "Socket Mode"

    def __init__(self, app_token: str, web: WebClient, take: Take) -> None:
        # One thread takes them, so that they are taken in the order in which they came.
        self._client = SocketModeClient(app_token, web_client=web, ping_interval=PING, concurrency=1)
        self._client.socket_mode_request_listeners.append(self._receive)
        self._take, self._closed = take, False

    def open(self) -> None:
        """Connects; slack_sdk connects again by itself whenever that breaks."""
        self._client.connect()

    def is_open(self) -> bool:
        """Whether the socket stands."""
        return bool(self._client.is_connected())

    def close(self) -> None:
        """Leaves. slack_sdk needs seconds to wind up its threads, which nobody has to wait for."""
        self._closed = True
        threading.Thread(target=self._client.close, daemon=True).start()

    def _receive(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        if self._closed:
            return
        if request.type == "events_api":
            self._take(request.payload)
        client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))


class HttpDelivery:
    """Events API: requests to /slack/events of the desk's web server, each signed with the signing secret."""

    name = "Events API"

    def __init__(self, signing_secret: str, take: Take) -> None:
        self._verifier = SignatureVerifier(signing_secret)
        self._take, self._open = take, False

    def open(self) -> None:
        """Takes requests from now on."""
        self._open = True

    def is_open(self) -> bool:
        """Whether requests are taken."""
        return self._open

    def close(self) -> None:
        """Refuses requests, so that Slack sends them again later."""
        self._open = False

    def receive(self, body: bytes, headers: Mapping[str, str]) -> tuple[str, int]:
        """What to answer a request with: text and HTTP status."""
        if not self._verifier.is_valid_request(body, dict(headers)):
            log.warning("A request to /slack/events was refused: SLACK_SIGNING_SECRET is not what it is signed with.")
            return "not signed by Slack", 401
        try:
            payload = json.loads(body)
        except ValueError:
            return "not JSON", 400
        if payload.get("type") == "url_verification":
            return str(payload.get("challenge", "")), 200
        if not self._open:
            return "not ready", 503
        self._take(payload)
        return "", 200
