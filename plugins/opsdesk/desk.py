"""The desk put together: the wings, joined to one store, one chat and one clock."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import msgspec

from opsdesk import (
    access,
    alerts,
    clock,
    contacts,
    counts,
    guard,
    incidents,
    oncall,
    summary,
    targets,
    traces,
    unheard,
    watch,
)
from opsdesk.access import AccessDesk, Emoji, OnCall
from opsdesk.alerts import AlertDesk
from opsdesk.alerts import undo as alert_undo
from opsdesk.chat import Chat, Trouble
from opsdesk.contacts import Contacts
from opsdesk.counts import CountDesk
from opsdesk.ground import Ground
from opsdesk.incidents import Incident, IncidentDesk, notice_undo
from opsdesk.incidents import undo as incident_undo
from opsdesk.oncall import Calendar, OnCallDesk, Sources
from opsdesk.posts import Plan, PostRecord, PostScheduler, PostWords, Scheduled, planned, rehearsed
from opsdesk.report import ReportDesk
from opsdesk.settings import DeskFile, Settings, TeamFile
from opsdesk.settings import follow as follow_settings
from opsdesk.store import Store
from opsdesk.summary import Part, SummaryDesk
from opsdesk.summary import undo as summary_undo
from opsdesk.targets import TargetDesk
from opsdesk.ticker import Ticker
from opsdesk.traces import TraceDesk
from opsdesk.undo import Undoing
from opsdesk.unheard import UnheardDesk
from opsdesk.watch import WatchDesk

log = logging.getLogger(__name__)


class Planning(Protocol):
    """A part of the desk that has messages to be sent at their time."""

    def plan(self, at: datetime) -> Iterable[Scheduled]:
        """Return what is to be sent around a moment."""


class Desk(msgspec.Struct, frozen=True):
    """What plugins ask: the wings of the library. One per process and state folder."""

    settings: Settings
    file: TeamFile[DeskFile]
    now: clock.Now
    chat: Chat
    store: Store
    trouble: Trouble
    access: AccessDesk
    contacts: Contacts
    oncall: OnCallDesk
    counts: CountDesk
    traces: TraceDesk
    incidents: IncidentDesk
    alerts: AlertDesk
    watch: WatchDesk
    summary: SummaryDesk
    targets: TargetDesk
    report: ReportDesk
    posts: PostScheduler
    ticker: Ticker
    undoing: Undoing
    unheard: UnheardDesk

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of all days and times."""
        return self.settings.zone

    @property
    def files(self) -> tuple[TeamFile[Any], ...]:
        """Return the team's files that the desk follows."""
        return (
            self.file,
            self.access.file,
            self.contacts.file,
            self.oncall.file,
            self.counts.file,
            self.traces.file,
            self.alerts.file,
        )

    @property
    def mistakes(self) -> list[str]:
        """Return what is wrong with the team's files as they stand now, each by file, table and key."""
        return [wrong for file in self.files for wrong in _complaints(file)]

    def next_posts(self, at: datetime) -> tuple[datetime | None, datetime | None]:
        """Return when the next summary is due, and when the next shift is told of; None where none is in sight."""
        shift = self.oncall.roster.calendar.next_shift(at)
        return self.summary.commands.next_due(at), shift.start if shift else None

    def close(self) -> None:
        """Stop sending, then give the state back."""
        self.targets.close()
        self.incidents.cards.close()
        self.alerts.replies.close()
        for posts in (self.summary.posts, self.posts):
            posts.close()
        self.store.close()


def build(settings: Settings, chat: Chat, now: clock.Now, store: Store) -> Desk:
    """Return a desk on `store`. What needs a wing that is built after it is handed a function that asks for it."""
    ground = Ground(settings, store, chat, now, Trouble(chat, settings.admins, lambda at: rota.roster.to_tell(at)))
    again = lambda *changed: day.posts.look_again()  # noqa: E731
    beside = _plan_of_each(lambda: (rota, events, ledger, watcher.tellings, missed, elsewhere))
    posts = _posts(ground, (_plan_of_each(lambda: (day.notices, report)), _staged(settings, beside)))
    people = _people(settings, ground.trouble)
    sources = Sources(
        open_work=lambda at: events.open_work(at),
        notes=lambda shift_day: day.commands.handed_to(shift_day),
        counts=lambda at: numbers.so_far(at),
        alerts=lambda at: ledger.since_last_shift(at),
    )
    rota: OnCallDesk = oncall.build(ground, posts, sources, lambda person, at: doors.may_read(person, at))
    numbers: CountDesk = _counts(ground, lambda: rota.roster.calendar, again, lambda: watcher)
    events: IncidentDesk = incidents.build(
        ground, rota.roster, people, posts.record, changed=(again, lambda i: _followed(i, ledger, elsewhere))
    )
    errors = traces.build(ground, numbers.queries, lambda: numbers.file().site, lambda typed: _meant(people, typed))
    ledger: AlertDesk = alerts.build(ground, rota.roster, people, events, errors.around, changed=again)
    watcher: WatchDesk = watch.build(ground, numbers, errors, lambda: rota.roster.calendar, posts, ledger.intake.raised)
    day: SummaryDesk = summary.build(ground, rota, numbers.source, events.log, _parts(watcher, ledger))
    elsewhere: TargetDesk = targets.build(ground, day.plan, events)
    report: ReportDesk = ReportDesk(ground, rota, numbers, events, ledger, day, posts)
    doors: AccessDesk = _access(ground, rota)
    own = follow_settings(settings, ground.complain)
    ticker = _ticker(ground, day, elsewhere, report, ledger, watcher, events, own, doors, people, rota, numbers, errors)
    wings = doors, people, rota, numbers, errors, events, ledger, watcher, day, elsewhere, report
    undoing, missed = _undoing(ground, events, ledger, day), unheard.build(ground, events, posts)
    return Desk(settings, own, now, chat, store, ground.trouble, *wings, posts, ticker, undoing, missed)


def _counts(
    ground: Ground, calendar: Callable[[], Calendar], again: Callable[[], None], watcher: Callable[[], WatchDesk]
) -> CountDesk:
    """Return the counts, which the calendar tells days off, and the watch what it saw."""
    return counts.build(
        ground,
        holiday=lambda day: calendar().holiday(day),
        changed=(again,),
        watch=lambda at, counter: watcher().lines(at, counter),
    )


def _ticker(
    ground: Ground,
    day: SummaryDesk,
    elsewhere: TargetDesk,
    report: ReportDesk,
    ledger: AlertDesk,
    watcher: WatchDesk,
    events: IncidentDesk,
    own: TeamFile[Any],
    *wings: Any,
) -> Ticker:
    """Return what does the desk's own work: it follows the desk's own file, and those of the wings and the alerts."""
    follow, every_file = partial(_follow, events, ledger), (own, *(wing.file for wing in wings), ledger.file)
    return Ticker(day, elsewhere, report, ledger, watcher, ground.store, ground.trouble, every_file, ground.now, follow)


def _followed(incident: Incident, ledger: AlertDesk, elsewhere: TargetDesk) -> None:
    """Have the alerts, and those who are told elsewhere, follow an incident that was changed."""
    ledger.follow(incident)
    elsewhere.follow(incident)


def _follow(events: IncidentDesk, ledger: AlertDesk, at: datetime, leads: bool) -> None:
    """Follow what other desks on the store have changed; what is sent of it is sent by the one that `leads`."""
    events.calls.forget()
    if leads:
        events.follow_others(at)
        ledger.follow_others(at)


def _access(ground: Ground, rota: OnCallDesk) -> AccessDesk:
    """Return who may do what: the rotation tells who is on call."""
    on_call = OnCall(rota.roster.is_on_call, rota.roster.is_staffed)
    emoji = Emoji(
        anywhere=frozenset({incidents.PIN, alerts.REPORTING}),
        on_apps=frozenset({*incidents.ANSWERING, *alerts.MEANT, *oncall.ACCEPTING}),
    )
    return access.build(ground.settings, ground.store, ground.chat, ground.zone, ground.complain, on_call, emoji)


def _undoing(ground: Ground, events: IncidentDesk, ledger: AlertDesk, day: SummaryDesk) -> Undoing:
    """Return what takes back the last change of a person, whichever wing it was about."""
    edits = ground.chat.edits
    sources = (
        lambda by, at: incident_undo.last_change(events.log, by, at),
        lambda by, at: notice_undo.last_notice(events.notices, by, at),
        lambda by, at: summary_undo.last_note(day.commands, by, at, edits=edits),
        lambda by, at: alert_undo.last_outcome(ledger.ledger, ledger.commands, by, at),
    )
    return Undoing(ground, sources, lambda since, at: summary_undo.told_since(day.commands, since, at, edits=edits))


def _meant(people: Contacts, typed: str) -> Sequence[str]:
    """Return the words that may stand in the names of traces for what was typed: itself, and a subsystem's names."""
    return (typed, *people.directory.names_of(typed))


def _parts(watcher: WatchDesk, ledger: AlertDesk) -> tuple[Part, ...]:
    """Return what the summary tells below the counts."""
    alerts_part = Part("alerts", "Alerts", ledger.summary_line, ledger.waiting)
    return Part("watch", "Watch", watcher.summary_line), alerts_part


def _people(settings: Settings, trouble: Trouble) -> Contacts:
    """Return the contacts, whose people are the team's own from now on: their addresses and numbers are no secret."""
    people, repeated = contacts.build(settings.data_dir, lambda wrong: trouble.tell_admins(str(wrong))), settings.file
    guard.allow(lambda: people.allowed(repeated.not_private.domains, repeated.not_private.numbers))
    return people


def _posts(ground: Ground, plans: Sequence[Plan]) -> PostScheduler:
    """Return the scheduler of everything but the summary, which nothing else may hold up."""
    kept, tell_admins = ground.store.keyed("posts", PostRecord), ground.trouble.tell_admins_later
    return PostScheduler(kept, ground.chat, PostWords(ground.zone), ground.now, plans, tell_admins, ground.store.desks)


def _plan_of_each(parts: Callable[[], Sequence[Planning]]) -> Plan:
    """Return one plan of several parts', asked for when it is used: a mistake in one silences none of the others."""
    return lambda at: planned([part.plan for part in parts()], at)


def _staged(settings: Settings, plan: Plan) -> Plan:
    """Return the plan, in a rehearsal with everything in the rehearsal channel."""
    if not settings.rehearsal:
        return plan
    return rehearsed(plan, settings.file.channels.rehearsal.id)


def _complaints(file: TeamFile[Any]) -> tuple[str, ...]:
    """Return what is wrong with the file as it stands now."""
    file()
    return file.complaints
