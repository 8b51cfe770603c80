"""Noise rules of the file that have matched nothing for 30 days, named to their owners: each once."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

import msgspec

from opsdesk.alerts.group import AlertGroup
from opsdesk.alerts.ledger import Ledger
from opsdesk.alerts.mutes import Mutes
from opsdesk.alerts.noise import UNUSED_AFTER, NoiseRule
from opsdesk.clock import day_of
from opsdesk.incidents import passed_over
from opsdesk.oncall import Roster
from opsdesk.posts import PostLine, PostRecord, Scheduled
from opsdesk.store import Store

TRY_FOR = timedelta(days=1)
LAPSES_AFTER = timedelta(days=14)


class RuleUse(msgspec.Struct, frozen=True):
    """A rule, and when it last matched an alert: at first, when the desk saw it first."""

    rule: NoiseRule
    used_at: datetime


class UnusedRules:
    """Looks once a day, in a shift. `owner_id` gives somebody's chat id by name, "" for a team: then `room` is told."""

    def __init__(
        self,
        mutes: Mutes,
        ledger: Ledger,
        store: Store,
        roster: Roster,
        owner_id: Callable[[str], str],
        room: str,
    ) -> None:
        self._mutes, self._ledger, self._roster = mutes, ledger, roster
        self._owner_id, self._room = owner_id, room
        self._kept = store.keyed("noise rules", RuleUse)
        self._looked: tuple[date, Mapping[str, RuleUse]] | None = None

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield a message for each rule that has become unused."""
        if not self._roster.calendar.shift_at(at):
            return
        for name, use in self._uses(at).items():
            if at - use.used_at >= UNUSED_AFTER:
                yield from self._told(name, use)

    def lines(self, at: datetime) -> list[str]:
        """Return a line for each rule that is unused, with whose it is."""
        return [_words(name, use.rule) for name, use in self._look(at).items() if at - use.used_at >= UNUSED_AFTER]

    def _uses(self, at: datetime) -> Mapping[str, RuleUse]:
        today = day_of(at, self._ledger.zone)
        if self._looked is None or self._looked[0] != today:
            self._looked = today, {}  # where that fails it is not looked at again with every tick
            self._looked = today, self._look(at)
        return self._looked[1]

    def _look(self, at: datetime) -> Mapping[str, RuleUse]:
        """Return when each rule of the file was last used, brought up to date in the store."""
        today = day_of(at, self._ledger.zone)
        groups = self._ledger.days(today - UNUSED_AFTER, today, passed_over)
        rules = {name: rule for name, rule in self._mutes.rules(at).items() if rule.until is None}
        return {name: self._used(name, rule, groups, at) for name, rule in rules.items()}

    def _used(self, name: str, rule: NoiseRule, groups: list[AlertGroup], at: datetime) -> RuleUse:
        matched = [group.last_at for group in groups if rule.fits(group)]

        def used(before: RuleUse | None) -> RuleUse:
            known = before.used_at if before and before.rule == rule else None
            return RuleUse(rule, max([*matched, *([known] if known else [])], default=at))

        before = self._kept.get(None, name)
        return before if before and used(before) == before else self._kept.change(None, name, used)

    def _told(self, name: str, use: RuleUse) -> Iterator[Scheduled]:
        person = self._owner_id(use.rule.owner)
        if not person and not self._room:
            return

        def compose(at: datetime, before: PostRecord) -> list[PostLine]:
            return [PostLine("words", _words(name, use.rule))]

        due = use.used_at + UNUSED_AFTER
        key, day = f"unused noise rule {name}:{use.used_at:%Y-%m-%dT%H:%M:%SZ}", day_of(due, self._ledger.zone)
        lapse, room = due + LAPSES_AFTER, "" if person else self._room
        yield Scheduled(key, day, due, due + TRY_FOR, lapse, compose, room=room, person=person)


def _words(name: str, rule: NoiseRule) -> str:
    return (
        f"{rule.owner}: the noise rule {name} has matched nothing for {UNUSED_AFTER.days} days ({rule.reason}). "
        "If it is not needed any more, take it out of data/noise.toml."
    )
