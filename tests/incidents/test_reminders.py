"""Reminders of quiet and of unacknowledged incidents: once an interval, whatever is restarted in between."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk.chat.chat import MessageRef, Person, Place
from opsdesk.errors import UserError
from opsdesk.incidents.incident import Entry, EntryKind, Incident, Status
from opsdesk.incidents.reminders import Reminders, acknowledged_within, quiet_due
from opsdesk.incidents.rules import Change
from opsdesk.incidents.severity import Severity
from opsdesk.store import Unreadable
from tests.chat.stage import BUSY, failing
from tests.oncall.stage import ALICE, BOB, CHARLIE, IN_THREAD, LIVE, WEEKLY, Stage, eastern

MINUTE = timedelta(minutes=1)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    stage.plans[:] = [stage.reminders.plan]
    stage.to("2026-11-23 13:12")
    yield stage
    stage.store.close()


def reopened(stage: Stage) -> None:
    stage.restart()
    stage.plans[:] = [stage.reminders.plan]


def reminded(stage: Stage) -> list[str]:
    """When, whom and for how long, of each reminder heard."""
    told = []
    for line in stage.said():
        when, _, text = line.partition(": ")
        told.append(f"{when}: {text.split('. `')[0]}")
    return told


@pytest.mark.parametrize(
    ("severity", "times"),
    [
        (1, ["13:42", "14:12", "14:42", "15:12", "15:42"]),
        (2, ["14:12", "15:12"]),
        (3, []),
    ],
)
def test_an_incident_without_news_reminds_its_owner_in_its_thread(
    stage: Stage, severity: int, times: list[str]
) -> None:
    stage.opened("VistA timeouts", severity)
    stage.run("2026-11-23 16:00")
    heard = [line.split(" \x02")[0] for line in stage.said()]
    assert heard == [f"Mon Nov 23 {time} {LIVE}/9.0:" for time in times]


def test_a_reminder_says_what_to_type_and_mentions_the_owner(stage: Stage) -> None:
    stage.opened("VistA timeouts", 3)
    stage.run("2026-11-23 17:30")
    assert stage.said() == [
        f"Mon Nov 23 17:12 {LIVE}/9.0: \x02U0ALICE|Alice\x03 #1 VistA timeouts (sev 3): no news for 4 hours. "
        "`!incident update 1 <what is new>`, or `!incident snooze 1 2h`"
    ]


def test_news_puts_the_next_reminder_off_and_the_end_ends_them(stage: Stage) -> None:
    number = stage.opened("VistA timeouts", 1)
    stage.run("2026-11-23 13:40")
    stage.update(number, "still looking")
    stage.run("2026-11-23 14:11")
    assert [line[:16] for line in stage.said()] == ["Mon Nov 23 14:10"]
    stage.incidents.resolve(number, Change(text="over"), at=stage.at, by=ALICE.person)
    stage.run("2026-11-23 19:59")
    assert stage.said() == []


def test_reminders_keep_to_the_shift(stage: Stage) -> None:
    stage.to("2026-11-23 19:20")
    stage.opened("Travel claims rejected", 2)
    stage.run("2026-11-24 13:30")
    assert [line[:16] for line in stage.said()] == ["Tue Nov 24 13:20"]


def test_a_restart_neither_forgets_nor_repeats_a_reminder(stage: Stage) -> None:
    stage.opened("VistA timeouts", 1)
    for until in ("13:41", "13:42", "13:43", "14:00", "14:11"):
        stage.run(f"2026-11-23 {until}")
        reopened(stage)
    stage.to("2026-11-23 14:25")
    stage.run("2026-11-23 14:30")
    assert [line[:16] for line in stage.said()] == ["Mon Nov 23 13:42", "Mon Nov 23 14:25"]


def test_without_an_owner_or_a_room_the_right_one_is_told_directly(stage: Stage) -> None:
    stage.opened("VEText late", 1, by=BOB.person, place=Place())
    stage.run("2026-11-23 13:45")
    assert [line.split(" #1")[0] for line in stage.said()] == [
        "Mon Nov 23 13:24 U0ALICE: \x02U0ALICE|Alice\x03",
        "Mon Nov 23 13:42 U0BOB: \x02U0BOB|Bob\x03",
    ]


def test_the_desks_own_card_heads_the_thread(stage: Stage) -> None:
    number = stage.opened("VistA timeouts", 1, place=Place(LIVE, "#go-live"))
    stage.incidents.place(number, MessageRef(LIVE, f"{stage.at.timestamp():.1f}"))
    stage.run("2026-11-23 13:45")
    assert [line.split(": ")[0] for line in stage.said()] == [f"Mon Nov 23 13:42 {LIVE}/1795457520.0"]


def test_a_snooze_keeps_reminders_back_until_it_ends(stage: Stage) -> None:
    number = stage.opened("VistA timeouts", 1)
    stage.run("2026-11-23 13:20")
    stage.reminders.snooze(number, eastern("2026-11-23 15:30"), by=ALICE.person, at=stage.at)
    reopened(stage)
    stage.run("2026-11-23 16:10")
    assert reminded(stage) == [
        f"Mon Nov 23 {time} {LIVE}/9.0: \x02U0ALICE|Alice\x03 #1 VistA timeouts (sev 1): no news for {length}"
        for time, length in (("15:30", "2 hours 18 minutes"), ("16:00", "2 hours 48 minutes"))
    ]


@pytest.mark.parametrize(
    ("until", "told"),
    [
        (
            "2026-11-23 13:12",
            "That moment is past. Type `!incident snooze 1 2h`, or a time: `!incident snooze 1 5pm`.",
        ),
        ("2026-12-01 13:12", "An incident sleeps for 7 days at most. Type a nearer time."),
    ],
)
def test_a_snooze_is_never_in_the_past_and_never_for_ever(stage: Stage, until: str, told: str) -> None:
    number = stage.opened("VistA timeouts", 1)
    with pytest.raises(UserError, match=f"^{re.escape(told)}"):
        stage.reminders.snooze(number, eastern(until), by=ALICE.person, at=stage.at)


def test_a_resolved_incident_is_not_snoozed(stage: Stage) -> None:
    number = stage.opened("VistA timeouts", 1)
    stage.incidents.resolve(number, Change(text="over"), at=stage.at, by=ALICE.person)
    with pytest.raises(UserError, match=r"^#1 is resolved: nobody is reminded of it\.$"):
        stage.reminders.snooze(number, eastern("2026-11-23 15:00"), by=ALICE.person, at=stage.at)


def test_whoever_is_on_call_is_reminded_of_what_nobody_acknowledged(stage: Stage) -> None:
    stage.opened("VistA timeouts", 3, by=CHARLIE.person)
    stage.run("2026-11-23 13:40")
    assert stage.said() == [
        f"Mon Nov 23 13:24 {LIVE}/9.0: \x02U0ALICE|Alice\x03 #1 VistA timeouts: not acknowledged for 12 minutes "
        "(agreed: within 15 minutes). `!incident ack 1`"
    ]


def test_what_was_acknowledged_in_time_reminds_nobody_and_the_minutes_are_known(stage: Stage) -> None:
    number = stage.opened("VistA timeouts", 3, by=CHARLIE.person)
    stage.run("2026-11-23 13:21")
    stage.update(number, "looking")
    stage.run("2026-11-23 14:00")
    assert stage.said() == []
    assert stage.incidents.get(number).time_to_acknowledge == timedelta(minutes=9)


def test_outside_the_hours_an_hour_is_agreed(stage: Stage) -> None:
    stage.to("2026-11-23 21:00")
    stage.opened("VistA timeouts", 3, by=CHARLIE.person)
    stage.run("2026-11-23 22:30")
    assert reminded(stage) == [
        f"Mon Nov 23 21:57 {LIVE}/9.0: \x02U0ALICE|Alice\x03 #1 VistA timeouts: "
        "not acknowledged for 57 minutes (agreed: within 1 hour)"
    ]


@pytest.mark.parametrize(
    ("since", "minutes"),
    [
        ("2026-11-23 06:59", 60),
        ("2026-11-23 07:00", 15),
        ("2026-11-23 19:59", 15),
        ("2026-11-23 20:00", 60),
        ("2026-11-26 12:00", 60),
        ("2026-11-28 12:00", 60),
    ],
)
def test_how_soon_something_is_to_be_acknowledged(since: str, minutes: int) -> None:
    assert acknowledged_within(WEEKLY.calendar, eastern(since)) == minutes * MINUTE


@given(st.integers(1, 3), st.integers(0, 600), st.none() | st.integers(-100, 700), st.integers(0, 2000))
def test_reminders_are_an_interval_apart_and_never_before_a_snooze_ends(
    severity: int, written: int, snoozed: int | None, at: int
) -> None:
    start = eastern("2026-11-23 13:00")
    entry = Entry(
        start + written * MINUTE, ALICE.person, EntryKind.OPENED, title="x", status=Status.IDENTIFIED, severity=severity
    )
    incident, until = Incident(1, IN_THREAD, (entry,)), None if snoozed is None else start + snoozed * MINUTE
    due, next_due = (quiet_due(incident, until, start + n * MINUTE) for n in (at, at + 1))
    if due:
        assert entry.at + Severity(severity).remind_every <= due <= start + at * MINUTE
        assert until is None or due >= until
        assert start + at * MINUTE - due < Severity(severity).remind_every
        assert next_due in (due, due + Severity(severity).remind_every)
    else:
        assert start + at * MINUTE < max(entry.at + Severity(severity).remind_every, until or entry.at)


def test_somebody_without_a_name_in_the_rotation_can_own_an_incident(stage: Stage) -> None:
    stage.opened("VistA timeouts", 1, by=Person("U0EVE", "Eve"))
    stage.run("2026-11-23 13:42")
    assert [line.split(" #1")[0] for line in stage.said()][-1] == f"Mon Nov 23 13:42 {LIVE}/9.0: \x02U0EVE|Eve\x03"


def test_many_reminders_to_one_person_are_one_message_and_a_restart_repeats_none(stage: Stage) -> None:
    for number in range(1, 15):
        stage.opened(f"Site {number}", 2 if number == 13 else 3, by=CHARLIE.person)
    stage.run("2026-11-23 13:24")
    reopened(stage)
    stage.run("2026-11-23 14:00")
    late = "not acknowledged for 12 minutes (agreed: within 15 minutes)"
    assert stage.said() == [
        "\n".join(
            [
                "Mon Nov 23 13:24 U0ALICE: \x02U0ALICE|Alice\x03 14 incidents wait for you:",
                *[f"#{number} Site {number}: {late}" for number in (13, *range(1, 10))],
                "and 4 more",
                "`!incident list` shows them all.",
            ]
        )
    ]


def test_reminders_after_a_sum_come_one_by_one_unless_they_are_many_again(stage: Stage) -> None:
    for _ in range(6):
        stage.opened("VistA timeouts", 3, by=CHARLIE.person)
    stage.run("2026-11-23 13:20")
    for _ in range(2):
        stage.opened("VEText late", 3, by=CHARLIE.person)
    stage.run("2026-11-23 14:00")
    assert [line.split(" \x02")[0] for line in stage.said()] == [
        "Mon Nov 23 13:24 U0ALICE:",
        *[f"Mon Nov 23 13:32 {LIVE}/9.0:"] * 2,
    ]


def test_reminders_that_become_due_one_after_another_are_summed_up_too(stage: Stage) -> None:
    stage.to("2026-11-23 13:13")
    for second in range(12):
        stage.at += timedelta(seconds=second)
        stage.opened(f"Site {second}", 3, by=CHARLIE.person)
    stage.to("2026-11-23 13:25")
    stage.run("2026-11-23 13:45", step=timedelta(seconds=5))
    heard = [line.split(" \x02")[0].split()[-1] for line in stage.said()]
    assert heard == [f"{LIVE}/9.0:"] * 5 + ["U0ALICE:"] * 2


def test_a_snooze_that_cannot_be_read_keeps_nobody_from_being_reminded(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*asked: object) -> None:
        raise Unreadable("The snoozes are damaged.")

    monkeypatch.setattr(Reminders, "snoozed_until", damaged)
    stage.opened("VistA timeouts", 1)
    stage.run("2026-11-23 13:43")
    assert (
        reminded(stage)[-1]
        == f"Mon Nov 23 13:42 {LIVE}/9.0: \x02U0ALICE|Alice\x03 #1 VistA timeouts (sev 1): no news for 30 minutes"
    )


def test_what_was_to_be_acknowledged_in_an_outage_is_reminded_of_once_the_chat_is_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage.channel, "before", failing("post", *[BUSY] * 999))
    stage.opened("VistA timeouts", 3, by=CHARLIE.person)
    stage.run("2026-11-23 14:00")
    monkeypatch.undo()
    stage.run("2026-11-23 14:10")
    [told] = stage.said()
    assert "#1 VistA timeouts: not acknowledged for 49 minutes" in told
