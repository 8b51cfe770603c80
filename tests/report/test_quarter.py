"""The report over a simulated quarter, beside an independent count of what was simulated."""

import random
import re
import statistics
from collections import Counter
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from opsdesk.alerts.alert import Alert, AlertState, Source
from opsdesk.alerts.group import ActionKind, AlertGroup, GroupAction, begun
from opsdesk.alerts.notification import Notification
from opsdesk.chat import Place
from opsdesk.errors import UserError
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.rules import Change
from opsdesk.incidents.severity import Severity
from opsdesk.posts.post import PostEntry, PostRecord, PostStep
from opsdesk.report import alerts, day_posts, incidents
from opsdesk.report.alerts import Noisy
from opsdesk.report.report import ReportSources, lines
from opsdesk.report.spans import ReportKind, ReportSpan
from opsdesk.store import Unreadable
from tests.incidents.stage import ALICE, BOB, CHARLIE, ListStore
from tests.oncall.stage import EASTERN, eastern
from tests.summary.stage import CALENDAR

FIRST, LAST = date(2026, 8, 3), date(2026, 11, 29)  # Monday to Sunday: four weeks, and the quarter that is told of
DAYS = [FIRST + timedelta(days=ahead) for ahead in range((LAST - FIRST).days + 1)]
AT = eastern("2026-11-30 09:00")
MINUTE = timedelta(minutes=1)
SPANS = [
    *(
        ReportSpan(ReportKind.WEEK, first, first + timedelta(days=6), first + timedelta(days=6))
        for first in DAYS[28::7]
    ),
    ReportSpan(ReportKind.MONTH, date(2026, 9, 1), date(2026, 9, 30), date(2026, 9, 30)),
    ReportSpan(ReportKind.MONTH, date(2026, 11, 1), date(2026, 11, 30), LAST),
    ReportSpan(ReportKind.DAYS, DAYS[28], LAST, LAST),
]


class Row(NamedTuple):
    """An incident as whoever simulated it wrote it down."""

    day: date
    severity: int
    subsystem: str
    opened: datetime
    taken: datetime | None
    resolved: datetime | None
    void: bool


def moment(chance: random.Random, day: date) -> datetime:
    return eastern(f"{day} 00:00") + chance.randrange(24 * 60) * MINUTE


def simulated(chance: random.Random) -> tuple[IncidentLog, list[Row]]:
    log, rows = IncidentLog(ListStore(), EASTERN), []
    for day in DAYS:
        for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
            opened = moment(chance, day)
            taken = opened + chance.randrange(1, 90) * MINUTE if chance.random() < 0.9 else None
            over = (taken or opened) + chance.choice((9, 45, 300, 2_000, 20_000)) * MINUTE
            resolved = over if taken and chance.random() < 0.9 and over < AT else None
            severity, subsystem = chance.choice((1, 2, 2, 3, 3, 3)), chance.choice(("vista", "vetext", ""))
            void = chance.random() < 0.1
            change = Change(title="Slow", severity=Severity.of(severity), subsystem=subsystem or None)
            number = log.open(change, at=opened, by=CHARLIE, place=Place()).number
            if taken:
                log.acknowledge(number, Change(), at=taken, by=BOB)
            if resolved:
                log.resolve(number, Change(text="restarted"), at=resolved, by=BOB)
            if void:
                log.void(number, Change(text="twice"), at=max(resolved or opened, taken or opened) + MINUTE, by=BOB)
            rows.append(Row(day, severity, subsystem, opened, taken, resolved, void))
    return log, rows


LOG, ROWS = simulated(random.Random(22))


def nine_in_ten(lengths: list[timedelta]) -> timedelta:
    """The shortest that nine in ten do not exceed."""
    return next(one for one in sorted(lengths) if sum(other <= one for other in lengths) >= 0.9 * len(lengths))


@pytest.mark.parametrize("span", SPANS, ids=lambda span: f"{span.kind} {span.first}")
def test_incidents_are_what_was_simulated(span: ReportSpan) -> None:
    told = incidents.of_span(LOG, span, AT)
    mine = [row for row in ROWS if span.first <= row.day <= span.latest and not row.void]
    before = [row for row in ROWS if 0 < (span.first - row.day).days <= 28 and not row.void]
    assert len(mine) > 1
    assert told.now.opened == len(mine)
    assert told.before.opened == len(before)
    assert dict(told.now.severities) == Counter(row.severity for row in mine)
    assert dict(told.now.subsystems) == Counter(row.subsystem for row in mine)
    assert dict(told.before.severities) == Counter(row.severity for row in before)
    assert told.now.still_open == sum(row.resolved is None for row in mine)
    taken = [row.taken - row.opened for row in mine if row.taken]
    over = [row.resolved - row.opened for row in mine if row.resolved]
    assert told.now.acknowledge.known == len(taken)
    assert told.now.acknowledge.median == statistics.median(taken)
    assert told.now.acknowledge.ninetieth == nine_in_ten(taken)
    assert told.now.resolve.median == statistics.median(over)
    assert told.now.resolve.ninetieth == nine_in_ten(over)
    expected = len(before) * len(span.days) / 28
    head = incidents.words(told)[0]
    assert float(re.search(r"\((\S+) in the four weeks before\)", head)[1]) == pytest.approx(expected, abs=0.051)


@pytest.mark.parametrize("span", SPANS, ids=lambda span: f"{span.kind} {span.first}")
def test_what_was_carried_over_is_what_was_open_then(span: ReportSpan) -> None:
    end = min(AT, eastern(f"{span.latest + timedelta(days=1)} 00:00"))
    told = [(one.incident.opened_at, one.age) for one in incidents.of_span(LOG, span, AT).carried]
    mine = [
        (row.opened, end - row.opened)
        for row in ROWS
        if end - row.opened >= timedelta(days=3) and (row.resolved is None or row.resolved > end) and not row.void
    ]
    assert sorted(told) == sorted(mine)


def alert_group(chance: random.Random, number: int, day: date, problem: int, times: int) -> AlertGroup:
    at = moment(chance, day)
    alert = Alert(Source.DATADOG, f"monitor:{problem}", AlertState.TRIGGERED, f"Monitor {problem}", at)
    group = begun(number, Notification(alert, "0", "message", at))
    for time in range(1, times):
        again = Alert(Source.DATADOG, alert.key, alert.state, alert.title, at + time * 5 * MINUTE)
        group = group.heard(Notification(again, str(time), "message", again.at))
    return group


def test_alerts_and_pages_are_what_was_simulated() -> None:
    chance, groups, rows, number = random.Random(7), [], [], 0
    span = SPANS[2]
    for day in span.days:
        for problem in chance.sample(range(9), chance.randrange(6)):
            number, times = number + 1, chance.randrange(1, 9)
            group = alert_group(chance, number, day, problem, times)
            outcome = chance.choice((None, ActionKind.NOISE, ActionKind.HANDLED, ActionKind.ACKNOWLEDGED))
            if outcome:
                group = group.then(GroupAction(group.first_at + MINUTE, ALICE, outcome))
            local = group.first_at.astimezone(EASTERN)
            in_shift = local.weekday() < 5 and 13 <= local.hour < 20 and local.date() != date(2026, 9, 7)
            groups.append(group)
            rows.append((problem, times, outcome, in_shift))

    def posted(key: str, at: str) -> tuple[str, PostRecord]:
        return key, PostRecord(key, (PostEntry(eastern(at), PostStep.CLAIMED), PostEntry(eastern(at), PostStep.POSTED)))

    first = span.first
    sent = {
        first: dict(
            [
                posted("acknowledge:#3:U0ALICE", f"{first} 03:00"),
                posted("acknowledge:#4", f"{first} 14:00"),
                posted(f"watch:{first}:1:U0ALICE", f"{first} 08:00"),
                posted(f"watch:{first}:1:channel", f"{first} 08:00"),
                posted(f"summary:{first}", f"{first} 20:00"),
                ("acknowledge:#5", PostRecord("acknowledge:#5", (PostEntry(AT, PostStep.GIVEN_UP),))),
            ]
        )
    }
    told = alerts.of_span(groups, CALENDAR, lambda day: sent.get(day, {}), span)
    assert told.outside == sum(not in_shift for *_, in_shift in rows)
    assert told.pages == 2
    many = Counter[int]()
    for problem, times, *_ in rows:
        many[problem] += times
    noisy = [Noisy(f"Monitor {problem}", times) for problem, times in many.items()]
    assert told.noisiest == sorted(noisy, key=lambda one: (-one.count, one.title))[:5]
    said = alerts.words(told)
    noise = sum(outcome is ActionKind.NOISE for _, _, outcome, _ in rows)
    untouched = sum(outcome is None for _, _, outcome, _ in rows)
    assert said[0].startswith(f"*Alerts* {len(rows)}: {noise} known noise, ")
    assert said[0].endswith(f" {untouched} untouched")
    assert said[-1].startswith(f"*Outside hours* 2 pages, {told.outside} of {len(rows)} alerts began then")


def sent_at(day: str, at: str | None, *steps: PostStep) -> day_posts.DayPost:
    due = eastern(f"{day} 20:00")
    entries = [PostEntry(eastern(f"{day} {at}"), PostStep.POSTED)] if at else []
    record = PostRecord(f"summary:{day}", (*entries, *(PostEntry(due, step) for step in steps)))
    return day_posts.DayPost(date.fromisoformat(day), due, record)


def test_posts_are_on_time_within_a_minute_of_their_proof() -> None:
    posts = [
        sent_at("2026-11-23", "20:00:01"),
        sent_at("2026-11-24", "19:00"),
        sent_at("2026-11-25", "20:12"),
        sent_at("2026-11-27", None, PostStep.GIVEN_UP),
        sent_at("2026-11-30", None, PostStep.SKIPPED),
    ]
    assert day_posts.words(posts) == [
        "*Posts* 2 of 5 on time (within a minute, by the proof in the chat): Nov 25 12 minutes late, Nov 27 given up, "
        "Nov 30 left out"
    ]
    by_day = {post.day: post for post in posts}
    assert day_posts.due_posts(by_day, by_day.get, eastern("2026-11-25 20:00")) == posts[:2]


def test_a_late_post_is_told_by_its_date_however_close_it_is_to_the_last() -> None:
    posts = [sent_at("2026-11-24", "20:12"), sent_at("2026-11-25", "20:00")]
    assert day_posts.words(posts) == [
        "*Posts* 1 of 2 on time (within a minute, by the proof in the chat): Nov 24 12 minutes late"
    ]


def test_a_part_that_cannot_be_told_says_why_and_the_others_are_told() -> None:
    def damaged(*given: object) -> list[AlertGroup]:
        raise UserError("What was stored on Nov 17 is damaged.")

    roster = SimpleNamespace(calendar=CALENDAR, days=lambda first, last: ())
    sources = ReportSources(LOG, damaged, lambda: roster, lambda day: None, dict, lambda days, at: 1 / 0)
    told = {line.key: line.text for line in lines(sources, SPANS[10], AT)}
    assert told["head"] == "*Report of the week, Nov 9 to Nov 15, 2026*"
    assert told["Alerts"] == "*Alerts* unavailable: What was stored on Nov 17 is damaged."
    assert told["Counts"] == "*Counts* unavailable: a mistake in the desk"
    assert told["Posts"] == "*Posts* none was due"


def test_a_part_whose_records_are_damaged_names_no_file_to_the_channel() -> None:
    def damaged(*given: object) -> list[AlertGroup]:
        raise Unreadable("What was stored on Nov 17 cannot be read: /srv/state/days/2026-11-17.json is empty")

    roster = SimpleNamespace(calendar=CALENDAR, days=lambda first, last: ())
    sources = ReportSources(LOG, damaged, lambda: roster, lambda day: None, dict, lambda days, at: [])
    told = {line.key: line.text for line in lines(sources, SPANS[10], AT)}
    assert told["Alerts"] == "*Alerts* unavailable: what the desk has stored of them cannot be read"
    assert told["Incidents"].startswith("*Incidents* ")
