"""The board: who is let in, and what they are shown."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from opsdesk.board import access, words
from opsdesk.board.asked import BUSY, MISTAKE, NOTHING, PRIVATE, Answer, BoardRequest, page_of
from opsdesk.board.links import TO_READ, BoardLinks
from opsdesk.board.pictures import CHARTS, Pictures
from opsdesk.board.shelf import Shelf
from opsdesk.board.views import PageView, Views
from opsdesk.board.visitors import Visitors
from opsdesk.chat import Command, Person
from opsdesk.desk import Desk
from opsdesk.errors import UserError
from opsdesk.patterns import regex
from opsdesk.web import base_of

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
FRESH = 5.0  # seconds that a page serves everybody
FRESH_OF = {"": 25.0, "counts": 25.0}  # of what asks Datadog
FRESH_AT_THE_POST = 60.0  # around 8pm, when the desk has better to do
ASSETS = {"board.css": "text/css; charset=utf-8", "board.js": "text/javascript; charset=utf-8"}
DAY = r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
QUERIES = {"incidents": ("list", "page"), "incident": ("page",), "alerts": ("page",), "search": ("q",)}
Show = Callable[..., PageView]
PAGES: Mapping[re.Pattern[str], Show] = {
    regex(""): Views.today,
    regex("incidents"): Views.incidents,
    regex(r"incident/([1-9]\d{0,6})"): Views.incident,
    regex("alerts"): Views.alerts,
    regex(rf"alerts/({DAY})"): Views.alerts,
    regex("oncall"): Views.oncall,
    regex("search"): Views.search,
    regex(rf"day/({DAY})"): Views.past,
}


class Board:
    """Answers requests for the board, and gives people links to it. Raises a SettingsError for a wrong setting."""

    def __init__(self, desk: Desk) -> None:
        environment = desk.settings.environment
        self._desk, self._links = desk, BoardLinks(desk.store)
        self._access, self._base = access.read(environment), base_of(environment)
        self._on = bool(environment.get("DESK_WEB"))
        self._cookie = "__Host-desk_board" if self._base.startswith("https:") else "desk_board"
        may_read, people_of = desk.access.may_read, partial(_people_of, desk)
        self._visitors = Visitors(self._access, self._links, self._cookie, may_read, people_of)
        self._shelf, self._pictures = Shelf[Answer](), Pictures(desk)

    def told(self, command: Command) -> str:
        """Return the answer to `!desk board`: a link for whoever asked, or `!desk board revoke`: that theirs are void.

        Raise a UserError where links open nothing, and for anything else typed.
        """
        asked = " ".join(command.text.casefold().split())
        if asked not in ("", "revoke"):
            raise UserError(words.TYPED)
        if asked:
            self._links.revoke(command.by, command.at)
            return words.REVOKED
        if not self._on or not (self._access.links and self._base):
            return words.elsewhere(self._on, self._access, self._base, self._desk.settings.environment)
        link = f"{self._base}/board/enter?link={self._links.link(command.by, command.at)}"
        return words.link(link, command.at, self._desk.zone)

    def answer(self, asked: BoardRequest) -> Answer:
        """Return what to answer a request: 404, without a word, for whoever may not read and for what there is not."""
        try:
            return self._answer(asked, self._desk.now())
        except Exception:  # whatever it was, it is told to nobody but the log, without what was asked
            log.exception("A request for the board met a mistake")
            return MISTAKE

    def figures(self, asked: BoardRequest) -> Answer:
        """Return the figures for Prometheus, for whoever may read the board and for the scraper's address."""
        at = self._desk.now()
        try:
            scraper = self._visitors.scraping(asked, at)
            if not isinstance(scraper, Person):
                return scraper
            return self._shelf.get("metrics", partial(self._exposed, at), FRESH) or BUSY
        except Exception:  # as of a page
            log.exception("A request for the figures met a mistake")
            return MISTAKE

    def _exposed(self, at: datetime) -> Answer:
        from opsdesk.board import metrics  # with the first request for them

        return page_of(metrics.exposed(self._desk, at), metrics.CONTENT_TYPE)

    def _answer(self, asked: BoardRequest, at: datetime) -> Answer:
        if asked.page == "enter":
            return self._entered(asked, at)
        reader = self._visitors.admitted(asked, at)
        if not isinstance(reader, Person):
            return reader
        if kind := ASSETS.get(asked.page):
            return page_of((HERE / asked.page).read_bytes(), kind)
        if asked.page in CHARTS:
            png = self._pictures.last(asked.page)
            return page_of(png, "image/png") if png else NOTHING
        return self._page(asked, at)

    def _entered(self, asked: BoardRequest, at: datetime) -> Answer:
        """Make a link a cookie at once, and lead away from its address."""
        person = self._visitors.entering(asked, at)
        if not isinstance(person, Person):
            return person
        secure = "; Secure" if self._base.startswith("https:") else ""
        kept = f"Path=/; Max-Age={int(TO_READ.total_seconds())}; HttpOnly; SameSite=Lax{secure}"
        cookie = f"{self._cookie}={self._links.cookie(person, at)}; {kept}"
        return b"", 303, PRIVATE | {"Location": "/board", "Set-Cookie": cookie}

    def _page(self, asked: BoardRequest, at: datetime) -> Answer:
        show = self._show(asked, at)
        if not show:
            return NOTHING
        kept = {name: asked.query.get(name, "")[:200] for name in QUERIES.get(asked.page.partition("/")[0], ())}
        is_close = self._desk.summary.plan.is_close(at)
        fresh = FRESH_AT_THE_POST if is_close else FRESH_OF.get(asked.page, FRESH)
        return self._shelf.get(f"{asked.page} {kept}", partial(self._made, show), fresh) or BUSY

    def _show(self, asked: BoardRequest, at: datetime) -> Callable[[], PageView] | None:
        views = Views(self._desk, at, asked.query)
        if asked.page == "counts":
            return lambda: views.counts(self._pictures.titles(at))
        for pattern, show in PAGES.items():
            if found := pattern.fullmatch(asked.page):
                return partial(show, views, *found.groups())
        return None

    def _made(self, show: Callable[[], PageView]) -> Answer:
        from opsdesk.board.rendering import rendered  # with the first page that is asked for

        try:
            view = show()
        except (UserError, ValueError) as refused:  # a day that there is not, such as February 30, is one
            reason = str(refused) if isinstance(refused, UserError) else "There is no such day."
            view = PageView("refused.html", "Not here", {"reason": reason}, status=404)
        return page_of(rendered(view, self._desk), status=view.status)


def _people_of(desk: Desk, email: str) -> Sequence[Person]:
    """Return those on Slack whom contacts.toml has under an e-mail address, which is in small letters."""
    people = desk.contacts.directory.people.values()
    return [Person(one.slack, one.name) for one in people if one.slack and one.email.casefold() == email]
