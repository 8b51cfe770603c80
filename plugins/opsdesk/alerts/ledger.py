"""The ledger: every problem of every day with its notifications, and what became of it. All of it in the store."""

import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from msgspec.structs import replace

from opsdesk.alerts.alert import Source
from opsdesk.alerts.group import SAME_BY_TWO_WAYS, AlertGroup, GroupAction, begun
from opsdesk.alerts.notification import Notification
from opsdesk.chat import MessageRef
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.incidents import passed_over
from opsdesk.store import Lost, NumberedKind, Store
from opsdesk.undo import made

WEEK, DAY = timedelta(days=7), timedelta(days=1)
DAYS_KNOWN = 3  # whose groups are found without reading them
KEPT = NumberedKind("alerts", AlertGroup, lambda group: False)


class DayGroups(NamedTuple):
    """A day's groups: their numbers by problem, each with its scope, and by the ids of their notifications."""

    scopes: dict[tuple[Source, str], dict[int, str | None]]
    ids: dict[str, int]


Changed = Callable[[AlertGroup | None, AlertGroup], None]


class Ledger:
    """The problems by number. Days are those of `zone`; each of `changed` hears of a change once it is stored:
    the group before (None: there was none), and after. `over_at` gives when an incident was over, by its number: None
    while that goes on.
    """

    def __init__(
        self,
        store: Store,
        zone: tzinfo,
        changed: Sequence[Changed] = (),
        over_at: Callable[[int], datetime | None] = lambda number: None,
    ) -> None:
        self._stored, self._over_at = store.numbered(*KEPT), over_at
        self.zone, self._changed = zone, changed
        self._lock = threading.Lock()
        self._known: dict[date, DayGroups] = {}

    def take(self, one: Notification) -> AlertGroup:
        """Return the group of a notification, with it folded in and on disk."""
        return self.take_all([one])[0]

    def take_all(self, notifications: Sequence[Notification]) -> list[AlertGroup]:
        """Fold notifications into their groups, one write a group however many there are; return each one's group."""
        with self._lock:
            by_group: dict[tuple[date, int], list[Notification]] = {}
            numbers = []
            for one in notifications:
                place = self._place_of(one)
                by_group.setdefault(place, []).append(one)
                numbers.append(place[1])
            kept = {number: self._fold(day, number, ones) for (day, number), ones in by_group.items()}
        return [kept[number] for number in numbers]

    def act(
        self, number: int, action: GroupAction, check: Callable[[AlertGroup], None] = lambda group: None
    ) -> AlertGroup:
        """Store what a person did about a problem; what `check` raises keeps it as it is."""

        def edit(group: AlertGroup) -> AlertGroup:
            check(group)
            return group.then(action)

        return self._change(number, action.at, edit)

    def reply_stands(self, number: int, reply: MessageRef, at: datetime) -> AlertGroup:
        """Store where the desk's own reply to a problem stands."""
        return self._change(number, at, lambda group: replace(group, reply=reply))

    def shown_at(self, number: int, place: MessageRef, at: datetime) -> AlertGroup:
        """Store the message that shows a problem which came by webhook alone."""
        return self._change(number, at, lambda group: replace(group, place=group.place or place))

    def get(self, number: int) -> AlertGroup:
        """Return the problem with this number; raise a UserError where there is none."""
        found = self._stored.get(number)
        if found is None:
            raise UserError(f"There is no alert {number}. `!alerts` lists today's.")
        return found

    def day(self, day: date) -> list[AlertGroup]:
        """Return the problems of a day, by number."""
        return self.days(day, day)

    def version(self) -> int:
        """Return a number that differs after every change to a problem."""
        return self._stored.version()

    def days(self, first: date, last: date, lost: Lost | None = None) -> list[AlertGroup]:
        """Return the problems of the days from `first` to `last`, by number; `lost` hears of days that are damaged."""
        found = self._stored.touched(first, last, lost)
        return [group for group in found if first <= day_of(group.first_at, self.zone) <= last]

    def week_before(self, group: AlertGroup) -> list[AlertGroup]:
        """Return the groups of the same problem in the seven days up to its own, itself among them, oldest first."""
        last = day_of(group.first_at, self.zone)
        return [
            one
            for one in self.days(last - WEEK, last, passed_over)
            if one.source is group.source and one.key == group.key
        ]

    def at_message(self, place: MessageRef, at: datetime) -> AlertGroup | None:
        """Return the problem that a message shows, or whose reply it is, of the last two days; None for another."""
        today = day_of(at, self.zone)
        wanted = (place.room, place.ts)
        for group in reversed([*self.days(today - 2 * DAY, today - DAY, passed_over), *self.day(today)]):
            shown = (group.place, group.reply)
            if any(one and (one.room, one.ts) == wanted for one in shown) or f"{place.room}/{place.ts}" in group.seen:
                return group
        return None

    def _place_of(self, one: Notification) -> tuple[date, int]:
        """Return the day and number of its group, which is made where there is none.

        A message that was heard before stays with its group, whatever it says now.
        """
        alert, day = one.alert, day_of(one.alert.at, self.zone)
        known = self._groups_of(day)
        if one.id in known.ids:
            return day, known.ids[one.id]
        if alert.state.is_over and (evening := self._goes_on(one, day - DAY)):
            return day - DAY, evening
        scopes = known.scopes.setdefault((alert.source, alert.key), {})
        number = _fitting(scopes, alert.scope)
        if number is None:
            key = f"{alert.source}|{alert.key}|{alert.scope or ''}|{day}"
            number = self._stored.add(day, lambda number: begun(number, one), key=key).number
        if scopes.get(number) is None:
            scopes[number] = alert.scope
        known.ids[one.id] = number
        return day, number

    def _goes_on(self, one: Notification, day: date) -> int:
        """Return the number of the problem of the day before that a recovery ends; 0 where its own day has one."""
        alert = one.alert
        both = self.days(day, day + DAY, passed_over)
        same = {group.number: group for group in both if (group.source, group.key) == (alert.source, alert.key)}
        scopes = {number: group.scope for number, group in same.items()}
        evening = {number for number, group in same.items() if day_of(group.first_at, self.zone) == day}
        if _fitting({number: scopes[number] for number in scopes.keys() - evening}, alert.scope) is not None:
            return 0
        known = next((number for number in evening if one.id in same[number].seen), None)
        number = known or _fitting({number: scopes[number] for number in evening}, alert.scope)
        return number if number and _takes(same[number], one) else 0

    def _groups_of(self, day: date) -> DayGroups:
        """Return what is known of a day's groups without reading them. Another desk's are found by their key."""
        if day not in self._known:
            known = DayGroups({}, {})
            for group in self.day(day):
                known.scopes.setdefault((group.source, group.key), {})[group.number] = group.scope
                known.ids.update(dict.fromkeys(group.seen, group.number))
            self._known = {one: self._known[one] for one in sorted(self._known)[1 - DAYS_KNOWN :]} | {day: known}
        return self._known[day]

    def _fold(self, day: date, number: int, ones: Sequence[Notification]) -> AlertGroup:
        before = self.get(number)
        over_at = self._over_at(before.incident_of_now) if before.incident_of_now else None
        after = _all_heard(before, ones, over_at)
        if after is not before and after != before:
            after = self._stored.change(number, day, lambda group: _all_heard(group, ones, over_at))
        self._tell(None if before.count == after.count == 1 and before == after else before, after)
        return after

    def _change(self, number: int, at: datetime, edit: Callable[[AlertGroup], AlertGroup]) -> AlertGroup:
        group = self.get(number)
        changed = self._stored.change(number, day_of(max(at, group.first_at), self.zone), edit)
        if len(changed.standing) > len(group.standing):
            made("alert", number, len(changed.standing) - 1)
        self._tell(group, changed)
        return changed

    def _tell(self, before: AlertGroup | None, after: AlertGroup) -> None:
        for hear in self._changed:
            hear(before, after)


def _takes(group: AlertGroup, recovery: Notification) -> bool:
    """Return whether a recovery is that of a problem of the day before: heard before, or by another way just now."""
    over_at = group.over_at or recovery.at
    return recovery.id in group.seen or recovery.at - over_at <= SAME_BY_TWO_WAYS


def _all_heard(group: AlertGroup, ones: Sequence[Notification], over_at: datetime | None) -> AlertGroup:
    for one in ones:
        group = group.heard(one, over_at)
    return group


def _fitting(known: dict[int, str | None], scope: str | None) -> int | None:
    """Return the group with this scope; where one of the two is unsaid, the only candidate; None without one."""
    exact = [number for number, one in known.items() if one == scope]
    unsaid = list(known) if scope is None else [number for number, one in known.items() if one is None]
    return exact[0] if exact else unsaid[0] if len(unsaid) == 1 else None
