"""Incidents found again: lists, days, search, threads; and what no sequence of commands may break."""

import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsdesk.chat.chat import MessageRef, Person, Place
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.incidents import lists
from opsdesk.incidents.incident import Incident, Status
from opsdesk.incidents.lists import ListRequest, Scope, turn_to
from opsdesk.incidents.rules import Change
from tests.incidents.stage import ALICE, BOB, CHARLIE, Shift, invariants, moment, shift
from tests.oncall.stage import EASTERN


def test_open_ones_come_worst_first_then_longest_going(day: Shift) -> None:
    for severity, started in ((3, "13:00"), (2, "12:50"), (2, "12:40"), (1, "13:10"), (3, "12:00")):
        day.open(severity=severity, started_at=moment(started))
    day.do("resolve", 5)
    assert [incident.number for incident in day.log.open_ones()] == [4, 3, 2, 1]


def test_a_days_incidents_are_those_opened_or_written_about_that_day(day: Shift) -> None:
    day.open("first")
    day.open("second")
    day.to("2026-11-24 13:00")
    day.open("third")
    day.do("note", 1, "more")
    monday, tuesday = day_of(moment("13:12"), EASTERN), day_of(day.at, EASTERN)
    assert [one.number for one in day.log.touched(monday, monday)] == [1, 2]
    assert [one.number for one in day.log.touched(tuesday, tuesday)] == [1, 3]
    assert [one.number for one in day.log.opened(tuesday, tuesday)] == [3]
    assert [one.number for one in day.log.opened(monday, tuesday)] == [1, 2, 3]


def test_a_days_incidents_are_not_those_opened_later_in_a_thread_of_that_day(day: Shift) -> None:
    question = stamp("2026-11-22 15:00")
    day.open()
    day.log.place(1, card(stamp("13:12"), thread=question))
    sunday, monday = day_of(moment("2026-11-22 15:00"), EASTERN), day_of(day.at, EASTERN)
    assert not day.log.touched(sunday, sunday)
    assert [one.number for one in day.log.touched(monday, monday)] == [1]
    day.do("resolve", 1)
    day.restart()
    assert not day.log.touched(sunday, sunday)
    assert day.log.by_thread("C0GOLIVE", question) == day.log.get(1)


@pytest.mark.parametrize("days", [0, 40, 300])
def test_one_that_was_resolved_last_comes_first_however_long_ago_it_was_opened(
    day: Shift, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    monkeypatch.setattr(lists, "AROUND", 0)
    day.to("2025-11-20 13:00")
    day.open("on another", subsystem="vetext")
    day.open("long ago", subsystem="vista")
    day.to("2026-01-20 13:00")
    for number in range(3, 3 + lists.PAGE + 1):
        day.open(subsystem="vista")
        day.do("resolve", number)
    day.forward(days=1)
    day.do("resolve", 1)
    day.do("resolve", 2)
    day.forward(days=days)

    def page(number: int, subsystem: str = "") -> list[int]:
        listing = ListRequest(Scope.RESOLVED, subsystem=subsystem, page=number)
        return [one.number for one in turn_to(day.log, listing, day_of(day.at, EASTERN)).incidents]

    newest = 2 + lists.PAGE + 1
    assert sorted(page(1)[:2]) == [1, 2]
    assert page(1, "vista") == [2, *range(newest, newest - lists.PAGE + 1, -1)]
    assert page(2, "vista") == [4, 3]


def test_search_finds_every_word_in_titles_and_timelines_newest_first(day: Shift) -> None:
    day.open("VistA timeouts")
    day.open("Reminders late")
    day.open("VistA slow", text="it’s the SOCKET")
    day.do("note", 2, "not VistA's socket")
    day.do("note", 1, "socket", source="C0GOLIVE/5.0")
    day.log.withdraw(1, "C0GOLIVE/5.0", at=day.at, by=ALICE)
    searches = {"vista": [3, 2, 1], "Socket vista": [3, 2], "it's": [3], "nothing": []}
    for words, found in searches.items():
        assert [number for batch in day.log.search(words.split()) for number in batch] == found


def card(ts: str, room: str = "C0GOLIVE", thread: str = "") -> MessageRef:
    return MessageRef(room, ts, thread)


def stamp(local: str) -> str:
    return f"{moment(local).timestamp():.6f}"


def test_an_incident_is_found_by_the_thread_of_its_card(day: Shift) -> None:
    day.open()
    day.log.place(1, card(stamp("13:12")))
    day.restart()
    assert day.log.by_thread("C0GOLIVE", stamp("13:12")) == day.log.get(1)
    assert day.log.by_thread("C0OTHER", stamp("13:12")) is None
    assert day.log.by_thread("C0GOLIVE", stamp("13:13")) is None
    assert day.log.by_thread("C0GOLIVE", "") is None


def test_a_resolved_incident_is_found_by_its_thread_days_later(day: Shift) -> None:
    day.to("2026-11-23 23:59")
    day.open()
    day.log.place(1, card(stamp("2026-11-24 00:00")))
    day.do("resolve", 1)
    day.to("2026-11-30 13:00")
    found = day.log.by_thread("C0GOLIVE", stamp("2026-11-24 00:00"))
    assert found == day.log.get(1)


def test_a_card_inside_an_older_thread_belongs_to_that_thread(day: Shift) -> None:
    question = stamp("2026-11-20 15:00")
    for number in (1, 2):
        day.open()
        day.log.place(number, card(stamp(f"13:1{number}"), thread=question))
    assert day.log.by_thread("C0GOLIVE", question) == day.log.get(2)
    day.do("resolve", 2)
    assert day.log.by_thread("C0GOLIVE", question) == day.log.get(1)
    day.do("resolve", 1)
    assert day.log.by_thread("C0GOLIVE", question) == day.log.get(2)


def test_a_chat_without_message_ids_has_no_card_to_remember(day: Shift) -> None:
    day.open()
    day.log.place(1, card(""))
    assert day.log.get(1).card is None


def test_whoever_follows_is_told_of_every_change_once_it_is_stored(
    day: Shift, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(incident: Incident) -> None:
        raise OSError("no network")

    heard: list[tuple[int, int]] = []
    day.listeners += [fail, lambda one: heard.append((one.number, len(day.log.get(one.number).entries)))]
    day.open()
    day.do("note", 1, "x")
    day.refusal("note", 1, "")
    assert heard == [(1, 1), (1, 2)]
    assert "#1 changed, and" in caplog.text
    assert "no network" in caplog.text


STATUSES = st.none() | st.sampled_from(Status)
PEOPLE = st.sampled_from((ALICE, BOB, CHARLIE))
MINUTES_AGO = st.none() | st.integers(-5, 400)
COMMANDS = st.fixed_dictionaries(
    {
        "what": st.sampled_from(("open", "update", "resolve", "reopen", "assign", "note", "link", "withdraw")),
        "number": st.integers(1, 3),
        "text": st.sampled_from(("", "restarted", "https://example.org/x", "é\n“x”")),
        "status": STATUSES,
        "severity": st.none() | st.integers(1, 3),
        "owner": st.none() | PEOPLE,
        "by": PEOPLE,
        "ago": MINUTES_AGO,
        "started_ago": MINUTES_AGO,
        "source": st.sampled_from(("", "C0GOLIVE/1.0", "C0GOLIVE/2.0")),
        "pass_minutes": st.integers(0, 90),
    }
)


def play(day: Shift, told: dict[str, object]) -> None:
    """Does what a drawn command says; what is refused must change nothing."""
    ago = {name: told[key] for name, key in (("happened_at", "ago"), ("started_at", "started_ago"))}
    moments = {name: day.at - timedelta(minutes=mins) for name, mins in ago.items() if isinstance(mins, int)}
    sets = {name: told[name] for name in ("text", "status", "severity", "owner", "source")}
    number, by = int(str(told["number"])), told["by"]
    assert isinstance(by, Person)
    if told["what"] == "open":
        with suppress(UserError):
            day.open(by=by, **sets, **moments)
    elif told["what"] == "withdraw":
        with suppress(UserError):
            day.log.withdraw(number, str(told["source"]), at=day.at, by=by)
    elif number <= day.log.latest():
        before = day.log.get(number)
        try:
            after = day.do(str(told["what"]), number, by=by, **sets, **moments)
        except UserError:
            after = before
        assert after.entries[: len(before.entries)] == before.entries
        assert len(after.entries) - len(before.entries) in (0, 1)
    day.forward(minutes=int(str(told["pass_minutes"])))


@settings(max_examples=60, deadline=None)
@given(st.lists(COMMANDS, max_size=25))
def test_any_sequence_of_commands_keeps_what_is_true_of_every_timeline(commands: list[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder, shift(Path(folder)) as day:
        for told in commands:
            play(day, told)
        incidents = list(day.log.some(range(day.log.latest(), 0, -1)))
        for incident in incidents:
            invariants(incident, day.at)
        assert [one.number for one in incidents] == list(range(day.log.latest(), 0, -1))
        assert {one.number for one in day.log.open_ones()} == {one.number for one in incidents if one.is_open}
        day.restart()
        assert list(day.log.some(day.log.history())) == incidents


def test_no_kind_of_entry_ends_an_incident_before_it_began(day: Shift) -> None:
    day.open()
    before = day.at - timedelta(minutes=1)
    for what in ("update", "resolve", "note", "assign"):
        told = {"owner": BOB, "status": Status.RESOLVED, "happened_at": before}
        assert "it cannot be resolved before that" in day.refusal(what, 1, "restarted", **told)


def test_an_incident_remembers_where_it_was_opened(day: Shift) -> None:
    day.open(place=Place("C0APM", "#check-in-experience-apm", "1.0"))
    day.restart()
    assert day.log.get(1).place == Place("C0APM", "#check-in-experience-apm", "1.0")


def test_an_incident_that_is_over_cannot_be_said_to_have_begun_later(day: Shift) -> None:
    day.to("2026-11-23 12:50")
    day.open()
    day.to("2026-11-23 13:12")
    told = {"started_at": moment("2026-11-23 12:49"), "happened_at": moment("2026-11-23 12:45")}
    refusal = day.refusal("update", 1, "restarted", status=Status.RESOLVED, **told)
    assert refusal.startswith("#1 began 12:49pm: it cannot be resolved before that. If it began earlier, type ")
    day.do("resolve", 1, "restarted", happened_at=moment("2026-11-23 12:50"))


def test_what_was_typed_unheard_is_written_only_where_nobody_has_written_since(day: Shift) -> None:
    day.open()
    typed_at = day.at + timedelta(minutes=1)
    day.forward(minutes=5)
    day.do("note", 1, "three sites", by=BOB)
    late = Change(text="two sites", late=True)
    with pytest.raises(UserError) as refused:
        day.log.update(1, late, at=typed_at, by=ALICE)
    assert str(refused.value) == (
        "#1 has changed since you typed that (1:17pm): type it again if it still holds. `!incident show 1` tells more."
    )
    day.log.update(1, late, at=day.at + timedelta(minutes=1), by=ALICE)
    assert day.log.get(1).entries[-1].text == "two sites"


def test_an_incident_that_a_withdrawn_note_resolved_was_acknowledged_by_whoever_resolved_it(day: Shift) -> None:
    day.open(by=CHARLIE)
    day.forward(minutes=20)
    day.do("note", 1, "over", by=BOB, status=Status.RESOLVED, source="C0GOLIVE/1.0")
    day.log.withdraw(1, "C0GOLIVE/1.0", at=day.at, by=BOB)
    incident = day.log.get(1)
    assert incident.status is Status.RESOLVED
    assert incident.acknowledged_by == BOB
    assert incident.time_to_acknowledge == incident.time_to_resolve == timedelta(minutes=20)
