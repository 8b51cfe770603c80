"""The charts of `!stats chart` on the board: drawn seldom, and not while the day's post is due."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from opsdesk.board.shelf import Shelf
from opsdesk.board.views import told
from opsdesk.desk import Desk

CHARTS = {"chart/today.png": "today", "chart/week.png": "week", "chart/month.png": "month"}
FRESH = {"today": 120.0, "week": 600.0, "month": 600.0}  # seconds that a picture serves
LATER = "The charts are drawn again after the day's post."


class Pictures:
    """Has the counts drawn, and keeps the pictures."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._shelf = Shelf[tuple[str, bytes]]()  # of titles and pictures

    def titles(self, at: datetime) -> Mapping[str, tuple[str, bool]]:
        """Return for each chart its title, or why there is none, and whether there is a picture."""
        return {page: self._title(asked, at) for page, asked in CHARTS.items()}

    def last(self, page: str) -> bytes:
        """Return a picture as it was drawn last; nothing where there is none."""
        drawn = self._shelf.last(CHARTS[page])
        return drawn[1] if drawn else b""

    def _title(self, asked: str, at: datetime) -> tuple[str, bool]:
        if not self._desk.summary.plan.is_close(at):
            draw = partial(self._drawn, asked, at)
            failed = told(lambda: "" if self._shelf.get(asked, draw, FRESH[asked]) else LATER)
            if failed:
                return failed, False
        known = self._shelf.last(asked)
        return (known[0], bool(known[1])) if known else (LATER, False)

    def _drawn(self, asked: str, at: datetime) -> tuple[str, bytes]:
        drawn = self._desk.counts.answers.picture(asked, at)
        return drawn.title, drawn.png
