"""A desk, and readers who ask its board as the web server hands their requests on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from opsdesk import process as desks
from opsdesk import settings
from opsdesk.board import Answer, Board, BoardRequest
from opsdesk.chat import Command, Person, Place
from opsdesk.desk import Desk
from opsdesk.incidents import Change
from tests.chat.stage import Channel
from tests.oncall.stage import ROTATION_TOML
from tests.talk import MovedClock

ALICE, BOB, EVE = Person("U0ALICE", "Alice"), Person("U0BOB", "Bob"), Person("U0EVE", "Eve")
ADDRESS = "https://desk.example"
HERE = Place("C02UP02HHGX", "#check-in-go-live")
LOCAL = {"host": "127.0.0.1:3141"}
LINES = ("p", "li", "h1", "h2", "h3", "tr", "br", "figcaption", "nav")  # each begins a line of text
WEB = {"DESK_WEB": "127.0.0.1:3141"}
LINKS = WEB | {"DESK_WEB_ACCESS": "links", "DESK_WEB_URL": ADDRESS}


class Readers:
    """Those who ask the board of a desk."""

    def __init__(self, desk: Desk, clock: MovedClock) -> None:
        self.desk, self.clock, self.board = desk, clock, Board(desk)

    def ask(
        self, page: str = "", *, peer: str = "127.0.0.1", headers: Mapping[str, str] = LOCAL, **more: Any
    ) -> Answer:
        """What is answered to a request made on the desk's own machine, or from elsewhere."""
        return self.board.answer(self.asked(page, peer=peer, headers=headers, **more))

    def asked(
        self, page: str = "", *, peer: str = "127.0.0.1", headers: Mapping[str, str] = LOCAL, **more: Any
    ) -> BoardRequest:
        """A request as the web server hands it on."""
        path, _, query = page.partition("?")
        asked = dict(one.split("=", 1) for one in query.split("&") if one)
        return BoardRequest(path, asked, headers, more.get("cookies", {}), peer)

    def page(self, page: str = "") -> str:
        """A page as whoever sits at the desk's own machine reads it."""
        body, status, _ = self.ask(page)
        assert status == 200, (page, status, body)
        return body.decode()

    def lines(self, page: str = "") -> list[str]:
        """What stands in the middle of a page, a line each."""
        return text_of(self.page(page))

    def open(self, title: str = "VistA timeouts", **told: Any) -> int:
        made = self.desk.incidents.log.open(Change(title=title, **told), at=self.clock(), by=ALICE, place=HERE)
        return made.number

    def typed(self, text: str = "", by: Person = ALICE) -> str:
        """What `!desk board` answers."""
        return self.board.told(Command(text, by, Place(), self.clock()))

    def link(self, by: Person = ALICE) -> str:
        """The page, with what is asked of it, that the link of a person leads to."""
        return self.typed(by=by).split()[2].removeprefix(f"{ADDRESS}/board/")

    def cookies(self, by: Person = ALICE) -> dict[str, str]:
        """What a person's browser keeps once they have opened their link."""
        _, status, headers = self.ask(self.link(by), peer="203.0.113.9", headers={"host": "desk.example"})
        assert status == 303
        name, _, value = headers["Set-Cookie"].partition(";")[0].partition("=")
        return {name: value}

    def status(self, page: str = "", **more: Any) -> int:
        """How a browser far away is answered."""
        return self.ask(page, peer="203.0.113.9", headers={"host": "desk.example"}, **more)[1]


class Room(Channel):
    """A channel whose people are not taken at their word."""

    trusts_everybody = False


class _Main(HTMLParser):
    """Collects the words of `main`."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.words = False, ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.inside = self.inside or tag == "main"
        self.words += (
            "\n"
            if tag in ("p", "li", "h1", "h2", "h3", "tr", "br", "figcaption", "nav")
            else " "
            if tag == "td"
            else ""
        )

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "main"

    def handle_data(self, data: str) -> None:
        self.words += data.replace("\n", " ") if self.inside else ""


def text_of(page: str) -> list[str]:
    """The lines of text in the middle of a page."""
    reading = _Main()
    reading.feed(page)
    return [line for line in (" ".join(one.split()) for one in reading.words.split("\n")) if line]


@contextmanager
def readers(environment: Mapping[str, str], clock: MovedClock, chat: Any = None) -> Iterator[Readers]:
    """A desk with Alice on call, and its readers."""
    (Path(environment["DESK_DATA_DIR"]) / "rotation.toml").write_text(ROTATION_TOML)
    desk = desks.start_desk(settings.read(environment), chat or Room(), clock)
    try:
        yield Readers(desk, clock)
    finally:
        desk.close()
