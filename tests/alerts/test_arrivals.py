"""Alerts as they really arrive: edits first, by two ways, after midnight, beside what people write."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from opsdesk.alerts.catch_up import CatchUp
from opsdesk.alerts.group import AlertGroup, Outcome
from opsdesk.alerts.sources import edited_at, read_message
from opsdesk.chat import SendError
from opsdesk.store import Unreadable
from tests.alerts.stage import APM, AT, MINUTE, Stage

BACKLOG = "Triggered: Puma backlog"
OVER = "Recovered: Puma backlog"
LINK = "https://sentry.example.gov/organizations/vsp/issues/77/"
MIDNIGHT = 10 * 60  # minutes after 2pm


def issue(action: str, status: str = "unresolved", last_seen: str = "2026-11-23T18:59:58Z") -> dict[str, Any]:
    facts = {"id": "77", "title": "TimeoutError", "status": status, "lastSeen": last_seen, "web_url": LINK}
    return {"action": action, "data": {"issue": facts}}


def test_an_edit_that_is_heard_before_its_message_counts_and_the_message_then_does_not(stage: Stage) -> None:
    edited = stage.message(BACKLOG, edited={"ts": f"{AT.timestamp() + 1:.6f}"})
    assert stage.intake.message(edited, edited=True)
    stage.intake.message(stage.message(BACKLOG))
    stage.intake.message(edited, edited=True)
    assert [group.count for group in stage.groups] == [1]


def test_an_edit_of_a_message_long_counted_is_not_counted_again(stage: Stage) -> None:
    for number in range(100):
        stage.intake.message(stage.message(BACKLOG, number / 10))
    stage.intake.message(stage.message(BACKLOG), edited=True)
    assert [group.count for group in stage.groups] == [100]


def test_flapping_that_is_read_back_is_not_counted_again(stage: Stage) -> None:
    for _ in range(2):
        for number in range(100):
            stage.intake.message(stage.message(OVER if number % 2 else BACKLOG, number / 10), read_back=True)
    assert [(group.count, group.flaps, group.is_over) for group in stage.groups] == [(50, 49, True)]


def test_a_message_that_its_app_changes_is_over_when_it_was_changed(stage: Stage) -> None:
    stage.intake.message(stage.message(BACKLOG))
    changed = stage.message(OVER, edited={"ts": f"{(AT + 40 * MINUTE).timestamp():.6f}"})
    stage.channel.others[APM] = [changed]
    stage.catch_up.read(APM, AT + timedelta(hours=1))  # the change came while the desk was away
    assert [(group.count, group.over_at) for group in stage.groups] == [(1, AT + 40 * MINUTE)]


@pytest.mark.parametrize("edited", [None, {}, {"ts": None}, "x", {"user": "U0ALICE"}])
def test_what_is_no_edit_has_no_moment(edited: object) -> None:
    assert edited_at({"ts": "1795460400.000100", "edited": edited}) is None


def test_alerts_a_minute_apart_by_two_ways_count_each_once(stage: Stage) -> None:
    for minute in range(4):
        stage.intake.message(stage.message(BACKLOG, minute))
        moment = int((AT + minute * MINUTE).timestamp() * 1000) + 900
        body = {"title": "[Triggered] Puma backlog", "date": str(moment), "alert": {"transition": "Triggered"}}
        stage.intake.webhook("datadog", body, f"{minute}")
    assert [group.count for group in stage.groups] == [4]


def test_a_webhook_that_is_dated_ahead_is_of_now(stage: Stage) -> None:
    ahead = int((AT + timedelta(days=2)).timestamp() * 1000)
    body = {"title": "[Triggered] Puma backlog", "date": str(ahead), "alert": {"transition": "Triggered"}}
    stage.intake.webhook("datadog", body, "a")
    stage.intake.message(stage.message(OVER, 10))
    assert [(group.first_at, group.outcome) for group in stage.groups] == [(AT, Outcome.RECOVERED)]


def test_what_sentry_tells_of_one_error_in_four_ways_counts_once(stage: Stage) -> None:
    stage.intake.message(stage.message(f"<{LINK}|TimeoutError>"))
    event = {"issue_id": "77", "title": "TimeoutError", "web_url": LINK, "datetime": "2026-11-23T19:00:01Z"}
    stage.intake.webhook("sentry", {"action": "triggered", "data": {"event": event}}, "a")
    stage.intake.webhook("sentry", issue("created"), "b")
    assert stage.intake.webhook("sentry", issue("assigned"), "c") is None
    assert [group.count for group in stage.groups] == [1]


def test_an_issue_is_resolved_when_sentry_says_so_however_long_ago_it_was_seen(stage: Stage) -> None:
    stage.intake.message(stage.message(f"<{LINK}|TimeoutError>"))
    stage.at += timedelta(hours=2)
    group = stage.intake.webhook("sentry", issue("resolved", "resolved"), "a")
    assert group
    assert (group.outcome, group.over_at) == (Outcome.RECOVERED, stage.at)


@pytest.mark.parametrize(
    "text",
    [
        "Warning: I will restart vista-api at 3",
        "Resolved: it was a deploy, sorry",
        f"is this known? <{LINK}>",
        "Triggered: by whom?",
    ],
)
def test_what_a_person_says_is_no_alert_whatever_it_begins_with(text: str) -> None:
    assert read_message({"user": "U0ALICE", "ts": "1795460400.000100", "text": text}, AT) is None


def test_a_notification_that_a_person_pastes_is_one() -> None:
    pasted = read_message({"user": "U0ALICE", "ts": "1.0", "text": "[Triggered on {env:prod}] Puma backlog"}, AT)
    assert pasted
    assert (pasted.title, pasted.scope) == ("Puma backlog", "env:prod")


def test_what_is_told_of_a_channel_is_no_alert_in_it(stage: Stage) -> None:
    added = stage.message("added an integration to this channel: Datadog", subtype="bot_add")
    assert stage.intake.message(added, read_back=True) is None


def around_midnight(stage: Stage) -> tuple[list[AlertGroup], list[AlertGroup]]:
    """Monday's problems, and Tuesday's."""
    return stage.ledger.day(date(2026, 11, 23)), stage.ledger.day(date(2026, 11, 24))


def test_a_recovery_after_midnight_is_that_of_the_evening(stage: Stage) -> None:
    stage.intake.message(stage.message(BACKLOG, MIDNIGHT - 30))
    recovery = stage.message(OVER, MIDNIGHT + 30)
    stage.intake.message(recovery)
    stage.restart()
    stage.intake.message(recovery, read_back=True)
    [evening], morning = around_midnight(stage)
    assert (evening.outcome, evening.over_at) == (Outcome.RECOVERED, AT + (MIDNIGHT + 30) * MINUTE)
    assert morning == []


def test_a_recovery_is_that_of_its_own_day_where_that_has_the_problem(stage: Stage) -> None:
    for text, minutes in ((BACKLOG, -30), (BACKLOG, 10), (OVER, 30)):
        stage.intake.message(stage.message(text, MIDNIGHT + minutes))
    assert [[group.outcome for group in day] for day in around_midnight(stage)] == [
        [Outcome.UNTOUCHED],
        [Outcome.RECOVERED],
    ]


def test_a_day_that_is_damaged_keeps_nobody_from_what_is_asked_of_others(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = stage.intake.message(stage.message(BACKLOG))
    assert group
    assert group.place
    touched = stage.ledger._stored.touched

    def damaged(first: date, last: date, lost: Any = None) -> Any:
        if first < date(2026, 11, 23):
            if lost is None:
                raise Unreadable("The records of November 20 are damaged.")
            lost(date(2026, 11, 20))
        return touched(first, last, lost)

    monkeypatch.setattr(stage.ledger._stored, "touched", damaged)
    found = stage.ledger.at_message(group.place, stage.at)
    assert found == group
    assert stage.ledger.week_before(group) == [group]


def test_a_channel_that_cannot_be_read_back_is_told_of_once_and_keeps_no_other_from_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, others = list[str](), {"C0OTHER": ["not_in_channel"]}
    history = stage.channel.history

    def read(room: str, since: datetime, **more: Any) -> list[dict[str, Any]]:
        if others.get(room):
            raise SendError(others[room][0])
        return history(room, since, **more)

    monkeypatch.setattr(stage.channel, "history", read)
    stage.channel.others[APM] = [stage.message(BACKLOG)]
    catch_up = CatchUp(stage.store, stage.channel, stage.intake, ["C0OTHER", APM], complain=told.append)
    for minutes in (5, 6, 11, 17, 23):
        if minutes == 23:
            others.clear()
        catch_up._read_all(AT + minutes * MINUTE)
    assert [group.count for group in stage.groups] == [1]
    assert told == [
        "The alert channel <#C0OTHER> cannot be read back: not_in_channel. What I missed there is missing.",
        "The alert channel <#C0OTHER> is read back again.",
    ]
