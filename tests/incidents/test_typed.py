"""What people type behind !incident, read: numbers, threads, and whatever else comes."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsdesk import guard
from opsdesk.chat.chat import Command, MessageRef, Person, Place
from opsdesk.errors import UserError
from opsdesk.incidents import IncidentDesk
from opsdesk.incidents.incident import Status
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.typed import COMMANDS, IncidentReader
from opsdesk.plugin import MISTAKE
from opsdesk.store import Unreadable
from tests.incidents.stage import ALICE, BOB, HERE, Shift, moment, shift
from tests.oncall.stage import EASTERN
from tests.talk import Conversation

THREAD = f"{moment('13:12').timestamp():.6f}"


def subsystem(named: str) -> str:
    if named.casefold() not in ("vista", "vista-api"):
        raise UserError(f"{named} is not a subsystem I know.")
    return "vista"


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Shift]:
    """Three incidents, the second with a thread of its own."""
    with shift(tmp_path) as stage:
        for title in ("Claims rejected", "VistA timeouts", "Reminders late"):
            stage.open(title)
        stage.log.place(2, MessageRef(HERE.room, THREAD))
        yield stage


@pytest.fixture
def read(day: Shift) -> IncidentReader:
    people = {"@bob": BOB, "bob": BOB, "<@U0BOB>": BOB}
    return IncidentReader(day.log, EASTERN, people.get, subsystem)


def said(text: str, thread: str = "", by: Person = ALICE, ts: str = "") -> Command:
    return Command(text, by, Place(HERE.room, HERE.name, thread), moment("15:00"), ts)


def which(read: IncidentReader, text: str, thread: str = "") -> tuple[int, str]:
    return read.which(said(text, thread), "update")


@pytest.mark.parametrize("number", ["3", "#3", "INC-3", "inc-3", "3:", "#3,"])
def test_a_number_names_an_incident_anywhere(read: IncidentReader, number: str) -> None:
    assert which(read, f"{number} two sites") == (3, "two sites")


@pytest.mark.parametrize("text", ["two sites", "688 is down", "42 sites are down", "2nd site"])
def test_in_an_incidents_thread_the_number_may_be_left_out(read: IncidentReader, text: str) -> None:
    assert which(read, text, THREAD) == (2, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [("2 two sites", (2, "two sites")), ("#3 two sites", (3, "two sites")), ("3", (3, "")), ("", (2, ""))],
)
def test_in_a_thread_a_number_may_still_be_given(read: IncidentReader, text: str, found: tuple[int, str]) -> None:
    assert which(read, text, THREAD) == found


def test_in_a_thread_a_number_that_could_be_a_word_is_asked_about(read: IncidentReader) -> None:
    with pytest.raises(UserError) as refused:
        which(read, "3 sites are down", THREAD)
    assert str(refused.value) == (
        "3 may be an incident or a word: `!incident update #3 sites are down` or "
        "`!incident update #2 3 sites are down`? Type the one you mean."
    )
    assert which(read, "#2 3 sites are down", THREAD) == (2, "3 sites are down")


def test_in_a_thread_numbers_behind_its_own_are_words_unless_signed(read: IncidentReader) -> None:
    assert read.entry(said("#2 3 sites are back", THREAD), "resolve").change.text == "3 sites are back"
    with pytest.raises(UserError) as refused:
        read.entry(said("#2 #3 are over", THREAD), "resolve")
    assert str(refused.value) == (
        "One at a time: `!incident resolve 2 are over`, then the same for #3. "
        "A number in your text goes into `backticks`."
    )


def test_elsewhere_a_missing_number_lists_what_is_open(read: IncidentReader, day: Shift) -> None:
    day.do("resolve", 3)
    with pytest.raises(UserError) as refused:
        which(read, "two sites", "1.0")
    assert (
        str(refused.value)
        == "Which incident? Type `!incident update 1 two sites`\n#1 Claims rejected\n#2 VistA timeouts"
    )


def test_a_missing_number_lists_no_more_than_ten(read: IncidentReader, day: Shift) -> None:
    for _ in range(9):
        day.open("x" * 200)
    with pytest.raises(UserError) as refused:
        which(read, "two sites")
    lines = str(refused.value).splitlines()
    assert (len(lines), lines[-1]) == (12, "and 2 more: `!incident list`")
    assert len(str(refused.value)) < 3500


def test_an_opening_is_a_title_a_text_and_options(read: IncidentReader) -> None:
    told = read.opening(said("Down --sev 1,\n--on VistA-API\ntwo sites --owner me --at 12:50pm", ts="1.5"))
    assert (told.title, told.text, told.severity) == ("Down", "two sites", 1)
    assert (told.subsystem, told.owner, told.source) == ("vista", ALICE, "C0GOLIVE/1.5")
    assert (told.started_at, told.happened_at) == (moment("12:50"), None)


def test_an_update_sets_what_its_options_say(read: IncidentReader) -> None:
    options = '--status Monitoring --owner <@U0BOB> --at 2pm --started noon --title "It is down" --reporter “site 688”'
    about = read.update(said(f"2 {options} two sites"))
    assert (about.number, about.change.text, about.change.status) == (2, "two sites", Status.MONITORING)
    assert (about.change.owner, about.change.title, about.change.reported_by) == (BOB, "It is down", "site 688")
    assert (about.change.happened_at, about.change.started_at) == (moment("14:00"), moment("12:00"))


def test_an_assignment_names_somebody_and_may_say_more(read: IncidentReader) -> None:
    about = read.assignment(said("@bob, please look --at 2pm", THREAD))
    assert (about.number, about.change.owner, about.change.text) == (2, BOB, "please look")
    with pytest.raises(UserError, match=r'^I know nobody called "@eve"\. Type the name as @bob'):
        read.assignment(said("2 @eve"))


@pytest.mark.parametrize(
    ("text", "thread", "found"),
    [
        ("3", "", (3, 0)),
        ("3 all", "", (3, 1)),
        ("3 all 4", "", (3, 4)),
        ("3 page 2", "", (3, 2)),
        ("", THREAD, (2, 0)),
        ("all", THREAD, (2, 1)),
    ],
)
def test_what_to_show(read: IncidentReader, text: str, thread: str, found: tuple[int, int]) -> None:
    assert read.shown(said(text, thread)) == found


def test_what_to_export(read: IncidentReader) -> None:
    assert read.exported(said("#3")) == 3
    assert read.exported(said("", THREAD)) == 2
    assert read.exported(said("2026-11"))[1].isoformat() == "2026-11-30"  # type: ignore[index]


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "--sev 2",
                "—on vista",
                "sev=1",
                "--at yesterday 4:10pm",
                "--owner @bob",
                "--status resolved",
                "--x",
                "1",
                "#2",
            ]
        ),
        st.text(alphabet="ab'\"“” \n\t-—=`#12<>&@!:*_םش😀\u202e\u200d", max_size=12),
        st.text(max_size=10),
    ),
    max_size=6,
).map(" ".join)
# The bot is the same for every run: what one leaves behind is as good a start for the next.
RUNS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@RUNS
@given(command=st.sampled_from((*COMMANDS, "", "lists")), text=PIECES)
def test_whatever_is_typed_is_answered_in_one_message_and_never_with_an_error(
    talk: Conversation, command: str, text: str
) -> None:
    answer = talk(f"!incident {command} {text}")
    assert answer
    assert MISTAKE not in answer
    assert len(answer) < 3500


@RUNS
@given(text=st.text(min_size=1, max_size=300))
def test_a_note_comes_back_as_it_was_typed(talk: Conversation, text: str) -> None:
    plugin: Any = talk.plugin("incidents")
    log: IncidentLog = plugin.log
    if not log.latest():
        talk("!incident open VistA timeouts")
    before = log.get(1).entries
    answer = talk(f"!incident note 1 `x`{text}")
    expected = guard.clean(f"`x`{text}").strip()
    if answer == "#1 noted.":
        assert log.get(1).entries[-1].text == expected
    else:
        assert log.get(1).entries == before
        assert "--" in text or "—" in text or "–" in text or "=" in text


def test_what_a_command_is_about_is_nothing_while_the_store_cannot_be_asked() -> None:
    class Away:
        def by_thread(self, room: str, thread: str) -> None:
            raise Unreadable("The database cannot be reached.")

    desk = cast(IncidentDesk, SimpleNamespace(log=Away()))
    assert IncidentDesk.meant_in(desk, "C1", "", "incident update two sites") == ()
