"""Incidents: what may happen to one, and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from opsdesk.chat.chat import Person
from opsdesk.errors import UserError
from opsdesk.incidents.incident import EntryKind, Status
from opsdesk.incidents.rules import Change
from tests.incidents.stage import ALICE, BOB, HERE, Shift, moment


def test_an_incident_begins_as_investigated_by_whoever_opened_it(day: Shift) -> None:
    incident = day.open(text="two sites", subsystem="vista", reported_by="site 688")
    assert (incident.number, incident.title, incident.status) == (1, "VistA timeouts", Status.INVESTIGATING)
    assert (incident.severity, incident.subsystem, incident.owner) == (3, "vista", ALICE)
    assert (incident.opened_at, incident.started_at, incident.place) == (day.at, day.at, HERE)
    assert (incident.opened_by, incident.reported_by, incident.last_word) == (ALICE, "site 688", "two sites")


def test_everything_can_be_said_when_it_is_opened(day: Shift) -> None:
    incident = day.open(severity=1, status=Status.IDENTIFIED, owner=BOB, started_at=moment("12:50"))
    assert (incident.severity, incident.status, incident.owner) == (1, Status.IDENTIFIED, BOB)
    assert (incident.opened_at, incident.started_at) == (day.at, moment("12:50"))
    assert incident.reported_by == "alice"


def test_an_incident_without_a_title_is_refused(day: Shift) -> None:
    with pytest.raises(UserError, match="What happened\\? Type `!incident open "):
        day.open(" \n ")
    assert day.log.latest() == 0


def test_titles_texts_and_names_have_limits_that_are_named(day: Shift) -> None:
    assert day.open("x" * 200, text="x" * 4000).title == "x" * 200
    with pytest.raises(UserError) as refused:
        day.open("x" * 201)
    assert str(refused.value) == (
        "A title has at most 200 characters, this one has 201. Put the details on a line of their own below it."
    )
    assert day.refusal("note", 1, "x" * 4001) == (
        "A text has at most 4,000 characters, this one has 4,001. Send it in parts."
    )
    assert day.refusal("update", 1, reported_by="x" * 201) == (
        "A name has at most 200 characters, this one has 201. Put the details into the text."
    )


@pytest.mark.parametrize(
    "text",
    [
        "it's “down” & <b>out</b>",
        "one\n\n  two\tthree",
        "שלום, עולם",
        "🔥👩‍🚀 é",
        "`--sev 2` *bold* _it_ #12 @here",
    ],
)
def test_text_comes_back_to_the_letter_after_a_restart(day: Shift, text: str) -> None:
    day.open(text.replace("\n", " "), text=text)
    day.do("note", 1, text)
    day.restart()
    incident = day.log.get(1)
    assert (incident.title, incident.entries[0].text, incident.entries[1].text) == (
        text.replace("\n", " "),
        text,
        text,
    )


def test_control_characters_are_left_out_and_titles_and_names_are_one_line(day: Shift) -> None:
    assert day.open("a\x00b\x1b[0m\x02c\x03\ndown", text="a\ud800b\x07").title == "ab[0mc down"
    assert day.log.get(1).entries[0].text == "ab"
    assert day.do("update", 1, reported_by="site 688,\na clinic").reported_by == "site 688, a clinic"


def test_the_same_message_opens_an_incident_once(day: Shift) -> None:
    first = day.open(source="C0GOLIVE/1.5")
    assert day.open(source="C0GOLIVE/1.5") == first
    assert day.open(source="C0GOLIVE/2.5").number == 2


def test_any_status_may_follow_any_other(day: Shift) -> None:
    day.open()
    for status in (Status.MONITORING, Status.IDENTIFIED, Status.INVESTIGATING, Status.RESOLVED):
        assert day.do("update", 1, status=status).status is status
    for status in (Status.MONITORING, Status.RESOLVED):
        what = "reopen" if status is Status.MONITORING else "resolve"
        assert day.do(what, 1, status=status).status is status


def test_a_status_of_resolved_resolves(day: Shift) -> None:
    day.open()
    assert day.do("update", 1, "gone", status=Status.RESOLVED).entries[-1].kind is EntryKind.RESOLVED


def test_a_resolved_incident_takes_no_more_updates(day: Shift) -> None:
    day.open()
    day.do("resolve", 1, "restarted", BOB)
    day.forward(hours=2)
    answer = (
        "#1 was resolved by bob 1:12pm. `!incident note 1 ...` adds to its timeline, "
        "`!incident reopen 1 why` opens it again."
    )
    assert day.refusal("update", 1, "more") == answer
    assert day.refusal("assign", 1, owner=BOB) == answer
    assert day.refusal("resolve", 1, "me too") == answer.replace("was resolved", "was already resolved")
    assert day.refusal("update", 1, status=Status.RESOLVED) == answer.replace("was resolved", "was already resolved")


def test_a_resolved_incident_still_takes_notes_and_links(day: Shift) -> None:
    day.open()
    day.do("resolve", 1, "restarted")
    day.do("note", 1, "the ticket is filed")
    incident = day.do("link", 1, "https://example.org/ticket")
    assert (incident.is_open, len(incident.entries), incident.last_word) == (False, 4, "restarted")


def test_of_two_who_resolve_at_once_one_is_told_who_was_first(day: Shift) -> None:
    for number in range(1, 11):
        day.open()

        def end(by: Person, number: int = number) -> str:
            try:
                return day.log.resolve(number, Change(text="gone"), at=day.at, by=by).entries[-1].by.name
            except UserError as refused:
                return str(refused)

        with ThreadPoolExecutor(2) as pool:
            answers = sorted(pool.map(end, (ALICE, BOB)), key=len)
        assert answers[0] in ("alice", "bob")
        assert answers[1].startswith(f"#{number} was already resolved by {answers[0]} 1:12pm.")
        assert len(day.log.get(number).entries) == 2


def test_only_a_resolved_incident_can_be_reopened(day: Shift) -> None:
    day.open()
    assert day.refusal("reopen", 1, "why") == ("#1 is open (investigating). `!incident update 1 ...` says what is new.")
    day.do("resolve", 1)
    assert day.refusal("reopen", 1, status=Status.RESOLVED) == (
        "#1 is to be opened again: leave out --status resolved."
    )


def test_nothing_happens_in_the_future(day: Shift) -> None:
    day.open()
    for what in ("update", "note", "resolve"):
        assert day.refusal(what, 1, "soon", happened_at=moment("13:13")) == (
            "1:13pm is still to come. Give a time that has passed, such as `--at 12:52pm`, or none."
        )
    with pytest.raises(UserError, match="1:13pm is still to come"):
        day.open(started_at=moment("13:13"))
    assert day.log.latest() == 1
    day.to("2026-11-24 00:10")
    soon = moment("2026-11-24 00:11")
    assert day.refusal("note", 1, "x", happened_at=soon).endswith('such as `--at "yesterday 11:50pm"`, or none.')


def test_an_incident_ends_after_it_began_and_after_it_was_reopened(day: Shift) -> None:
    day.open(started_at=moment("12:50"))
    assert day.refusal("resolve", 1, happened_at=moment("12:49")) == (
        "#1 began 12:50pm: it cannot be resolved before that. "
        "If it began earlier, type `!incident update 1 --started 12:49pm` first, with the time it did."
    )
    assert day.do("resolve", 1, happened_at=moment("12:55")).time_to_resolve == timedelta(minutes=5)
    assert day.refusal("reopen", 1, happened_at=moment("12:54")) == (
        "#1 was resolved 12:55pm: it cannot be reopened before that. Give a later --at, or none."
    )
    day.do("reopen", 1, happened_at=moment("13:05"))
    assert day.refusal("resolve", 1, happened_at=moment("13:00")) == (
        "#1 was reopened 1:05pm: it cannot be resolved before that. Give a later --at, or none."
    )


def test_an_incident_began_before_it_was_opened(day: Shift) -> None:
    day.open()
    day.forward(hours=1)
    assert day.refusal("update", 1, started_at=moment("13:30")) == (
        "#1 was opened 1:12pm, so it began by then. Give an earlier --started."
    )


def test_whoever_adds_nothing_is_asked_for_it(day: Shift) -> None:
    day.open()
    assert (
        day.refusal("update", 1, " ")
        == "What is new with #1? Type `!incident update 1 what you know --status identified`."
    )
    assert day.refusal("update", 1, status=Status.INVESTIGATING, owner=ALICE, severity=3) == (
        "#1 is investigating and is sev 3 and is alice's already. Type what is new: `!incident update 1 two sites now`."
    )
    assert day.refusal("note", 1) == "What is worth noting about #1? Type `!incident note 1 your words`."
    assert day.refusal("link", 1, "example.org") == ("There is no link in that. Type `!incident link 1 https://...`.")
    assert day.refusal("assign", 1, owner=ALICE) == (
        "#1 is alice's already. `!incident assign 1 @somebody` gives it to another."
    )


def test_an_end_without_a_word_is_told_by_the_note_behind_it(day: Shift) -> None:
    day.open()
    day.do("update", 1, "backlog grows at two sites")
    day.do("note", 1, "ticket is filed")
    assert day.do("resolve", 1).last_word == ""
    assert day.do("note", 1, "queue worker restarted").last_word == "queue worker restarted"
    assert day.do("note", 1, "vetext restarted the queue worker").last_word == "vetext restarted the queue worker"
    assert day.do("reopen", 1).last_word == "backlog grows at two sites"


def test_what_was_taken_back_is_no_word_of_it(day: Shift) -> None:
    day.open()
    day.do("update", 1, "backlog grows at two sites")
    day.do("resolve", 1, "restarted the broker")
    assert day.log.undo(1, 2, at=day.at, by=ALICE).last_word == "backlog grows at two sites"


def test_an_unknown_number_is_refused_with_the_latest(day: Shift) -> None:
    with pytest.raises(UserError) as refused:
        day.log.get(99)
    assert str(refused.value) == "There is no incident #99. None was opened yet."
    day.open()
    for attempt in (lambda: day.log.get(99), lambda: day.do("note", 99, "x"), lambda: day.do("note", 0, "x")):
        with pytest.raises(UserError, match=r"The latest is #1; `!incident list` shows what is open\.$"):
            attempt()
