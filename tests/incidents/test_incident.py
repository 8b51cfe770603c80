"""What is read off a timeline: how an incident stands, since when, and how soon it was taken and over."""

from datetime import timedelta

import pytest

from opsdesk.chat import Person
from opsdesk.errors import UserError
from opsdesk.incidents.incident import Entry, EntryKind, Incident, Status, links_in
from tests.incidents.stage import ALICE, BOB, CHARLIE, Shift, moment


def test_status_severity_owner_and_the_rest_are_what_was_said_last(day: Shift) -> None:
    day.open()
    day.do("update", 1, "looking", status=Status.MONITORING, severity=1)
    day.do("update", 1, title="VistA is down", subsystem="vista", started_at=moment("12:30"), reported_by="site 688")
    incident = day.do("assign", 1, owner=BOB)
    assert (incident.status, incident.severity, incident.owner) == (Status.MONITORING, 1, BOB)
    assert (incident.title, incident.subsystem, incident.reported_by) == ("VistA is down", "vista", "site 688")
    assert (incident.started_at, incident.last_word) == (moment("12:30"), "looking")


def test_an_entry_says_only_what_changed(day: Shift) -> None:
    day.open(severity=2)
    entry = day.do("update", 1, "still", severity=2, status=Status.IDENTIFIED, owner=ALICE).entries[-1]
    assert (entry.severity, entry.status, entry.owner) == (None, Status.IDENTIFIED, None)


def test_the_incident_before_its_last_entry_can_be_seen(day: Shift) -> None:
    opened = day.open()
    assert day.do("update", 1, status=Status.IDENTIFIED).before == opened


def test_resolving_takes_from_the_start_to_the_end(day: Shift) -> None:
    day.open()
    day.to("2026-11-23 15:45")
    incident = day.do("resolve", 1, "restarted", BOB, happened_at=moment("15:40"))
    assert (incident.resolved_at, incident.time_to_resolve) == (moment("15:40"), timedelta(hours=2, minutes=28))
    assert (incident.is_open, incident.last_word) == (False, "restarted")
    assert incident.age(moment("19:00")) == timedelta(hours=2, minutes=28)
    assert incident.entries[-1].written_at == moment("15:45")


def test_reopened_is_open_until_resolved_again(day: Shift) -> None:
    day.open()
    day.forward(hours=1)
    day.do("resolve", 1, "restarted")
    day.forward(hours=1)
    again = day.do("reopen", 1, "back", BOB)
    assert (again.status, again.owner, again.resolved_at) == (Status.INVESTIGATING, ALICE, None)
    assert (again.last_word, again.time_to_resolve, again.age(day.at)) == ("back", None, timedelta(hours=2))
    day.forward(hours=1)
    assert day.do("resolve", 1, "gone").time_to_resolve == timedelta(hours=3)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://a.org/x, and (http://b.org/y).", ["https://a.org/x", "http://b.org/y"]),
        ("<https://a.org/x|the board> https://a.org/wiki/A_(b)!", ["https://a.org/x", "https://a.org/wiki/A_(b)"]),
        ("https://a.org/x?a=1&b=2#c “https://b.org”", ["https://a.org/x?a=1&b=2#c", "https://b.org"]),
        ("https:// http://. ftp://a.org a.org", []),
    ],
)
def test_links_are_read_without_what_a_sentence_puts_behind_them(text: str, links: list[str]) -> None:
    assert links_in(text) == links


def test_links_of_all_texts_are_collected_once_each(day: Shift) -> None:
    day.open("VistA https://a.org", text="https://b.org")
    day.do("update", 1, "https://a.org and https://c.org")
    assert day.do("link", 1, "https://d.org the board").links == (
        "https://a.org",
        "https://b.org",
        "https://c.org",
        "https://d.org",
    )


def test_whoever_is_on_call_acknowledges_by_opening(day: Shift) -> None:
    day.open(started_at=moment("12:50"))
    day.open(by=CHARLIE, started_at=moment("12:50"))
    assert day.log.get(1).time_to_acknowledge == timedelta(minutes=22)
    assert day.log.get(2).acknowledged_at is None
    day.forward(minutes=8)
    assert day.do("note", 2, "looking", BOB).time_to_acknowledge == timedelta(minutes=30)


def test_the_first_word_about_it_acknowledges_at_the_moment_it_speaks_of(day: Shift) -> None:
    day.open(by=CHARLIE)
    day.to("2026-11-23 14:00")
    day.do("note", 1, "a deploy went out", happened_at=moment("11:00"))
    assert day.log.get(1).acknowledged_at == moment("14:00")
    day.do("note", 1, "restarted it", happened_at=moment("13:30"))
    assert day.log.get(1).time_to_acknowledge == timedelta(minutes=18)


def test_an_alert_that_comes_again_by_itself_acknowledges_nothing_and_is_no_news(day: Shift) -> None:
    incident = day.open(by=CHARLIE)
    again = Entry(day.at + timedelta(minutes=5), Person("", "the desk"), EntryKind.NOTED, "alert 1 again: x2")
    noted = incident.with_entry(again)
    for one in (noted, Incident(1, noted.place, noted.entries)):
        assert (one.acknowledged_at, one.news_at, one.written_at) == (None, day.at, again.at)


def test_what_was_over_before_it_was_opened_was_acknowledged_by_its_end(day: Shift) -> None:
    day.open(started_at=moment("12:50"))
    incident = day.do("resolve", 1, "gone by itself", happened_at=moment("13:00"))
    assert incident.time_to_acknowledge == incident.time_to_resolve == timedelta(minutes=10)


def test_a_note_from_a_message_is_taken_once_and_can_be_withdrawn(day: Shift) -> None:
    day.open()
    day.do("note", 1, "seen at 688", BOB, happened_at=moment("13:05"), source="C0GOLIVE/5.0")
    assert day.refusal("note", 1, "seen at 688", source="C0GOLIVE/5.0") == (
        "That message is in the timeline of #1 already."
    )
    incident = day.log.withdraw(1, "C0GOLIVE/5.0", at=day.at, by=ALICE)
    assert [entry.kind for entry in incident.entries] == [EntryKind.OPENED, EntryKind.NOTED, EntryKind.WITHDRAWN]
    assert (len(incident.standing), incident.acknowledged_at) == (1, day.at)
    with pytest.raises(UserError, match=r"^That message is not in the timeline of #1\.$"):
        day.log.withdraw(1, "C0GOLIVE/5.0", at=day.at, by=ALICE)
    assert len(day.do("note", 1, "seen at 688", BOB, source="C0GOLIVE/5.0").standing) == 2


def test_quiet_counts_from_when_something_was_last_written(day: Shift) -> None:
    day.open()
    day.forward(hours=3)
    day.do("note", 1, "it was the cache", happened_at=moment("13:30"))
    day.forward(hours=2)
    assert day.log.get(1).quiet_for(day.at) == timedelta(hours=2)
