"""One problem of a day is one line that counts, whatever way and however often it is notified of."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk.alerts import words
from opsdesk.alerts.alert import Alert, AlertState, Source
from opsdesk.alerts.group import ActionKind, AlertGroup, GroupAction, Outcome, begun
from opsdesk.alerts.ledger import Ledger
from opsdesk.alerts.notification import Notification
from opsdesk.chat import MessageRef, Person
from opsdesk.errors import UserError
from opsdesk.store import open_store
from tests.oncall.stage import EASTERN

AT = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
MINUTE = timedelta(minutes=1)
ALICE = Person("U0ALICE", "Alice")


def alert(minutes: float = 0, state: AlertState = AlertState.TRIGGERED, **given: object) -> Alert:
    facts = {"source": Source.DATADOG, "key": "monitor:8", "title": "RPC socket timeouts", "scope": "env:prod"}
    return Alert(**(facts | given), state=state, at=AT + minutes * MINUTE)  # type: ignore[arg-type]


def notice(
    minutes: float = 0, state: AlertState = AlertState.TRIGGERED, way: str = "message", **given: object
) -> Notification:
    one = alert(minutes, state, **given)
    return Notification(
        one, f"{way} {one.key} {minutes} {state}", way, one.at, MessageRef("C0APM", f"{one.at.timestamp():.6f}")
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    store = open_store(tmp_path / "state")
    yield Ledger(store, EASTERN)
    store.close()


def test_a_problem_that_comes_again_counts(ledger: Ledger) -> None:
    for minutes in range(14):
        ledger.take(notice(minutes))
    [group] = ledger.day(MONDAY)
    assert (group.count, group.first_at, group.last_at) == (14, AT, AT + 13 * MINUTE)
    assert group.outcome is Outcome.UNTOUCHED


def test_a_notification_that_is_delivered_again_counts_once(ledger: Ledger) -> None:
    for _ in range(3):
        ledger.take(notice())
    assert [group.count for group in ledger.day(MONDAY)] == [1]


def test_a_notification_by_message_and_by_webhook_counts_once(ledger: Ledger) -> None:
    ledger.take(notice(0, way="webhook"))
    ledger.take(notice(0.5))
    ledger.take(notice(10))
    assert [group.count for group in ledger.day(MONDAY)] == [2]


def test_a_problem_that_flaps_ten_times_is_one_line_and_its_recovery_settles_it(ledger: Ledger) -> None:
    for flap in range(10):
        ledger.take(notice(4 * flap))
        ledger.take(notice(4 * flap + 2, AlertState.RECOVERED))
    [group] = ledger.day(MONDAY)
    assert (group.count, group.flaps, group.is_over, group.over_at) == (10, 9, True, AT + 38 * MINUTE)
    assert group.outcome is Outcome.RECOVERED


def test_where_a_message_does_not_say_the_scope_it_joins_the_only_group_of_its_monitor(ledger: Ledger) -> None:
    ledger.take(notice(0, way="webhook"))
    ledger.take(notice(1, scope=None))
    ledger.take(notice(2, scope="env:staging"))
    ledger.take(notice(3, scope=None, title="which of two is meant"))
    assert [(group.scope, group.count) for group in ledger.day(MONDAY)] == [
        ("env:prod", 1),
        ("env:staging", 1),
        (None, 1),
    ]


def test_what_comes_late_does_not_undo_what_came_after_it(ledger: Ledger) -> None:
    ledger.take(notice(5, AlertState.RECOVERED))
    ledger.take(notice(0))
    [group] = ledger.day(MONDAY)
    assert (group.is_over, group.count, group.first_at) == (True, 1, AT)


def test_the_next_day_is_another_line_that_knows_the_week_before(ledger: Ledger) -> None:
    first = ledger.take(notice())
    second = ledger.take(notice(24 * 60))
    assert (first.number, second.number) == (1, 2)
    assert [group.number for group in ledger.week_before(second)] == [1, 2]


def act(
    ledger: Ledger, number: int, kind: ActionKind, text: str = "", minutes: float = 6, incident: int = 0
) -> AlertGroup:
    return ledger.act(number, GroupAction(AT + minutes * MINUTE, ALICE, kind, text, incident))


def test_what_people_do_is_its_outcome_until_they_take_it_back(ledger: Ledger) -> None:
    number = ledger.take(notice()).number
    assert act(ledger, number, ActionKind.ACKNOWLEDGED).outcome is Outcome.ACKNOWLEDGED
    assert act(ledger, number, ActionKind.NOISE, "a deploy").outcome is Outcome.NOISE
    assert act(ledger, number, ActionKind.TAKEN_BACK, "noise").outcome is Outcome.ACKNOWLEDGED
    assert act(ledger, number, ActionKind.OPENED, incident=12).outcome is Outcome.BECAME
    group = act(ledger, number, ActionKind.HANDLED)
    assert (group.outcome, group.incident, group.time_to_acknowledge) == (Outcome.BECAME, 12, 6 * MINUTE)


def test_a_check_that_refuses_changes_nothing(ledger: Ledger) -> None:
    def refuse(group: AlertGroup) -> None:
        raise UserError("bob has it already")

    number = ledger.take(notice()).number
    with pytest.raises(UserError, match="bob has it already"):
        ledger.act(number, GroupAction(AT, ALICE, ActionKind.ACKNOWLEDGED), refuse)
    assert ledger.get(number).actions == ()


def test_a_problem_is_found_by_any_message_that_shows_it(ledger: Ledger) -> None:
    number = ledger.take(notice()).number
    ledger.reply_stands(number, MessageRef("C0APM", "99.1", thread="1.0"), AT)
    found = ledger.at_message(MessageRef("C0APM", "99.1"), AT)
    assert found
    assert found.number == number
    assert ledger.at_message(MessageRef("C0APM", "98.0"), AT) is None


def test_a_storm_writes_each_group_once(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.take(notice())
    changes: list[int] = []
    change = ledger._stored.change
    monkeypatch.setattr(
        ledger._stored, "change", lambda number, *given: changes.append(number) or change(number, *given)
    )
    groups = ledger.take_all([notice(minutes / 60) for minutes in range(1, 900)])
    assert changes == [1]
    assert groups[-1].count == 900


NOTICES = st.lists(
    st.tuples(
        st.integers(0, 20), st.sampled_from(list(AlertState)), st.sampled_from(["message", "webhook"]), st.booleans()
    ),
    max_size=30,
)


@given(NOTICES)
def test_however_notifications_come_the_count_is_of_those_that_trigger(
    steps: list[tuple[int, AlertState, str, bool]],
) -> None:
    group = begun(1, notice())
    for minutes, state, way, muted in steps:
        one = notice(minutes, state, way)
        group = group.heard(Notification(one.alert, one.id, one.way, one.heard_at, rule="a rule" if muted else ""))
    assert 1 <= group.count <= 1 + len(steps)
    assert 0 <= group.muted <= group.count
    assert group.first_at <= group.last_at
    assert group.outcome in Outcome


def test_of_many_incidents_that_alerts_became_a_line_about_all_names_a_few():
    def became(number: int) -> AlertGroup:
        opened = GroupAction(AT, ALICE, ActionKind.OPENED, incident=number)
        return AlertGroup(number, Source.DATADOG, f"{number}", "VistA", AlertState.TRIGGERED, AT, AT, actions=(opened,))

    assert words.counted([became(7), became(9)]) == "2: 2 became #7, #9, none untouched"
    few = ", ".join(f"#{number}" for number in range(1, 11))
    assert words.counted(list(map(became, range(1, 201)))) == f"200: 200 became {few} and 190 more, none untouched"
