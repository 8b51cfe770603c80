"""The desk put together: the wings, joined to one store, one chat and one clock."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

import msgspec

from opsdesk import alerts as alerts_wing
from opsdesk import clock, guard, put_off
from opsdesk import counts as counts_wing
from opsdesk.access import AccessDesk, Emoji, OnCall
from opsdesk.access import build as build_access
from opsdesk.chat import Chat, Trouble
from opsdesk.commands import OpenQuestions, build_open_questions
from opsdesk.contacts import Contacts
from opsdesk.contacts import build as build_contacts
from opsdesk.errors import do_each
from opsdesk.ground import Ground
from opsdesk.incidents import ANSWERING, PIN, Incident, IncidentDesk, notice_undo
from opsdesk.incidents import build as build_incidents
from opsdesk.incidents import undo as incident_undo
from opsdesk.oncall import ACCEPTING, OnCallDesk, Sources
from opsdesk.oncall import build as build_oncall
from opsdesk.posts import Plan, PostRecord, PostScheduler, PostWords, Scheduled, planned, rehearse, staged
from opsdesk.settings import Settings, TeamFile
from opsdesk.settings import follow as follow_settings
from opsdesk.store import Store
from opsdesk.summary import Part, SummaryDesk
from opsdesk.summary import build as build_summary
from opsdesk.summary import undo as summary_undo
from opsdesk.targets import TargetDesk
from opsdesk.targets import build as build_targets
from opsdesk.ticker import Ticker
from opsdesk.undo import Undoing, made

if TYPE_CHECKING:
    from opsdesk.alerts import AlertDesk
    from opsdesk.counts import CountDesk
    from opsdesk.report import ReportDesk
    from opsdesk.traces import TraceDesk
    from opsdesk.unheard import UnheardDesk
    from opsdesk.watch import WatchDesk

log = logging.getLogger(__name__)


class Planning(Protocol):
    """A part of the desk that has messages to be sent at their time."""

    def plan(self, at: datetime) -> Iterable[Scheduled]:
        """Return what is to be sent around a moment."""


class Desk(msgspec.Struct, frozen=True):
    """What plugins ask: the wings of the library. One per process and state folder.

    `files` are the team's, which the desk follows.
    """

    settings: Settings
    files: tuple[TeamFile[Any], ...]
    now: clock.Now
    chat: Chat
    store: Store
    trouble: Trouble
    access: AccessDesk
    contacts: Contacts
    oncall: OnCallDesk
    counts: "CountDesk"
    traces: "TraceDesk"
    incidents: IncidentDesk
    alerts: "AlertDesk"
    watch: "WatchDesk"
    summary: SummaryDesk
    targets: TargetDesk
    report: "ReportDesk"
    posts: PostScheduler
    ticker: Ticker
    undoing: Undoing
    unheard: "UnheardDesk"
    questions: OpenQuestions

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of all days and times."""
        return self.settings.zone

    @property
    def mistakes(self) -> list[str]:
        """Return what is wrong with the team's files as they stand now, each by file, table and key."""
        return [wrong for file in self.files for wrong in _complaints(file)]

    def next_posts(self, at: datetime) -> tuple[datetime | None, datetime | None]:
        """Return when the next summary is due, and when the next shift is told of; None where none is in sight."""
        shift = self.oncall.roster.calendar.next_shift(at)
        return self.summary.commands.next_due(at), shift.start if shift else None

    def close(self) -> None:
        """Stop sending, then give the state back, whatever fails meanwhile."""
        do_each(
            self.targets.close,
            self.incidents.cards.close,
            lambda: self.alerts.replies.close(),
            self.questions.close,
            self.summary.posts.close,
            self.posts.close,
        )
        self.store.close()


def build(settings: Settings, chat: Chat, now: clock.Now, store: Store) -> Desk:
    """Return a desk on `store`. What needs a wing that is built after it is handed a function that asks for it."""
    ground = Ground(settings, store, chat, now, Trouble(chat, settings.admins, lambda at: oncall.roster.to_tell(at)))
    again = lambda *changed: summary.posts.look_again()  # noqa: E731
    beside = _plan_of_each(lambda: (oncall, incidents, alerts, watch.tellings, unheard, targets))
    stage = _stage(settings)
    posts = _posts(ground, (_plan_of_each(lambda: (summary.notices, report)), staged(beside, stage)), stage)
    contacts = _contacts(ground)
    sources = Sources(
        open_work=lambda at: incidents.open_work(at),
        notes=lambda shift_day: summary.commands.handed_to(shift_day),
        counts=lambda at: counts.so_far(at),
        alerts=lambda at: alerts.since_last_shift(at),
    )
    oncall: OnCallDesk = build_oncall(ground, posts, sources, lambda person, at: access.may_read(person, at))
    counts = put_off.counts(ground, lambda: oncall.roster.calendar, again, lambda: watch)
    incidents: IncidentDesk = build_incidents(
        ground, oncall.roster, contacts, posts.record, changed=(again, lambda i: _followed(i, alerts, targets))
    )
    traces = put_off.traces(ground, counts, partial(_meant, contacts))
    window = lambda day, until, at: counts.source.window(day, until, at)  # noqa: E731
    alerts = put_off.alerts(ground, oncall, contacts, incidents, traces, again)
    watch = put_off.watch(ground, counts, traces, lambda: oncall.roster.calendar, posts, alerts)
    summary: SummaryDesk = build_summary(ground, oncall, window, incidents.log, _parts(watch, alerts))
    targets: TargetDesk = build_targets(ground, summary.plan, incidents)
    report = put_off.report(ground, oncall, counts, incidents, alerts, summary, posts)
    access: AccessDesk = _access(ground, oncall)
    files = _files(ground, access, contacts, oncall, counts, traces, alerts)
    follow = partial(_follow, incidents, alerts)
    questions = build_open_questions(ground)
    ticker = Ticker(summary, targets, report, alerts, watch, questions, store, ground.trouble, files, now, follow)
    wings = access, contacts, oncall, counts, traces, incidents, alerts, watch, summary, targets, report
    undoing, unheard = _undoing(ground, incidents, alerts, summary, counts), put_off.unheard(ground, incidents, posts)
    return Desk(settings, files, now, chat, store, ground.trouble, *wings, posts, ticker, undoing, unheard, questions)


def _files(
    ground: Ground,
    access: AccessDesk,
    contacts: Contacts,
    oncall: OnCallDesk,
    counts: "CountDesk",
    traces: "TraceDesk",
    alerts: "AlertDesk",
) -> tuple[TeamFile[Any], ...]:
    """Return the team's files, those of wings that the start does without among them."""
    own: TeamFile[Any] = follow_settings(ground.settings, ground.complain, ground.kept)
    return own, access.file, contacts.file, oncall.file, *put_off.files(ground, counts, traces, alerts)


def _followed(incident: Incident, alerts: "AlertDesk", targets: TargetDesk) -> None:
    """Have the alerts, those who are told elsewhere, and `!undo` follow an incident that was changed."""
    made("incident", incident.number, len(incident.entries) - 1)
    if incident.from_alert:  # or the alerts would be loaded by the first incident of all
        alerts.follow(incident)
    targets.follow(incident)


def _follow(incidents: IncidentDesk, alerts: "AlertDesk", at: datetime, leads: bool) -> None:
    """Follow what other desks on the store have changed; what is sent of it is sent by the one that `leads`."""
    incidents.calls.forget()
    if leads:
        incidents.follow_others(at)
        alerts.follow_others(at)
    else:
        incidents.alike.forget()


def _access(ground: Ground, oncall: OnCallDesk) -> AccessDesk:
    """Return who may do what: the rotation tells who is on call."""
    on_call = OnCall(oncall.roster.is_on_call, oncall.roster.is_staffed)
    emoji = ground.put_off(
        lambda: Emoji(
            anywhere=frozenset({PIN, alerts_wing.REPORTING}),
            on_apps=frozenset({*ANSWERING, *alerts_wing.MEANT, *ACCEPTING}),
        )
    )
    return build_access(ground.settings, ground.store, ground.chat, ground.zone, ground.complain, on_call, emoji)


def _undoing(
    ground: Ground, incidents: IncidentDesk, alerts: "AlertDesk", summary: SummaryDesk, counts: "CountDesk"
) -> Undoing:
    """Return what takes back the last change of a person, whichever wing it was about."""
    edits = ground.chat.edits
    sources = (
        lambda by, at: incident_undo.last_change(incidents.log, by, at),
        lambda by, at: counts_wing.last_typed(counts.source, by, at),
        lambda by, at: notice_undo.last_notice(incidents.notices, by, at),
        lambda by, at: summary_undo.last_note(summary.commands, by, at, edits=edits),
        lambda by, at: alerts_wing.undo.last_outcome(alerts.ledger, alerts.commands, by, at),
    )
    return Undoing(ground, sources, lambda since, at: summary_undo.told_since(summary.commands, since, at, edits=edits))


def _meant(contacts: Contacts, typed: str) -> Sequence[str]:
    """Return the words that may stand in the names of traces for what was typed: itself, and a subsystem's names."""
    return (typed, *contacts.directory.names_of(typed))


def _parts(watch: "WatchDesk", alerts: "AlertDesk") -> tuple[Part, ...]:
    """Return what the summary tells below the counts."""
    alerts_part = Part(
        "alerts", "Alerts", lambda day: alerts.summary_line(day), lambda day, at: alerts.waiting(day, at)
    )
    return Part("watch", "Watch", lambda day: watch.summary_line(day)), alerts_part


def _contacts(ground: Ground) -> Contacts:
    """Return the contacts, whose people are the team's own from now on: their addresses and numbers are no secret."""
    repeated, complain = ground.settings.file, lambda wrong: ground.trouble.tell_admins(str(wrong))
    contacts = build_contacts(ground.settings.data_dir, complain, ground.kept)
    guard.allow(lambda: contacts.allowed(repeated.not_private.domains, repeated.not_private.numbers))
    return contacts


def _posts(ground: Ground, plans: Sequence[Plan], stage: Callable[[Scheduled], Scheduled]) -> PostScheduler:
    """Return the scheduler of everything but the summary, which nothing else may hold up; nor one of these another."""
    kept, tell_admins = ground.store.keyed("posts", PostRecord), ground.trouble.tell_admins_later
    desks, words = ground.store.desks, PostWords(ground.zone)
    return PostScheduler(kept, ground.chat, words, ground.now, plans, tell_admins, desks, apart=True, stage=stage)


def _plan_of_each(parts: Callable[[], Sequence[Planning]]) -> Plan:
    """Return one plan of several parts', asked for when it is used: a mistake in one silences none of the others."""
    return lambda at: planned([part.plan for part in parts()], at)


def _stage(settings: Settings) -> Callable[[Scheduled], Scheduled]:
    """Return what has a message go where it is sent: in a rehearsal to the rehearsal channel."""
    room = settings.file.channels.rehearsal.id
    return partial(rehearse, room=room) if settings.rehearsal else lambda one: one


def _complaints(file: TeamFile[Any]) -> tuple[str, ...]:
    """Return what is wrong with the file as it stands now; the last complaint says what the desk goes by instead."""
    file()
    *others, last = file.complaints or ("",)
    return (*others, f"{last.removesuffix('.')}. {file.in_force}") if last else ()
