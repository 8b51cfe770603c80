"""The board's pages as values: each of what the chat answers, from the functions that answer there."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import msgspec

from opsdesk.alerts import Outcome
from opsdesk.alerts import words as alert_words
from opsdesk.chat import Command, Person, Place
from opsdesk.clock import day_of
from opsdesk.desk import Desk
from opsdesk.errors import or_why
from opsdesk.incidents import Incident, history, list_words, lists, timeline_words
from opsdesk.incidents import words as incident_words
from opsdesk.oncall import words as rotation_words
from opsdesk.summary import answer_words
from opsdesk.text import tell_date, tell_day

ROTA = timedelta(weeks=4)
ENTRIES, ALERTS = 100, 50  # on one page
LONGEST_QUERY = 200  # characters
SEARCHED = 2.0  # seconds
ONE_DAY = timedelta(days=1)
READER = Person("", "the board")


class PageView(msgspec.Struct, frozen=True):
    """A page: the template that shows it, its title, and what it shows."""

    template: str
    title: str
    values: Mapping[str, Any] = {}
    status: int = 200


class IncidentRow(msgspec.Struct, frozen=True):
    """An incident in a list."""

    number: int
    sign: str
    title: str
    facts: tuple[str, ...]


class TurnOf(msgspec.Struct, frozen=True):
    """A day of the rota: in words, who has which hours, or why nobody has any."""

    day: date
    told: str
    shifts: tuple[str, ...]
    today: bool


class Views(msgspec.Struct, frozen=True):
    """The pages of a desk as of `at`; `query` is what is asked of one."""

    desk: Desk
    at: datetime
    query: Mapping[str, str] = {}

    @property
    def day(self) -> date:
        """Return today."""
        return day_of(self.at, self.desk.zone)

    def today(self) -> PageView:
        """Return the day so far: the post as it would be now, what the watch says, what is open, who is on call."""
        desk, posts = self.desk, self.desk.summary.commands
        return PageView(
            "today.html",
            tell_day(self.day),
            {
                "oncall": told(self._on_call),
                "post": told(lambda: answer_words.shown(posts.shown(self.day, self.at), desk.zone)),
                "posts": told(self._posts).split("\n"),
                "watch": told(lambda: desk.watch.shown(self._typed(""))),
                "incidents": told_rows(lambda: self._open_rows()),
                "alerts": told(self._alerts_in_short),
                "days": [self.day - back * ONE_DAY for back in range(1, 8)],
            },
        )

    def incidents(self) -> PageView:
        """Return a page of the incidents that are open, of today, or resolved."""
        which = self.query.get("list", "open")
        which = which if which in ("open", "today", "resolved") else "open"
        listing = lists.read_listing(self._typed(f"{which} {self._page}"), self.desk.zone, str)
        page = lists.turn_to(self._log, listing, self.day)
        lost = list_words.missing(page, self.day)
        values = {"which": which, "found": [self._row(one) for one in page.incidents], "page": self._page}
        heading = list_words.headline(page, self.day)
        return PageView("incidents.html", "Incidents", values | {"heading": heading, "more": page.more, "lost": lost})

    def incident(self, number: str) -> PageView:
        """Return one incident with its timeline, the latest page of it first."""
        one, zone = self._log.get(int(number)), self.desk.zone
        entries = list(timeline_words.lines(one, zone))
        pages = max(-(-len(entries) // ENTRIES), 1)
        page = min(self._page, pages)
        shown = entries[max(len(entries) - page * ENTRIES, 0) : len(entries) - (page - 1) * ENTRIES]
        days = [(tell_day(day), list(ones)) for day, ones in groupby(shown, lambda line: day_of(line.at, zone))]
        head, _, card = incident_words.card(one, self.at, zone).partition("\n")
        about = "\n".join(filter(None, (card, *timeline_words.background(one))))
        values = {"head": head, "about": about, "days": days, "page": page, "pages": pages, "number": one.number}
        return PageView("incident.html", f"#{one.number} {one.shown_title}", values)

    def alerts(self, day: str = "") -> PageView:
        """Return the alerts of a day, those that wait for somebody first."""
        when = date.fromisoformat(day) if day else self.day
        groups = alert_words.ordered(self.desk.alerts.ledger.day(when))
        start = (self._page - 1) * ALERTS
        shown = [(alert_words.line(one, self.at, self.desk.zone), one.link) for one in groups[start : start + ALERTS]]
        counted = alert_words.counted(groups) if groups else alert_words.listing((), when, self.at, self.desk.zone)
        more = len(groups) > start + ALERTS
        values: dict[str, Any] = {"day": when, "counted": counted, "lines": shown, "page": self._page, "more": more}
        return PageView("alerts.html", f"Alerts {tell_date(when, self.day)}", {**values, **self._around(when)})

    def counts(self, charts: Mapping[str, tuple[str, bool]]) -> PageView:
        """Return today's counts and the week's. `charts` are the pictures by their pages: title, drawn or not."""
        answers = self.desk.counts.answers
        values = {
            "today": told(lambda: answers.show(self._typed("today"))),
            "week": told(lambda: answers.show(self._typed("week"))),
            "charts": charts,
        }
        return PageView("counts.html", "Counts", values)

    def oncall(self) -> PageView:
        """Return who is on call in the next four weeks."""
        roster = self.desk.oncall.roster.usable()
        days = roster.days(self.day, self.day + ROTA - ONE_DAY)
        turns = [self._turn(day, slots) for day, slots in days]
        values = {"now": told(self._on_call), "turns": [one for one in turns if one.shifts]}
        return PageView("oncall.html", "On call", values)

    def search(self) -> PageView:
        """Return what is found in titles and timelines of all history."""
        asked = " ".join(self.query.get("q", "").split())[:LONGEST_QUERY]
        found = told(lambda: self._found(asked)) if asked else ""
        return PageView("search.html", "Search", {"asked": asked, "found": found})

    def past(self, day: str) -> PageView:
        """Return a day's post as it was made."""
        when = date.fromisoformat(day)
        post = answer_words.shown(self.desk.summary.commands.shown(when, self.at), self.desk.zone)
        return PageView("day.html", tell_day(when), {"post": post, "day": when, **self._around(when)})

    @property
    def _log(self) -> Any:
        return self.desk.incidents.log

    @property
    def _page(self) -> int:
        typed = self.query.get("page", "1")
        return max(int(typed), 1) if typed.isdecimal() and typed.isascii() and len(typed) < 6 else 1

    def _typed(self, text: str) -> Command:
        """Return what somebody would type in a direct message for a page."""
        return Command(text, READER, Place(), self.at)

    def _on_call(self) -> str:
        roster = self.desk.oncall.roster.usable()
        slot = roster.slot_at(self.at)
        accepted_at = self.desk.oncall.acceptances.accepted_at(slot) if slot else None
        return rotation_words.RotationWords(self.at, self.desk.zone).now(slot, roster.coming(self.at), accepted_at)

    def _posts(self) -> str:
        posts = self.desk.summary.commands
        due, left_out, past = posts.next_due(self.at), posts.skipped(self.at), posts.past(self.at, 2)
        return answer_words.status(due, left_out, past, self.at, self.desk.zone)

    def _open_rows(self) -> list[IncidentRow]:
        page = lists.turn_to(self._log, lists.read_listing(self._typed(""), self.desk.zone, str), self.day)
        return [self._row(one) for one in page.incidents]

    def _row(self, one: Incident) -> IncidentRow:
        sign, _, title = incident_words.head(one).split(" ", 2)
        _, *facts = list_words.parts(one, self.at, self.desk.zone, self.desk.settings.quiet_after)
        return IncidentRow(one.number, sign, title, tuple(facts))

    def _alerts_in_short(self) -> str:
        groups = self.desk.alerts.ledger.day(self.day)
        waiting = [one for one in alert_words.ordered(groups) if one.outcome is Outcome.UNTOUCHED]
        lines = [f"• {alert_words.line(one, self.at, self.desk.zone)}" for one in waiting[:10]]
        counted = alert_words.counted(groups) if groups else "No alert today."
        return "\n".join([counted, *lines])

    def _turn(self, day: date, slots: Sequence[Any]) -> TurnOf:
        words = rotation_words.RotationWords(self.at, self.desk.zone)
        shifts = [f"{words.who(one.primary)} {words.hours(one)}{_standby(words, one)}" for one in slots]
        holiday = self.desk.oncall.roster.calendar.holiday(day)
        shown = words.day(day)
        return TurnOf(day, shown[0].upper() + shown[1:], tuple(shifts or filter(None, [holiday])), day == self.day)

    def _found(self, asked: str) -> str:
        return list_words.found(history.HistorySearch(self._log, asked).go_on(SEARCHED), self.at, self.desk.zone)

    def _around(self, day: date) -> Mapping[str, date | None]:
        """Return the days before and after one, for the ways there."""
        return {"before": day - ONE_DAY, "after": day + ONE_DAY if day < self.day else None}


def told(tell: Callable[[], str]) -> str:
    """Return what is told; if it cannot be, why: one part of a page keeps no other back."""
    return or_why(tell, str, "A part of a page of the board")


def told_rows(rows: Callable[[], Sequence[IncidentRow]]) -> Mapping[str, Any]:
    """Return the rows of a list, and in words why there are none."""
    found: list[IncidentRow] = []

    def fill() -> str:
        found.extend(rows())
        return "" if found else "Nothing is open."

    return {"why": told(fill), "rows": found}


def _standby(words: "rotation_words.RotationWords", slot: Any) -> str:
    return f", standby {words.who(slot.secondary)}" if slot.secondary else ""
