"""What stands between the desk and the stand-in Slack: it adds what the stand-in lacks, and fails when told to.

Added, as Slack does it: a wrong token is refused, scopes come in a header, messages keep their metadata, histories
know `oldest`, `limit` and threads, the bot hears its own posts, an event that is not acknowledged is delivered
again, topics can be set, a text that is too long is refused, and so are blocks and views beyond Slack's limits; a
form is shown only to somebody who pressed a moment ago, once; Home tabs are kept by person, and can be pressed
(pressing.py); some people are guests, strangers or apps (`people`).
"""

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from aiohttp import ClientSession, ClientTimeout, web

from tests.e2e.deliveries import Deliveries, Json
from tests.e2e.limits import refused_blocks
from tests.e2e.page import as_slack_tells
from tests.patience import LONG
from tests.planted import APP_TOKEN, BOT_TOKEN, look

OTHER_BOT_TOKEN = "xoxb-datadog-token"
EDITED_AS_ONE, POSTED_AS_ONE = 4_000, 40_000
ADDRESS, USES = 30 * 60.0, 5  # seconds that an address for answers is good for, and how often
BREAKS = ("500 after", "cut before", "cut after", "hang", "hang after")


@dataclass
class Fault:
    """The next `times` calls of `method` ("*": of any) fail in this way.

    `how`: "429" (asking to wait `wait` seconds), "500", "cut before" the call was done, "hang" (it is never done);
    "500 after", "cut after" and "hang after" it was done; or an error of Slack's own, such as "channel_not_found".
    """

    method: str
    how: str
    times: int = 1
    wait: int = 1
    where: Callable[[Json], bool] = lambda arguments: True


@dataclass
class Address:
    """Where the desk can answer somebody in a channel: five times, for half an hour."""

    channel: str
    user: str
    since: float
    uses: int = 0


@dataclass
class Call:
    """A call of the Web API as the desk made it."""

    method: str
    arguments: Json
    outcome: str = "ok"
    over: bool = False  # whether what it asks for was done, or failed
    at: float = field(default_factory=time.monotonic)


@dataclass
class Front(Deliveries):
    """The address that the desk takes for Slack's. Everything public may be called from any thread."""

    kinds_seen: ClassVar[set[str]] = set()  # by any of them

    scopes: str = ""
    upstream: str = ""
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    topics: dict[str, str] = field(default_factory=dict)
    metadata: dict[tuple[str, str], Json] = field(default_factory=dict)
    triggers: dict[str, float] = field(default_factory=dict)  # of what was pressed, and when
    addresses: dict[str, Address] = field(default_factory=dict)  # where what was asked can be answered
    exchanged: set[str] = field(default_factory=set)  # triggers that were used
    of_page: set[str] = field(default_factory=set)  # triggers of what was clicked in the stand-in's page
    now: Callable[[], float] = time.monotonic  # by which each call and each trigger has its moment
    lasts: float = LONG  # seconds that a trigger is good for: Slack's are three, which a busy machine may take
    homes: dict[str, Json] = field(default_factory=dict)  # what each person's Home tab shows
    people: dict[str, Json] = field(default_factory=dict)  # what users.info tells of somebody besides, by id

    def start(self) -> None:
        """Listens on a free port of loopback; `url` tells which."""
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self._thread.start()
        started.wait(LONG)

    def stop(self) -> None:
        """Stops listening."""
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LONG)

    def fail(self, method: str, how: str, times: int = 1, **more: Any) -> Fault:
        """Makes calls fail; returns the fault, whose `times` counts down."""
        fault = Fault(method, how, times, **more)
        self.faults.append(fault)
        return fault

    def made(self, method: str = "", **arguments: Any) -> list[Call]:
        """The calls made so far: of this method, with these arguments."""
        return [
            call
            for call in list(self.calls)
            if method in ("", call.method)
            and all(str(call.arguments.get(name)) == str(value) for name, value in arguments.items())
        ]

    # -- serving --

    def _serve(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._open())
        started.set()
        self._loop.run_forever()

    async def _open(self) -> None:
        self._session = ClientSession(timeout=ClientTimeout(total=LONG))
        application = web.Application(client_max_size=64 * 2**20)
        application.router.add_route("*", "/api/{method}", self._api)
        application.router.add_get("/link/{number}", self._socket)
        application.router.add_post("/events", self._event)
        application.router.add_post("/respond/{number}", self._respond)
        application.router.add_route("*", "/{path:.*}", self._pass)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._redelivery = asyncio.ensure_future(self._redeliver())

    async def _close(self) -> None:
        self._redelivery.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._redelivery
        await self._cut_sockets()
        await self._runner.cleanup()
        await self._session.close()
        hanging = asyncio.all_tasks() - {asyncio.current_task()}
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)

    # -- the Web API --

    async def _api(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        call = Call(request.match_info["method"], _arguments(request, body), at=self.now())
        return await self._broken(request, call, lambda: self._call(request, call, body))

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        """A socket that the desk opens counts as the call "socket"."""
        return await self._broken(request, Call("socket", {}), lambda: self._link(request))

    async def _broken(self, request: web.Request, call: Call, do: Callable[[], Any]) -> web.StreamResponse:
        """Does the call, or fails it where it is the turn of a fault."""
        self.calls.append(call)
        look(f"a call of {call.method}", str({name: told for name, told in call.arguments.items() if name != "token"}))
        self.kinds_seen.add(call.method)
        try:
            return await self._done(request, call, do)
        finally:
            call.over = True

    async def _done(self, request: web.Request, call: Call, do: Callable[[], Any]) -> web.StreamResponse:
        fault = self._fault(call)
        call.outcome = fault.how if fault else "ok"
        if fault is None:
            return await do()
        if fault.how not in BREAKS:
            return _refusal(fault)
        if fault.how.endswith("after"):
            await do()
        if fault.how == "500 after":
            return _refusal(fault)
        if fault.how.startswith("hang"):
            await asyncio.sleep(LONG)
        return _cut(request)

    async def _call(self, request: web.Request, call: Call, body: bytes) -> web.Response:
        answer = await self._answer(request, call, body)
        call.outcome = answer.get("error", "ok")
        return web.json_response(answer, headers={"x-oauth-scopes": self.scopes} if self.scopes else {})

    def _fault(self, call: Call) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and fault.method in ("*", call.method) and fault.where(call.arguments):
                fault.times -= 1
                return fault
        return None

    async def _answer(self, request: web.Request, call: Call, body: bytes) -> Json:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or call.arguments.get("token")
        if token != (APP_TOKEN if call.method == "apps.connections.open" else BOT_TOKEN):
            return {"ok": False, "error": "invalid_auth"}
        own = {"apps.connections.open": self._connection, "conversations.setTopic": self._topic}
        if call.method in own:
            return own[call.method](call.arguments)
        longest = EDITED_AS_ONE if call.method == "chat.update" else POSTED_AS_ONE
        if len(call.arguments.get("text") or "") > longest:
            return {"ok": False, "error": "msg_too_long"}
        if refused := refused_blocks(call.method, call.arguments):
            return {"ok": False, "error": refused}
        own_views = {"views.open": self._view, "views.publish": self._home}
        if call.method in own_views:
            return await own_views[call.method](call.arguments, body, dict(request.headers))
        answer: Json = await self._ask(f"/api/{call.method}", body, dict(request.headers))
        return self._completed(call, answer)

    async def _ask(self, path: str, body: bytes, headers: dict[str, str]) -> Json:
        kept = {name: headers[name] for name in ("Content-Type", "Authorization") if name in headers}
        async with self._session.post(self.upstream + path, data=body, headers=kept) as answer:
            return await answer.json(content_type=None)

    def _completed(self, call: Call, answer: Json) -> Json:
        said = call.arguments
        if call.method == "chat.postMessage" and answer["ok"]:
            if said.get("metadata"):
                self.metadata[answer["channel"], answer["ts"]] = _json(said["metadata"])
            self._soon(answer["message"])
        if call.method == "chat.update" and answer["ok"] and said.get("metadata"):
            self.metadata[said["channel"], said["ts"]] = _json(said["metadata"])
        if call.method in ("conversations.history", "conversations.replies") and answer["ok"]:
            answer["messages"] = self._history(said, answer["messages"])
        if call.method == "conversations.info" and answer.get("channel", {}).get("is_im"):
            room = answer["channel"]
            answer["channel"] = {"id": room["id"], "is_im": True, "user": room["name"].removeprefix("dm-")}
        if call.method == "users.info" and answer["ok"]:
            answer["user"] |= self.people.get(said["user"], {})
        if call.method == "files.getUploadURLExternal" and answer["ok"]:
            answer["upload_url"] = answer["upload_url"].replace(self.upstream, self.url)
        return answer

    def _soon(self, message: Json) -> None:
        event = {**message, "event_ts": message["ts"], "channel_type": "channel"}
        self._later(self._deliver({name: value for name, value in event.items() if value is not None}))

    def _history(self, asked: Json, messages: list[Json]) -> list[Json]:
        channel, oldest, latest = asked["channel"], float(asked.get("oldest") or 0), float(asked.get("latest") or "inf")
        found = [dict(message) for message in messages if oldest <= float(message["ts"]) <= latest]
        if asked.get("include_all_metadata") in ("1", "true"):
            for message in found:
                if (channel, message["ts"]) in self.metadata:
                    message["metadata"] = self.metadata[channel, message["ts"]]
        return found[: int(asked.get("limit") or 100)]

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        """An answer at the address that Slack gave for it, which counts as the call "respond"."""
        said = await request.json()
        number, call = request.match_info["number"], Call("respond", said, at=self.now())
        return await self._broken(request, call, lambda: self._responded(number, said))

    async def _responded(self, number: str, said: Json) -> web.StreamResponse:
        address = self.addresses.get(number)
        if address is None or address.uses == USES or self.now() - address.since > ADDRESS:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        address.uses += 1
        alone = said.get("response_type", "ephemeral") == "ephemeral"
        whom = {"user": address.user} if alone else {}
        body = json.dumps({"channel": address.channel, "text": said["text"], **whom}).encode()
        method = "chat.postEphemeral" if alone else "chat.postMessage"
        told = {"Content-Type": "application/json", "Authorization": f"Bearer {BOT_TOKEN}"}
        await self._ask(f"/api/{method}", body, told)
        return web.Response(text="ok")

    def address(self, channel: str, user: str) -> str:
        """An address for answers to somebody in a channel."""
        number = str(next(self._numbers))
        self.addresses[number] = Address(channel, user, self.now())
        return f"{self.url}/respond/{number}"

    def triggered(self, trigger: str) -> str:
        """A trigger is good from now on, for as long as it lasts, and once."""
        self.triggers[trigger] = self.now()
        return trigger

    def from_page(self, payload: Json) -> Json:
        """What Slack tells of what somebody types or clicks in the stand-in's page, which shows what that leads to."""
        self.of_page.add(self.triggered(payload["trigger_id"]))
        told = as_slack_tells(payload, self.homes)
        channel = told.get("channel_id") or (told.get("channel") or {}).get("id")
        user = told.get("user_id") or told["user"]["id"]
        return told | ({"response_url": self.address(channel, user)} if channel else {})

    async def _view(self, arguments: Json, body: bytes, headers: dict[str, str]) -> Json:
        if refused := self._refused_trigger(arguments["trigger_id"]):
            return {"ok": False, "error": refused}
        if arguments["trigger_id"] in self.of_page:
            return await self._ask("/api/views.open", body, headers)
        return {"ok": True, "view": _json(arguments["view"])}

    def _refused_trigger(self, trigger: str) -> str:
        """Why nothing can be shown by a trigger, which is used by that; "" if it can."""
        if trigger in self.exchanged:
            return "exchanged_trigger_id"
        self.exchanged.add(trigger)
        since = self.triggers.get(trigger)
        return (
            "invalid_trigger_id" if since is None else "expired_trigger_id" if self.now() - since > self.lasts else ""
        )

    async def _home(self, arguments: Json, body: bytes, headers: dict[str, str]) -> Json:
        view = _json(arguments["view"])
        if view["type"] != "home":
            return {"ok": False, "error": "invalid_arguments"}
        await self._ask("/api/views.publish", body, headers)
        self.homes[arguments["user_id"]] = view
        return {"ok": True, "view": view | {"id": f"VH{arguments['user_id']}"}}

    def _topic(self, arguments: Json) -> Json:
        self.topics[arguments["channel"]] = arguments["topic"]
        return {"ok": True}

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        """Everything else, as it is; the bytes of a file count as the call "upload"."""
        if request.path.startswith("/upload/"):
            return await self._broken(request, Call("upload", {}), lambda: self._passed(request))
        return await self._passed(request)

    async def _passed(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        headers = {name: value for name, value in request.headers.items() if name != "Host"}
        url = self.upstream + request.path_qs
        async with self._session.request(request.method, url, data=body, headers=headers) as answer:
            return web.Response(status=answer.status, body=await answer.read(), content_type=answer.content_type)


def _arguments(request: web.Request, body: bytes) -> Json:
    if "json" in request.headers.get("Content-Type", ""):
        return dict(request.query) | json.loads(body or b"{}")
    return dict(request.query) | dict(parse_qsl(body.decode(), keep_blank_values=True))


def _json(told: Any) -> Json:
    return dict(json.loads(told) if isinstance(told, str) else told)


def _refusal(fault: Fault) -> web.Response:
    if fault.how == "429":
        wait = {"Retry-After": str(fault.wait)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=wait)
    if fault.how.startswith("500"):
        return web.Response(status=500, text="<html>Server Error</html>", content_type="text/html")
    return web.json_response({"ok": False, "error": fault.how})


def _cut(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
