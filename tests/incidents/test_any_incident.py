"""Whatever has happened to incidents: everything that is written of them can be written, and read back."""

import csv
import io
import re
from datetime import timedelta

from hypothesis import given, settings

from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.incidents import exports, reminders
from opsdesk.incidents import list_words as incident_lists
from opsdesk.incidents import timeline_words as timelines
from opsdesk.incidents import words as incidents
from opsdesk.incidents.incident import EntryKind, Incident
from opsdesk.incidents.list_words import handed_over
from opsdesk.incidents.lists import ListRequest, Page, Scope, SearchResult
from opsdesk.incidents.metrics import measure, measured
from opsdesk.incidents.post_mortem import post_mortem
from opsdesk.incidents.reminders import quiet
from opsdesk.oncall import handover_words
from opsdesk.oncall.brief import Brief, OpenWork
from opsdesk.oncall.rotation import OnCallSlot
from opsdesk.oncall.shifts import Shift
from opsdesk.summary import words as summary
from opsdesk.summary.summary import DaySummary, SummarySpan, as_of, events_of
from tests.incidents.stage import FIRST, History, histories, invariants
from tests.oncall.stage import ALICE, EASTERN

LIMIT = 4000  # characters of a message on Slack
ANSWERS = {
    EntryKind.RESOLVED: lambda one, at: incidents.resolved(one),
    EntryKind.REOPENED: lambda one, at: incidents.reopened(one, at, EASTERN),
    EntryKind.ASSIGNED: lambda one, at: incidents.assigned(one, ALICE.id),
    EntryKind.NOTED: lambda one, at: incidents.noted(one, at, EASTERN),
    EntryKind.LINKED: lambda one, at: incidents.linked(one),
    EntryKind.UPDATED: lambda one, at: incidents.updated(one, at, EASTERN),
}


def whole(incident: Incident, history: History) -> list[str]:
    """Every page of the timeline."""
    told: list[str] = []
    try:
        while True:
            told.append(timelines.whole(incident, len(told) + 1, history.at, EASTERN))
    except UserError:
        return told


@settings(max_examples=100, deadline=None)
@given(histories())
def test_any_commands_keep_what_is_true_of_every_incident(history: History) -> None:
    for incident, at in history.states:
        invariants(incident, at)


@settings(max_examples=40, deadline=None)
@given(histories())
def test_whatever_was_done_can_be_answered_shown_and_listed_in_messages_that_fit(history: History) -> None:
    for incident, at in history.states:
        answer = ANSWERS.get(incident.entries[-1].kind)
        said = [answer(incident, at)] if answer else []
        said += [incidents.card(incident, at, EASTERN), timelines.shown(incident, at, EASTERN)]
        said += whole(incident, history)
        assert all(text and len(text) <= LIMIT for text in said)
    ones, today = tuple(history.incidents), day_of(history.at, EASTERN)
    for listing in (
        ListRequest(),
        ListRequest(Scope.DAYS, (today, today), "today"),
        ListRequest(Scope.ALL),
        ListRequest(Scope.MINE),
        ListRequest(page=2),
    ):
        page = Page(listing, ones[:15], more=True, total=len(ones))
        assert len(incident_lists.listed(page, history.at, EASTERN, timedelta(hours=4))) <= LIMIT
    assert incident_lists.found(SearchResult(("x",), ones[:8], 3), history.at, EASTERN)
    assert reminders.acknowledgements(((one, timedelta(minutes=15)) for one in ones), history.at)


@settings(max_examples=40, deadline=None)
@given(histories())
def test_the_short_and_the_whole_timeline_have_every_moment_of_it(history: History) -> None:
    for incident in history.incidents:
        told = list(timelines.lines(incident, EASTERN))
        assert len(told) == len(incident.entries)
        assert [one.at for one in told] == sorted(entry.at for entry in incident.entries)
        every = "".join("".join(page.replace("┊", "").split()) for page in whole(incident, history))
        assert all(line in every or len(line) > 2000 for line in ("".join(one.text.split()) for one in told))


@settings(max_examples=40, deadline=None)
@given(histories())
def test_any_day_can_be_told_in_one_post_and_any_shift_can_be_briefed(history: History) -> None:
    start = FIRST - timedelta(days=1)
    while start < history.at:
        span = SummarySpan(start, start + timedelta(days=1), start)
        for ones in (history.incidents, [one for i in history.incidents if (one := as_of(i, span.end))]):
            events = events_of(span, ones)
            assert events.opened + events.resolved <= 2 * len(events.events)
            assert not set(events.events) & set(events.carried)
            told = DaySummary(day_of(start, EASTERN), events, notes=("Watch the VEText backlog",))
            lines = summary.lines(told, [], EASTERN)
            assert len("\n".join(line.text for line in lines)) <= LIMIT
        start = span.end
    shift = Shift(history.at, history.at + timedelta(hours=7), day_of(history.at, EASTERN), "support")
    slot = OnCallSlot(shift.start, shift.end, shift, ALICE.person, None, ALICE.person)
    ones = history.log.open_ones()
    work = OpenWork(handed_over(ones, history.at, EASTERN), len(ones))
    brief = Brief(slot, None, None, work, (), (), (), None)
    assert handover_words.brief(brief, history.at, EASTERN)
    for one in history.log.open_ones():
        assert quiet(one, one.quiet_for(history.at), one.owner, "")


@settings(max_examples=40, deadline=None)
@given(histories())
def test_metrics_are_never_negative_and_every_incident_is_in_them(history: History) -> None:
    found = measure(history.incidents)
    assert found.opened == sum(found.severities.values()) == sum(found.subsystems.values()) == len(history.incidents)
    assert 0 <= found.still_open == found.opened - found.resolve.known
    for lengths in (found.acknowledge, found.resolve):
        assert (lengths.median is None) == (lengths.known == 0)
        assert all(length >= timedelta(0) for length in (lengths.median, lengths.ninetieth) if length is not None)
    assert measured(found, day_of(FIRST, EASTERN), day_of(history.at, EASTERN)).count("\n") == 4


@settings(max_examples=40, deadline=None)
@given(histories())
def test_any_incidents_can_be_read_back_from_their_table(history: History) -> None:
    text = exports.table(history.incidents, EASTERN).removeprefix(exports.UTF_8)
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert [int(row["number"]) for row in rows] == [one.number for one in history.incidents]
    for row, one in zip(rows, history.incidents, strict=True):
        assert row["title"].replace("'", "") == one.title.replace("'", "")
        assert (row["status"], int(row["severity"]), row["subsystem"]) == (one.status, one.severity, one.subsystem)
        assert bool(row["resolved"]) is bool(row["minutes to resolve"]) is not one.is_open
        assert None not in row
        parts = [part.lstrip(" ") for cell in row.values() for part in re.split(r"[;|\t\n]", cell)]
        assert not [part for part in parts if part.startswith(tuple("=+-@＝＋－＠"))]


@settings(max_examples=40, deadline=None)
@given(histories())
def test_every_entry_of_any_incident_is_in_its_post_mortem(history: History) -> None:
    for incident in history.incidents:
        text = post_mortem(incident, history.at, EASTERN)
        head, _, rest = text.partition("\n## Incident Timeline\n\nAll times are those of America/New_York.\n\n")
        timeline, _, behind = rest.rpartition("\n\n## Root Cause(s)\n")
        lines = timeline.split("\n")
        assert sum(line.startswith("- ") for line in lines) == len(incident.entries)
        assert all(not line or line.startswith(("- ", "  ", "### ")) for line in lines)
        assert head.startswith("# ")
        facts = behind.rpartition("\n## Appendix\n\n- Incident: #")[2].split("\n")
        assert [line.split(":")[0] for line in facts[1:9]] == [
            *(f"- {fact}" for fact in ("Severity", "Subsystem", "Status", "Owner", "Reported by", "Started")),
            *("- Acknowledged", "- Resolved"),
        ]
