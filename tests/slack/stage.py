"""A Slack for the chat to talk to: people, channels, edits, reactions and files, with faults on order."""

import enum
import json
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

GENERAL, ALICE, BOB = "C01GENERAL", "U01ALICE", "U02BOB"
DESK, DESK_BOT = "U09DESK", "B09DESK"

LATER = 40  # seconds until a call that is held is done
UNANSWERED = 598  # the HTTP status by which a caller that does not want to wait learns that there will be no answer


class Fault(enum.Enum):
    """What happens to a call instead of, or after, being done."""

    BUSY = "429, with a time to wait"
    BROKEN = "500"
    NOT_SLACK = "200, with a page of somebody in between"
    GONE = "channel_not_found"
    CLOSED = "is_archived"
    NOT_TAKEN = "invalid_auth"
    NOT_IN = "not_in_channel"
    FORBIDDEN = "restricted_action"
    INACTIVE = "account_inactive"
    FIXED = "edit_window_closed"
    BUSY_BRIEFLY = "429, with three seconds to wait"
    BUSY_AT_ONCE = "429, with no second to wait"
    BUSY_ODDLY = "429, with a date instead of seconds"
    BLOCKS = "invalid_blocks"
    NO_TS = "it is done, and the answer does not say where"
    LATE = "it is done 40 seconds later, and there is no answer, for which UNANSWERED stands"
    CUT_BEFORE = "the connection is cut and nothing was done"
    HANG = "nothing is done, and there is no answer, for which UNANSWERED stands"
    CUT_AFTER = "it is done, and the connection is cut before the answer"


WAITS = {
    Fault.BUSY: "20",
    Fault.BUSY_BRIEFLY: "3",
    Fault.BUSY_AT_ONCE: "0",
    Fault.BUSY_ODDLY: "Tue, 24 Nov 2026 01:00:03 GMT",
}
REASONS = {Fault.GONE: "channel_not_found", Fault.CLOSED: "is_archived"} | {
    one: one.value
    for one in (Fault.NOT_TAKEN, Fault.NOT_IN, Fault.FORBIDDEN, Fault.INACTIVE, Fault.FIXED, Fault.BLOCKS)
}


@dataclass
class SlackApi:
    """The server and what its channels show. `fault` says what a call meets; `now` is Slack's own clock."""

    fault: Callable[[str], Fault | None] = lambda method: None
    fault_in: Callable[[str, dict[str, Any]], Fault | None] = lambda method, asked: None
    held: list[tuple[float, str, dict[str, Any]]] = field(default_factory=list)
    before: Callable[[str], None] = lambda method: None
    now: Callable[[], float] = time.time
    messages: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def shown(self, channel: str) -> list[dict[str, Any]]:
        """The messages of a channel, oldest first."""
        with self.lock:
            self._do_held()
            return [dict(message) for message in self.messages if message["channel"] == channel]

    def do(self, method: str, asked: dict[str, Any]) -> dict[str, Any]:
        """What Slack answers to a call that reaches it."""
        doing = getattr(self, "_" + method.replace(".", "_"), None)
        if doing is None:
            return {"ok": False, "error": "unknown_method"}
        with self.lock:
            self._do_held()
            return {"ok": True, **doing(asked)}

    def hold(self, method: str, asked: dict[str, Any]) -> None:
        """Does later what is asked now."""
        with self.lock:
            self.held.append((self.now() + LATER, method, asked))

    def _do_held(self) -> None:
        due = [one for one in self.held if one[0] <= self.now()]
        self.held = [one for one in self.held if one not in due]
        for _, method, asked in due:
            self.do(method, asked)

    def _auth_test(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"url": "https://example.slack.com/", "user_id": DESK, "bot_id": DESK_BOT}

    def _chat_postMessage(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802  # Slack's own name
        message = {
            "channel": asked["channel"],
            "user": DESK,
            "bot_id": DESK_BOT,
            "ts": f"{self.now() + len(self.messages) / 1e6:.6f}",
            "text": asked.get("text", ""),
            "metadata": asked.get("metadata"),
            "blocks": asked.get("blocks"),
        }
        self.messages.append(message)
        return {"channel": message["channel"], "ts": message["ts"], "message": message}

    def _chat_update(self, asked: dict[str, Any]) -> dict[str, Any]:
        for message in self.messages:
            if (message["channel"], message["ts"]) == (asked["channel"], asked["ts"]):
                message["text"], message["blocks"] = asked["text"], asked.get("blocks")
                message["metadata"] = asked.get("metadata") or message["metadata"]
                return {"channel": asked["channel"], "ts": asked["ts"]}
        return {"ok": False, "error": "message_not_found"}

    def _chat_delete(self, asked: dict[str, Any]) -> dict[str, Any]:
        kept = [one for one in self.messages if (one["channel"], one["ts"]) != (asked["channel"], asked["ts"])]
        found, self.messages = len(kept) < len(self.messages), kept
        return {} if found else {"ok": False, "error": "message_not_found"}

    def _chat_getPermalink(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"permalink": f"https://slack.example/{asked['channel']}/{asked['message_ts']}"}

    def _conversations_open(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": "D" + asked["users"]}}

    def _conversations_history(self, asked: dict[str, Any]) -> dict[str, Any]:
        oldest, latest = float(asked.get("oldest") or 0), float(asked.get("latest") or "inf")
        shown = [one for one in self.shown(asked["channel"]) if oldest <= float(one["ts"]) <= latest]
        return {"messages": shown[::-1], "has_more": False}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api: SlackApi

    def do_POST(self) -> None:  # the server's own name for it
        method = self.path.rsplit("/", 1)[-1]
        asked = self._asked()
        self.api.before(method)
        fault = self.api.fault(method) or self.api.fault_in(method, asked)
        if fault is Fault.CUT_BEFORE:
            self._cut()
        elif fault is Fault.HANG:
            self._answer(UNANSWERED, {})
        elif fault is Fault.NO_TS:
            self.api.do(method, asked)
            self._answer(200, {"ok": True})
        elif fault is Fault.LATE:
            self.api.hold(method, asked)
            self._answer(UNANSWERED, {})
        elif fault is Fault.CUT_AFTER:
            self.api.do(method, asked)
            self._cut()
        elif fault in WAITS:
            self._answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": WAITS[fault]})
        elif fault is Fault.BROKEN:
            self._answer(500, {"ok": False, "error": "internal_error"})
        elif fault is Fault.NOT_SLACK:
            self._send(200, b"<html>Back soon</html>", {"Content-Type": "text/html"})
        elif fault:
            self._answer(200, {"ok": False, "error": REASONS[fault]})
        else:
            self._answer(200, self.api.do(method, asked))

    do_GET = do_POST  # noqa: N815

    def _asked(self) -> dict[str, Any]:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if body.startswith("{"):
            return dict(json.loads(body))
        form = dict(urllib.parse.parse_qsl(body))
        for name in ("metadata", "blocks"):
            if isinstance(form.get(name), str):
                form[name] = json.loads(form[name])
        return form

    def _answer(self, status: int, answer: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(answer).encode(), {"Content-Type": "application/json", **(headers or {})})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests tell what went wrong."""


@contextmanager
def serving(api: SlackApi) -> Iterator[SlackApi]:
    """Serves `api` on a free port of the loopback for as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"api": api}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_address[1]}/api/"
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()


PEOPLE = {
    ALICE: {"id": ALICE, "name": "alice", "profile": {"display_name": "alice", "real_name": "Alice Adams"}},
    BOB: {"id": BOB, "name": "rsmith", "profile": {"display_name": "", "real_name": "Bob Smith"}},
}


class Slack(SlackApi):
    """As far as the chat needs it: people, channels, edits, reactions, files; every call is counted."""

    def __init__(self):
        super().__init__(fault=self._fault)
        self.faults, self.calls, self.reactions, self.uploads = {}, [], set(), []
        self.page, self.alone = 200, []

    def _fault(self, method):
        self.calls.append(method)
        waiting = self.faults.get(method, [])
        return waiting.pop(0) if waiting else None

    def do(self, method, asked):
        if method.startswith("bytes"):
            return {"ok": True}
        return super().do(method, asked)

    def _users_info(self, asked):
        return {"user": PEOPLE[asked["user"]]} if asked["user"] in PEOPLE else {"ok": False, "error": "user_not_found"}

    def _bots_info(self, asked):
        known = {"B08APP": "Uptime"}
        if asked["bot"] not in known:
            return {"ok": False, "error": "bot_not_found"}
        return {"bot": {"id": asked["bot"], "name": known[asked["bot"]]}}

    def _users_list(self, asked):
        return {"members": list(PEOPLE.values())}

    def _conversations_info(self, asked):
        return {"channel": {"id": asked["channel"], "name": "general"}}

    def _conversations_history(self, asked):
        """A page of the channel's messages, the latest first."""
        shown, at = super()._conversations_history(asked)["messages"], int(asked.get("cursor") or 0)
        more = at + self.page < len(shown)
        cursor = {"next_cursor": str(at + self.page) if more else ""}
        return {"messages": shown[at : at + self.page], "has_more": more, "response_metadata": cursor}

    def _conversations_replies(self, asked):
        return self._conversations_history(asked)

    def _chat_postEphemeral(self, asked):  # noqa: N802
        self.alone.append(asked)
        return {"ok": True, "message_ts": "1.0"}

    def _reactions_add(self, asked):
        if asked["name"] in self.reactions:
            return {"ok": False, "error": "already_reacted"}
        self.reactions.add(asked["name"])
        return {}

    def _files_getUploadURLExternal(self, asked):  # noqa: N802
        return {"upload_url": f"{self.url}bytes", "file_id": "F01"}

    def _files_completeUploadExternal(self, asked):  # noqa: N802
        self.uploads.append(asked)
        shown = {
            "channel": asked["channel_id"],
            "user": DESK,
            "ts": f"{self.now():.6f}",
            "text": "",
            "files": [{"id": "F01"}],
        }
        self.messages.append(shown)
        return {"files": []}


class Waits:
    """Stands for the end of the desk: every wait is noted, and over at once."""

    def __init__(self):
        self.lengths = []

    def wait(self, seconds):
        self.lengths.append(seconds)
        return False


def typed(text="!incident", **event):
    """A message as Errbot hands it over."""
    slack_event = {"channel": GENERAL, "user": ALICE, "ts": "1795470990.000001", "text": text} | event
    return SimpleNamespace(extras={"slack_event": slack_event})
