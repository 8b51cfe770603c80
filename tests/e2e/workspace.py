"""A Slack on this machine: the stand-in behind its front, people who type, and what its channels show."""

import json
import os
import shutil
import subprocess
import tempfile
import threading
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from opsdesk.slack import scopes as slack_scopes
from tests.e2e.front import OTHER_BOT_TOKEN, Front
from tests.patience import LONG, until
from tests.planted import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from tests.ports import free_port

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BINARY = HERE / "node_modules" / "local-slack-linux-x64" / "bin" / "local-slack"
PATIENCE = LONG

ALICE, BOB, CHARLIE, DESK, DATADOG = "U01ALICE", "U02BOB", "U03CHARLIE", "U09DESK", "U08DATADOG"
PEOPLE = {"alice": ALICE, "bob": BOB, "charlie": CHARLIE}
GENERAL, GO_LIVE, ALERTS = "C01GENERAL", "C02UP02HHGX", "C03ALERTS"
SCOPES = ",".join(slack_scopes.SCOPES)
Json = dict[str, Any]


def as_slack_sends(text: str) -> str:
    """Typed text as Slack hands it to apps."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Workspace:
    """A Slack with three people, three channels, the desk's app, and Datadog's.

    `mode` is "socket" or "events"; with `plain` the desk talks to the stand-in itself, without the front. A `crowd` of
    more people are called "typist0" and so on.
    """

    def __init__(self, mode: str = "socket", *, plain: bool = False, scopes: str = SCOPES, crowd: int = 0) -> None:
        self.people = PEOPLE | {f"typist{number}": f"U1{number:03}TYPIST" for number in range(crowd)}
        self.mode, self.plain = mode, plain
        self.front = Front(mode=mode, scopes=scopes)
        self.desk_port = free_port()
        self._read: dict[str, set[str]] = {}

    def __enter__(self) -> Self:
        self.front.start()
        self.front.desk = f"http://127.0.0.1:{self.desk_port}/slack/events"
        self._process, self.url = start_stand_in(self._settings())
        self.front.upstream = self.url
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.front.stop()
        self._process.terminate()
        self._process.wait(PATIENCE)

    @property
    def api(self) -> str:
        """The base URL of the Web API, for the desk."""
        return f"{self.url if self.plain else self.front.url}/api/"

    def say(self, who: str, text: str, channel: str = GENERAL, thread: str = "", *, raw: bool = False) -> str:
        """`who` types `text`; returns the message's ts. `raw` text is sent as it is, with Slack's own tokens in it."""
        said = {"channel": channel, "user": self.people[who], "text": text if raw else as_slack_sends(text)}
        return str(self.act("message", said | ({"thread_ts": thread} if thread else {}))["message"]["ts"])

    def command(self, who: str, command: str, text: str = "", channel: str = GENERAL) -> None:
        """`who` types a slash command."""
        said = {"channel": channel, "user": self.people[who], "command": command, "text": as_slack_sends(text)}
        self.act("command", said)

    def told_alone(self, who: str, channel: str = GENERAL, seconds: float = PATIENCE) -> str:
        """The desk's next words in the channel that `who` alone sees, waited for."""
        read = self._read.setdefault(f"{channel} alone", set())

        def unread() -> list[Json]:
            shown = [one for one in self.messages(channel) if one.get("ephemeral_to") == self.people[who]]
            return [one for one in shown if one["ts"] not in read]

        message = until(unread, f"words to {who} alone in {channel}", seconds)[0]
        read.add(message["ts"])
        return str(message["text"])

    def edit(self, who: str, ts: str, text: str, channel: str = GENERAL) -> None:
        """`who` changes a message of their own."""
        self.act("edit-message", {"channel": channel, "user": self.people[who], "ts": ts, "text": as_slack_sends(text)})

    def react(self, who: str, ts: str, name: str, channel: str = GENERAL, *, present: bool = True) -> None:
        """`who` puts an emoji on a message, or takes it off."""
        self.act("reaction", {"channel": channel, "user": self.people[who], "ts": ts, "name": name, "present": present})

    def messages(self, channel: str = GENERAL) -> list[Json]:
        """Everything in the channel, oldest first."""
        return list(self._get(f"/_control/messages/{channel}")["messages"])

    def message(self, ts: str, channel: str = GENERAL) -> Json:
        """The message with this ts, as it stands now."""
        return next(message for message in self.messages(channel) if message["ts"] == ts)

    def desk_messages(self, channel: str = GENERAL) -> list[Json]:
        """What the desk said in the channel."""
        shown = [one for one in self.messages(channel) if one.get("subtype") != "ephemeral"]
        return [message for message in shown if message.get("user") == DESK]

    def answer(self, channel: str = GENERAL, seconds: float = PATIENCE) -> Json:
        """The desk's oldest message in the channel that was not handed out before, waited for."""
        read = self._read.setdefault(channel, set())

        def unread() -> list[Json]:
            return [message for message in self.desk_messages(channel) if message["ts"] not in read]

        message = until(unread, f"an answer of the desk in {channel}", seconds)[0]
        read.add(message["ts"])
        return dict(message)

    def read_all(self) -> None:
        """Takes whatever the desk has said so far for read."""
        for channel in (GENERAL, GO_LIVE, ALERTS):
            self._read.setdefault(channel, set()).update(message["ts"] for message in self.desk_messages(channel))

    def ask(self, who: str, text: str, channel: str = GENERAL, thread: str = "", *, raw: bool = False) -> str:
        """What the desk answers to `text`."""
        self.say(who, text, channel, thread, raw=raw)
        return str(self.answer(channel)["text"])

    def room_with(self, who: str) -> str:
        """The id of the direct messages between `who` and the desk."""
        return str(self._call("conversations.open", {"users": self.people[who]})["channel"]["id"])

    def other_bot_posts(
        self, channel: str, text: str, *, bot_message: bool = True, delivered: bool = True, **more: Any
    ) -> str:
        """Datadog posts; `bot_message` as its older integration does, else as an app with a bot user does.

        Unless it is `delivered` it stands in the channel alone, as while nobody listens.
        """
        shown = {part: more[part] for part in ("attachments", "blocks") if part in more}  # as the channel is read back
        posted = self._call("chat.postMessage", {"channel": channel, "text": text, **shown}, OTHER_BOT_TOKEN)
        if delivered:
            self.front.deliver(bot_event(channel, posted["ts"], text, bot_message) | more)
        return str(posted["ts"])

    def other_bot_edits(self, channel: str, ts: str, text: str, **more: Any) -> None:
        """Datadog changes its own post."""
        inner = bot_event(channel, ts, text, bot_message=True) | {"edited": {"ts": ts}} | more
        event = {"type": "message", "subtype": "message_changed", "channel": channel, "ts": ts, "message": inner}
        self.front.deliver(event | {"previous_message": bot_event(channel, ts, "before", bot_message=True)})

    def act(self, what: str, arguments: Json) -> Json:
        """An act of a person, through the stand-in's control API."""
        return self._post(f"/_control/{what}", arguments)

    def log(self) -> list[Json]:
        """The stand-in's own record of the traffic."""
        return list(self._get("/_control/log")["log"])

    def environment(self, state: Path) -> dict[str, str]:
        """The variables that put the desk on this Slack."""
        told = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_API_URL": self.api,
            "DESK_STATE_DIR": str(state),
            "DESK_ADMINS": CHARLIE,
            "DESK_WEB": f"127.0.0.1:{self.desk_port}",
        }
        own = {"SLACK_APP_TOKEN": APP_TOKEN} if self.mode == "socket" else {"SLACK_SIGNING_SECRET": SIGNING_SECRET}
        return told | own

    def _settings(self) -> Json:
        direct = self.plain and self.mode == "socket"
        events = f"http://127.0.0.1:{self.desk_port}/slack/events" if self.plain else f"{self.front.url}/events"
        desk = {"appId": "A01DESK", "botUserId": DESK, "botName": "desk", "botToken": BOT_TOKEN, "appToken": APP_TOKEN}
        other = {"appId": "A02DATADOG", "botUserId": DATADOG, "botName": "datadog", "botToken": OTHER_BOT_TOKEN}
        mode = {"mode": "socket" if direct else "events", "requestUrl": events, "signingSecret": SIGNING_SECRET}
        members = [*self.people.values(), DESK]
        rooms = {GENERAL: "general", GO_LIVE: "check-in-go-live", ALERTS: "alerts"}
        return {
            "workspace": {"name": "Test", "domain": "test", "teamId": "T01TEST"},
            "apps": [desk | mode, other | {"appToken": "xapp-datadog-token", "mode": "socket"}],
            "users": [{"id": key, "name": name, "real_name": name.title()} for name, key in self.people.items()],
            "channels": [{"id": key, "name": name, "members": members} for key, name in rooms.items()],
        }

    def _call(self, method: str, arguments: Json, token: str = BOT_TOKEN) -> Json:
        return self._post(f"/api/{method}", arguments, {"Authorization": f"Bearer {token}"})

    def _post(self, path: str, body: Json, headers: dict[str, str] | None = None) -> Json:
        sent = {"Content-Type": "application/json"} | (headers or {})
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), sent)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return dict(json.load(answer))

    def _get(self, path: str) -> Json:
        with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as answer:
            return dict(json.load(answer))


def start_stand_in(settings: Json) -> tuple[subprocess.Popen[str], str]:
    """Starts the stand-in Slack on loopback; returns its process and its URL."""
    folder = Path(tempfile.mkdtemp())
    (folder / "workspace.json").write_text(json.dumps(settings))
    shutil.copy(HERE / "loopback.js", folder)
    process = subprocess.Popen(
        [str(BINARY), "--config", "workspace.json", "--port", "0", "--base-host", "127.0.0.1"],
        cwd=folder,
        env=clean_environment() | {"BUN_OPTIONS": f"--preload {folder}/loopback.js"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "Control API:" in line:
            threading.Thread(target=process.stdout.read, daemon=True).start()
            shutil.rmtree(folder)
            return process, line.split()[-1].removesuffix("/_control")
    raise AssertionError("the stand-in Slack did not start")


def clean_environment() -> dict[str, str]:
    """This process's variables without any that would steer the desk."""
    ours = ("SLACK_", "DESK_", "SENTRY_", "DD_", "HTTP", "http")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def bot_event(channel: str, ts: str, text: str, bot_message: bool = True) -> Json:
    """The event of a message by Datadog."""
    event = {"type": "message", "channel": channel, "ts": ts, "text": text, "bot_id": "B08DATADOG"}
    own = {"subtype": "bot_message", "username": "Datadog"} if bot_message else {"user": DATADOG}
    return event | own | {"event_ts": ts, "channel_type": "channel"}
