"""How events reach the desk: by its sockets or by requests, again and again until it acknowledges them."""

import asyncio
import contextlib
import hashlib
import hmac
import itertools
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from aiohttp import ClientError, ClientSession, WSMessage, WSMsgType, web

from tests.e2e.limits import refused_acknowledgement
from tests.e2e.page import left_empty
from tests.patience import LONG
from tests.planted import SIGNING_SECRET

FORM = "application/x-www-form-urlencoded"
AGAIN = 0.2  # seconds until a request is sent again that was not taken
Json = dict[str, Any]


@dataclass
class Deliveries:
    """Slack's side of Socket Mode and of the Events API. Everything public may be called from any thread."""

    url: str = ""
    mode: str = "socket"
    desk: str = ""  # where events go in Events API mode
    deliveries: int = 1  # how often each event is delivered
    to_any: bool = False  # each event goes to one of the sockets at random, not to the newest
    to_all: bool = False  # each event goes to every socket on purpose
    most_sockets: int = 10
    taken_at: dict[str, float] = field(default_factory=dict)  # when a message was acknowledged, by its ts
    delivered: list[tuple[str, int]] = field(default_factory=list)  # each event's id, and which socket it went to
    answers: list[int] = field(default_factory=list)  # the HTTP statuses of deliveries, Events API mode
    asked: list[tuple[Json, Json]] = field(default_factory=list)  # slash commands, buttons, forms; what they were told
    refuse_sockets: bool = False
    mute_sockets: int = 0  # so many of the next sockets stand from the start without a word
    opened: int = 0  # sockets so far
    _loop: Any = None
    _session: ClientSession | None = None
    _sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _silent: set[web.WebSocketResponse] = field(default_factory=set)
    _waiting: list[Json] = field(default_factory=list)
    _unacknowledged: dict[str, Json] = field(default_factory=dict)
    _acknowledgements: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    _tasks: set[Any] = field(default_factory=set)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def listening(self) -> bool:
        """Whether the desk holds a socket."""
        return bool(self._sockets)

    def deliver(self, event: Json) -> None:
        """Hands an event to the desk, as Slack would."""
        self._do(self._deliver(event))

    def ask(self, kind: str, payload: Json) -> Json:
        """Asks the desk by a slash command, a button or a form; returns what it acknowledges that with, if anything."""
        return dict(self._do(self._ask_desk(kind, payload)))

    def address(self, channel: str, user: str) -> str:
        """An address for answers to somebody in a channel."""
        raise NotImplementedError

    def from_page(self, payload: Json) -> Json:
        """What Slack tells of what somebody types or clicks in the stand-in's page."""
        raise NotImplementedError

    def notify(self, body: Json) -> None:
        """Hands the desk what is no event, Events API mode."""
        self._do(self._post(body, 0))

    def disconnect(self) -> None:
        """Asks the desk to open another socket, as Slack does every few hours."""
        self._do(self._ask_to_reconnect())

    def close_sockets(self) -> None:
        """Ends the desk's connections as a server does that is restarted."""
        self._do(self._close_sockets())

    def drop_sockets(self) -> None:
        """Ends the desk's connections without having said so before."""
        self._do(self._drop_sockets())

    def cut_sockets(self) -> None:
        """Breaks the desk's connections off without a word."""
        self._do(self._cut_sockets())

    def fall_silent(self) -> None:
        """Leaves the desk's connections standing, and neither says nor hears anything by them from now on."""
        self._do(self._fall_silent())

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(LONG)

    def _connection(self, arguments: Json) -> Json:
        if self.refuse_sockets:
            return {"ok": False, "error": "internal_error"}
        return {"ok": True, "url": f"{self.url.replace('http', 'ws')}/link/{next(self._numbers)}"}

    async def _event(self, request: web.Request) -> web.Response:
        """An event from the stand-in, which is told at once that it was taken.

        Of what was asked it is told what the desk acknowledges that with.
        """
        text = await request.text()
        if request.content_type == FORM:
            fields = dict(parse_qsl(text, keep_blank_values=True))
            kind = "interactive" if "payload" in fields else "slash_commands"
            payload = self.from_page(json.loads(fields["payload"]) if "payload" in fields else fields)
            return web.json_response(left_empty(payload) or await self._ask_desk(kind, payload))
        event = json.loads(text)["event"]
        self._later(self._deliver(event))
        return web.Response()

    def _later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, event: Json) -> None:
        body = {"type": "event_callback", "team_id": "T01TEST", "api_app_id": "A01DESK", "event": event}
        body["event_id"] = f"Ev{next(self._numbers):08d}"
        for attempt in range(self.deliveries):
            if self.mode == "socket":
                await self._send(_envelope(body, f"{body['event_id']}-{attempt}", attempt))
            else:
                await self._post(body, attempt)

    async def _post(self, body: Json, attempt: int) -> None:
        text = json.dumps(body)
        for again in range(attempt, attempt + round(LONG / AGAIN)):
            with contextlib.suppress(ClientError, asyncio.TimeoutError):
                headers = _signed(text) | ({"x-slack-retry-num": str(again)} if again else {})
                async with self._session.post(self.desk, data=text, headers=headers) as answer:
                    self.answers.append(answer.status)
                    if answer.status == 200:
                        return
            await asyncio.sleep(AGAIN)

    async def _ask_desk(self, kind: str, payload: Json) -> Json:
        """Slack asks once, and waits three seconds: a machine that has much else to do is given longer here.

        What it is acknowledged with is kept, and must be of what Slack takes.
        """
        told = await self._acknowledged(kind, payload)
        self.asked.append((payload, told))
        if wrong := refused_acknowledgement(kind, payload, told):
            raise AssertionError(f"Slack takes no such acknowledgement: {wrong}: {told}")
        return told

    async def _acknowledged(self, kind: str, payload: Json) -> Json:
        if self.mode == "events":
            return await self._ask_by_request(kind, payload)
        number = f"ask-{next(self._numbers)}"
        self._acknowledgements[number] = asyncio.get_running_loop().create_future()
        envelope = {"type": kind, "envelope_id": number, "payload": payload, "accepts_response_payload": True}
        while not self._sockets:  # a busy machine's desk may have left one as too silent: it opens another
            await asyncio.sleep(AGAIN)
        await self._sockets[-1].send_json(envelope)
        return await asyncio.wait_for(self._acknowledgements[number], LONG)

    async def _ask_by_request(self, kind: str, payload: Json) -> Json:
        text = urlencode({"payload": json.dumps(payload)} if kind == "interactive" else payload)
        headers = _signed(text) | {"Content-Type": FORM}
        async with self._session.post(self.desk, data=text, headers=headers) as answer:
            self.answers.append(answer.status)
            told = await answer.text()
            return dict(json.loads(told)) if told else {}

    async def _send(self, envelope: Json) -> None:
        if not self._sockets:
            self._waiting.append(envelope)
            return
        self._unacknowledged[envelope["envelope_id"]] = envelope
        for socket in self._chosen(envelope):
            self.delivered.append((envelope["payload"].get("event_id", ""), id(socket)))
            if socket not in self._silent:
                with contextlib.suppress(ConnectionError):
                    await socket.send_json(envelope)

    def _chosen(self, envelope: Json) -> list[web.WebSocketResponse]:
        """Where an envelope goes: one that nobody acknowledged to another socket than the last time."""
        if self.to_all:
            return list(self._sockets)
        if not self.to_any:
            return self._sockets[-1:]
        before = {socket for event, socket in self.delivered if event == envelope["payload"].get("event_id", "")}
        others = [socket for socket in self._sockets if id(socket) not in before]
        return [random.choice(others or self._sockets)]

    async def _redeliver(self) -> None:
        """Slack delivers again what nobody acknowledged; here within a second, since tests wait for it."""
        old: dict[str, Json] = {}
        while True:
            await asyncio.sleep(1)
            left, old = {k: v for k, v in old.items() if k in self._unacknowledged}, dict(self._unacknowledged)
            for number, envelope in left.items():
                del self._unacknowledged[number], old[number]
                await self._send(_again(envelope))

    async def _link(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if len(self._sockets) >= self.most_sockets:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._sockets.append(socket)
        self.opened += 1
        if self.mute_sockets:
            self.mute_sockets -= 1
            self._silent.add(socket)
        else:
            await self._greet(socket)
        try:
            async for frame in socket:
                await self._hear(socket, frame)
        finally:
            if socket in self._sockets:
                self._sockets.remove(socket)
            self._silent.discard(socket)
        return socket

    async def _greet(self, socket: web.WebSocketResponse) -> None:
        await socket.send_json({"type": "hello", "num_connections": len(self._sockets)})
        waiting, self._waiting = self._waiting, []
        for envelope in waiting:
            await self._send(envelope)

    async def _hear(self, socket: web.WebSocketResponse, frame: WSMessage) -> None:
        if socket in self._silent:
            return
        if frame.type is WSMsgType.PING:
            await socket.pong(frame.data)
        elif frame.type is WSMsgType.TEXT:
            with contextlib.suppress(ValueError):
                heard = json.loads(frame.data)
                if envelope := self._unacknowledged.pop(heard.get("envelope_id"), None):
                    self.taken_at[envelope["payload"].get("event", {}).get("ts", "")] = time.monotonic()
                if heard.get("envelope_id") in self._acknowledgements:
                    self._acknowledgements.pop(heard["envelope_id"]).set_result(heard.get("payload") or {})

    async def _fall_silent(self) -> None:
        self._silent.update(self._sockets)

    async def _ask_to_reconnect(self) -> None:
        for socket in list(self._sockets):
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})

    async def _close_sockets(self) -> None:
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            await socket.close()

    async def _drop_sockets(self) -> None:
        for transport in self._taken_transports():
            transport.close()

    async def _cut_sockets(self) -> None:
        for transport in self._taken_transports():
            transport.abort()

    def _taken_transports(self) -> list[asyncio.WriteTransport]:
        sockets, self._sockets = self._sockets, []
        requests = [socket._req for socket in sockets if socket._req is not None]
        return [request.transport for request in requests if isinstance(request.transport, asyncio.WriteTransport)]


def _envelope(body: Json, number: str, attempt: int) -> Json:
    envelope = {"type": "events_api", "envelope_id": number, "payload": body, "accepts_response_payload": False}
    return envelope | ({"retry_attempt": attempt, "retry_reason": "timeout"} if attempt else {})


def _again(envelope: Json) -> Json:
    attempt = envelope.get("retry_attempt", 0) + 1
    return _envelope(envelope["payload"], f"{envelope['envelope_id']}-{attempt}", attempt)


def _signed(body: str) -> dict[str, str]:
    at = str(int(time.time()))
    signature = hmac.new(SIGNING_SECRET.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={signature}",
    }
