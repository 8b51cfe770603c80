"""What people do about alerts: acknowledge, call it noise, handled, open an incident from it, take it back."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain, count

from msgspec.structs import replace

from opsdesk.alerts.group import ActionKind, AlertGroup, GroupAction
from opsdesk.alerts.ledger import Ledger
from opsdesk.chat import Person, Place
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.incidents import Change, Incident, IncidentLog, Severity
from opsdesk.text import tell_when

WEEK = timedelta(days=6)
TAKEN_BACK = (ActionKind.ACKNOWLEDGED, ActionKind.NOISE, ActionKind.HANDLED)  # an incident stays
LONGEST_TITLE = 200  # characters of an incident's title


class AlertCommands:
    """Changes problems for people. `subsystem` gives the key of what a text is about, "" for nothing known."""

    def __init__(self, ledger: Ledger, incidents: IncidentLog, subsystem: Callable[[str], str]) -> None:
        self._ledger, self._incidents, self._subsystem = ledger, incidents, subsystem

    def acknowledge(self, number: int, by: Person, at: datetime) -> AlertGroup:
        """Say that `by` looks at a problem. Raise a UserError where somebody else does already."""
        return self._ledger.act(number, GroupAction(at, by, ActionKind.ACKNOWLEDGED), partial(self._free, by, at))

    def noise(self, number: int, by: Person, reason: str, at: datetime) -> AlertGroup:
        """Say that a problem is noise, and why."""
        return self._ledger.act(number, GroupAction(at, by, ActionKind.NOISE, reason.strip()))

    def handled(self, number: int, by: Person, text: str, at: datetime) -> AlertGroup:
        """Say that a problem is dealt with."""
        return self._ledger.act(number, GroupAction(at, by, ActionKind.HANDLED, text.strip()))

    def take_back(self, number: int, kind: ActionKind, by: Person, at: datetime) -> AlertGroup:
        """Take back the last of a kind, which `by` must have done; raise a UserError for anybody else."""
        return self._ledger.act(number, GroupAction(at, by, ActionKind.TAKEN_BACK, kind.value), partial(_own, kind, by))

    def undo(self, number: int, by: Person, at: datetime) -> AlertGroup:
        """Take back the last thing that `by` did about a problem; raise a UserError where somebody else did it."""
        last = self._ledger.get(number).last(*TAKEN_BACK)
        if last is None:
            raise UserError(f"Nobody has done anything about alert {number}: there is nothing to take back.")
        return self.take_back(number, last.kind, by, at)

    def refuse_opened(self, number: int, at: datetime) -> None:
        """Raise a UserError where somebody has opened an incident from a problem already."""
        opened = self._ledger.get(number).last(ActionKind.OPENED)
        if opened:
            when = tell_when(opened.at, at, self._ledger.zone)
            raise UserError(f"{opened.by.name} was sooner: alert {number} became #{opened.incident} {when}.")

    def open_incident(
        self,
        number: int,
        by: Person,
        at: datetime,
        place: Place,
        severity: Severity | None = None,
        subsystem: str | None = None,
    ) -> Incident:
        """Open an incident from a problem, with its title, subsystem, link and time; the one it became, if it did.

        One that was void, or over before the problem came again, is left as it is: another is opened.
        """
        group = self._ledger.get(number)
        known = self._became(group)
        if known and known.number == group.incident:
            return known
        told = Change(
            title=group.title[:LONGEST_TITLE],
            text=group.link,
            severity=severity,
            subsystem=subsystem or self._subsystem(f"{group.title} {group.service}") or None,
            started_at=min(group.began_at, at),
            source="/".join(["alert", str(number), *([f"{group.began_at:%H%M}"] if group.again_at else [])]),
        )
        incident = known or opened_anew(self._incidents, told, at=at, by=by, place=place)
        self._ledger.act(number, GroupAction(at, by, ActionKind.OPENED, incident=incident.number))
        return incident

    def _became(self, group: AlertGroup) -> Incident | None:
        """Return the incident a problem became, or the one before if that goes on again; None where none counts."""
        number = group.incident or group.incident_before
        known = self._incidents.followed(self._incidents.get(number)) if number else None
        return known if known and not known.aside and (group.incident or known.is_open) else None

    def days(self, first: date, last: date) -> list[AlertGroup]:
        """Return the problems of some days."""
        return self._ledger.days(first, last)

    def week(self, at: datetime) -> tuple[date, date]:
        """Return the first and the last of the seven days up to now."""
        today = day_of(at, self._ledger.zone)
        return today - WEEK, today

    def _free(self, by: Person, at: datetime, group: AlertGroup) -> None:
        taken = group.last(ActionKind.ACKNOWLEDGED)
        if taken and taken.by.id != by.id:
            since = tell_when(taken.at, at, self._ledger.zone)
            raise UserError(f"{taken.by.name} has alert {group.number} since {since}.")


def opened_anew(incidents: IncidentLog, told: Change, *, at: datetime, by: Person, place: Place) -> Incident:
    """Open an incident from what `told.source` names, once: the one that it was before, unless that was void."""
    for source in chain([told.source], (f"{told.source}/{times}" for times in count(2))):
        incident = incidents.followed(incidents.open(replace(told, source=source), at=at, by=by, place=place))
        if not incident.aside:
            break
    return incident


def _own(kind: ActionKind, by: Person, group: AlertGroup) -> None:
    last = group.last(kind)
    if last is None:
        raise UserError(f"Nobody has called alert {group.number} {kind.value}: there is nothing to take back.")
    if last.by.id != by.id:
        raise UserError(f"{last.by.name} did that: alert {group.number} stays {kind.value}.")
