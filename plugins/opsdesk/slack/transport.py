"""The two ways in which Slack delivers events: a socket that the desk opens, or requests to its web server."""

import json
import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, Protocol
from urllib.parse import parse_qsl

from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web import WebClient

from opsdesk import clock
from opsdesk.slack.api import BACKOFF
from opsdesk.slack.failures import FAILED, trouble_of
from opsdesk.slack.interactions import PRESSED, SLASH
from opsdesk.web import json_object
from opsdesk.workers import Workers

log = logging.getLogger(__name__)

LONGEST_TIMESTAMP = 20  # digits; more are no moment at all
Receive = Callable[[Mapping[str, Any]], None]
Ask = Callable[[str, Mapping[str, Any]], dict[str, Any]]
PING = 2.0  # seconds between pings; slack_sdk leaves a socket nine to fifteen seconds after its last answer to one
ASKERS = 8  # threads that acknowledge what people ask by buttons and the like
FORM = "application/x-www-form-urlencoded"
HELLO, TOO_MANY = "hello", "too_many_websockets"
SILENT = 9  # pings without an answer, after which the desk leaves a socket that slack_sdk takes for alive


class Transport(Protocol):
    """Where events come from. Each is kept before it is acknowledged; Slack delivers again what is not acknowledged.

    What people ask by buttons and the like comes the same way, is acknowledged with what `ask` gives, and never comes
    again.
    """

    name: str

    def open(self) -> None:
        """Start receiving events; raise what slack_sdk raises."""

    def is_open(self) -> bool:
        """Return whether events can arrive now."""

    def mend(self) -> None:
        """Replace a connection that does not mend itself. Called every half second."""

    def close(self) -> None:
        """Stop receiving events."""


class SocketTransport:
    """Socket Mode. A socket that is silent for `SILENT` pings is replaced."""

    name = "Socket Mode"

    def __init__(
        self,
        app_token: str,
        web: WebClient,
        receive: Receive,
        ask: Ask,
        *,
        ping: float = PING,
        now: clock.Now = clock.now,
    ) -> None:
        # One thread receives events, so that they keep the order in which they came.
        self._client_anew = partial(_Client, app_token, web_client=web, ping_interval=ping, concurrency=1)
        self._deliver, self._closed, self._in_doubt = receive, False, False
        self._ask, self._askers = ask, Workers(ASKERS, "slack-asked")
        self._client = self._new_client()
        self._silence = Silence(timedelta(seconds=SILENT * ping), now)

    def open(self) -> None:
        """Connect. slack_sdk connects again by itself when it notices that the connection broke."""
        self._client.connect()

    def is_open(self) -> bool:
        """Return whether a socket is open. The one after a silent socket counts only once it has said something."""
        session = self._client.current_session
        if session is None or not session.is_active() or self._client.refused:
            return False
        return not self._in_doubt or session.last_ping_pong_time is not None

    def mend(self) -> None:
        """Replace a socket that is open and silent.

        slack_sdk does so itself once answers to its pings end, but not if none ever came.
        """
        if not self._silence.is_too_long(self._client.current_session):
            return
        log.warning("Slack's socket stands and is silent. The desk leaves it for another.")
        self._in_doubt = True
        self._leave()
        self._client = self._new_client()
        try:
            self._client.connect()
        except Exception as failed:  # noqa: BLE001  # slack_sdk raises more than errors; this is tried again anyhow
            reason = trouble_of(failed).reason if isinstance(failed, FAILED) else repr(failed)
            log.warning("There is no other socket yet: %s", reason)

    def close(self) -> None:
        """Stop receiving events."""
        self._closed = True
        self._leave()

    def _leave(self) -> None:
        """Close the client in a thread of its own: ending its threads takes it seconds."""
        threading.Thread(target=self._client.close, daemon=True).start()

    def _new_client(self) -> "_Client":
        client = self._client_anew()
        client.socket_mode_request_listeners.append(self._receive)
        return client

    def _receive(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        if self._closed:
            return
        if request.type in (SLASH, PRESSED):  # an answer may take a moment, and other events must not wait for it
            self._askers.do(partial(self._acknowledge, client, request))
            return
        if request.type == "events_api":
            self._deliver(request.payload)
        client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    def _acknowledge(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        try:
            told = self._ask(request.type, request.payload)
        except (AttributeError, KeyError, TypeError):  # parts of it are missing, or are of another kind
            log.warning("Slack delivered nothing that can be asked.", exc_info=True)
            told = {}
        try:
            client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=told or None))
        except Exception:  # slack_sdk raises whatever a broken socket does; whoever asked is told so by Slack
            log.exception("What somebody asked was not acknowledged")


class _Client(SocketModeClient):
    """slack_sdk's client, made to stay closed: one closed while it connects would keep the connection otherwise.

    An app has ten sockets at most. To whom Slack refuses another, it is opened again after a pause, not at once.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        self.refused, self._over = 0, threading.Event()  # sockets, one after another; whether there is to be no more
        super().__init__(*args, **named)

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        if not self.refused:
            super().connect_to_new_endpoint(force)
            return
        pause = BACKOFF.after(self.refused).total_seconds()
        log.warning("Slack refuses another socket of this app, which has ten: the desk asks again in %s s.", pause)
        self.disconnect()
        if not self._over.wait(pause):
            super().connect_to_new_endpoint()  # not forced: slack_sdk notices in three threads that a socket closed

    def _on_message(self, message: str) -> None:
        kind = json.loads(message) if any(word in message for word in (HELLO, TOO_MANY)) else {}
        if kind.get("type") == "disconnect" and kind.get("reason") == TOO_MANY:
            self.refused += 1
        elif kind.get("type") == HELLO:
            self.refused = 0
        super()._on_message(message)

    def connect(self) -> None:
        super().connect()
        if self.closed:
            self.auto_reconnect_enabled = False
            self.current_session_state.terminated = True
            self.disconnect()

    def close(self) -> None:
        self._over.set()
        with suppress(AttributeError):  # slack_sdk closes the same socket at the same time
            super().close()
        super().close()


class Silence:
    """How long a socket has been silent: a live one answers the pings that slack_sdk sends."""

    def __init__(self, longest: timedelta, now: clock.Now) -> None:
        self._longest, self._now = longest, now
        self._seen: tuple[Connection | None, float | None] = None, None
        self._since = now()

    def is_too_long(self, session: Connection | None) -> bool:
        """Return whether the silence is too long by now; never for a closed socket, which slack_sdk replaces itself."""
        at, seen = self._now(), (session, session.last_ping_pong_time if session else None)
        if seen != self._seen or at < self._since:  # the clock was set back
            self._seen, self._since = seen, at
        gone = session is not None and not session.is_active()
        return not gone and at - self._since > self._longest


class HttpTransport:
    """Events API: requests to /slack/events of the desk's web server, each signed with the signing secret."""

    name = "Events API"

    def __init__(self, signing_secret: str, receive: Receive, ask: Ask) -> None:
        self._verifier = SignatureVerifier(signing_secret)
        self._deliver, self._ask, self._open = receive, ask, False

    def open(self) -> None:
        """Accept requests from now on."""
        self._open = True

    def is_open(self) -> bool:
        """Return whether requests are accepted."""
        return self._open

    def mend(self) -> None:
        """Do nothing: it is Slack that connects."""

    def close(self) -> None:
        """Refuse requests, so that Slack sends them again later."""
        self._open = False

    def respond(self, body: bytes, headers: Mapping[str, str]) -> tuple[str, int]:
        """Receive a request, and return the text and HTTP status to answer it with."""
        if len(headers.get("X-Slack-Request-Timestamp", "")) > LONGEST_TIMESTAMP:
            return "not a timestamp", 400
        if not self._signed(body, headers):
            log.warning("A request to /slack/events was refused: SLACK_SIGNING_SECRET is not what it is signed with.")
            return "not signed by Slack", 401
        is_form = headers.get("Content-Type", "").startswith(FORM)
        try:
            kind, payload = form_in(body) if is_form else ("", json_object(body))
        except ValueError as wrong:
            return str(wrong), 400
        if payload.get("type") == "url_verification":
            return str(payload.get("challenge", "")), 200
        if not self._open:
            return "not ready", 503
        try:
            if is_form:
                told = self._ask(kind, payload) if kind else {}
                return json.dumps(told) if told else "", 200
            self._deliver(payload)
        except (AttributeError, KeyError, TypeError):  # parts of it are missing, or are of another kind
            log.warning("A signed request to /slack/events holds no event of Slack's.", exc_info=True)
            return "not an event", 400
        return "", 200

    def _signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        try:
            return self._verifier.is_valid_request(body, dict(headers))
        except (ValueError, TypeError):  # what slack_sdk cannot read at all: anybody may send a request
            return False


def form_in(body: bytes) -> tuple[str, dict[str, Any]]:
    """Return of which kind what Slack sent as a form is, and what it says; no kind for Slack's own trials.

    Raise a ValueError that says why it is neither a slash command nor what a button or a form sends.
    """
    fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100))
    if "payload" in fields:
        return PRESSED, json_object(fields["payload"].encode())
    if "command" in fields:
        return SLASH, dict(fields)
    if "ssl_check" in fields:
        return "", {}
    raise ValueError("not a form of Slack's")
