"""The stage of those who are told elsewhere: a team with a day's post, a Teams workflow and a mail server."""

import json
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

from aiosmtpd.controller import Controller
from msgspec.structs import replace

from opsdesk import targets
from opsdesk.chat.trouble import Trouble
from opsdesk.contacts.directory import Directory
from opsdesk.contacts.people import ContactsFile, Subsystem
from opsdesk.ground import Ground
from opsdesk.incidents import Notices
from opsdesk.posts import PostRecord, PostWords
from opsdesk.settings import Target, TargetKind
from opsdesk.targets import TargetDesk
from tests.oncall.stage import EASTERN
from tests.ports import free_port
from tests.posts.stage import TimedScheduler
from tests.summary.stage import Team

DIRECTORY = Directory(ContactsFile("https://team.example.com", {"vista": Subsystem("VistA")}, {}, {}), {}, {})
LEADS = Target(name="VISN leads", kind=TargetKind.TEAMS, address="DESK_TARGET_VISN")
SITES = Target(name="Sites", kind=TargetKind.MAIL, address="DESK_TARGET_SITES")
HANGS = 0  # an answer that never comes


class Workflow:
    """A workflow of Teams: what it took, in order. `answers` are given one after another: status and headers."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.answers: deque[tuple[int, Mapping[str, str]]] = deque()
        self.asked, self.over = 0, Event()

    @property
    def texts(self) -> list[str]:
        """What each message shows, without weight."""
        return [shown(message) for message in self.taken]


def shown(message: Mapping[str, Any]) -> str:
    """What a message shows, without weight."""
    blocks = message["attachments"][0]["content"]["body"]
    return "\n".join("".join(run["text"] for run in block["inlines"]).rstrip() for block in blocks)


@contextmanager
def workflow() -> Iterator[tuple[Workflow, str]]:
    """A workflow on this machine, with its address."""
    kept = Workflow()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.asked += 1
            status, headers = kept.answers.popleft() if kept.answers else (202, {})
            if status == HANGS:
                kept.over.wait()
                return
            if status < 300:
                kept.taken.append(json.loads(body))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield kept, f"http://127.0.0.1:{server.server_port}/workflows/1?sig=secret-of-the-workflow"
    finally:
        kept.over.set()
        server.shutdown()
        server.server_close()


class Post:
    """What a mail server took. `refusals` maps an address to what the server answers to it, `last` what it says at
    the end of a message.
    """

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.refusals: dict[str, str] = {}
        self.last = deque[str]()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.last.popleft() if self.last else "250 OK"
        if answer.startswith("250"):
            self.taken.append(envelope)
        return answer


@contextmanager
def mail_server() -> Iterator[tuple[Post, str]]:
    """A mail server on this machine, with what DESK_SMTP says of it."""
    kept = Post()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield kept, f"smtp://127.0.0.1:{controller.port}?from=desk@example.gov"
    finally:
        controller.stop()


class ToldElsewhere:
    """A team whose day is told elsewhere, too; `tick` does what is due at a moment, and waits until it is done."""

    def __init__(self, team: Team, *named: Target, environment: Mapping[str, str], **told: Any) -> None:
        self.team, self.named, self.environment, self.told = team, named, environment, told
        self.open()

    def open(self) -> None:
        file = replace(self.team.settings.file, targets=self.named)
        settings = replace(self.team.settings, file=file, environment=self.environment, **self.told)
        trouble = Trouble(self.team.channel, (), lambda at: self.team.to_tell(at))
        ground = Ground(settings, self.team.store, self.team.channel, lambda: self.at, trouble)
        self.trouble, self.at = trouble, self.team.since
        self.posts = TimedScheduler(
            ground.store.keyed("posts", PostRecord),
            ground.chat,
            PostWords(EASTERN),
            self.team.since,
            (lambda at: self.notices.plan(at),),
        )
        self.notices = Notices(self.team.log, ground, lambda: DIRECTORY, self.posts.record)
        events: Any = SimpleNamespace(log=self.team.log, notices=self.notices)
        self.desk: TargetDesk = targets.build(ground, self.team.plan, events)
        self.team.followed.append(self.desk.follow)

    def run(self, first: Any, last: Any, step: Any) -> None:
        at = first
        while at <= last:
            self.tick(at)
            at += step

    def tick(self, at: Any) -> None:
        self.at = at
        self.team.tick(at)
        self.desk.serious.keep_up(at)
        for one in self.desk.targets:
            one.posts.tick(at)
