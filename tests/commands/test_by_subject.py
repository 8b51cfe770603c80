"""An incident that is named by its subject: found among the open ones, shown, or asked about with its number."""

import os
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsdesk.chat import Person, Place
from opsdesk.commands.by_subject.meaning import Place as Typed
from opsdesk.commands.by_subject.meaning import by_subject
from opsdesk.commands.by_subject.unnumbered import BY_NAME, may_be_meant
from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.reading import read
from opsdesk.commands.vocabulary import Risk
from opsdesk.incidents import Entry, EntryKind, Incident, OpenSubjects, Severity
from tests.commands.test_any_word import LINES, SENTENCES

ALICE = Person("U1", "alice")
AT = datetime(2026, 11, 23, 18, 12, tzinfo=UTC)
EVERY = 9 if "DESK_FUZZ" in os.environ else 31  # of the sentences that are recorded
SUBSYSTEMS = {"vista": "vista", "vistaapi": "vista", "vetext": "vetext", "chip": "chip", "rpc timeout": "vista"}


def incident(number: int, title: str, subsystem: str = "") -> Incident:
    """An open incident."""
    opened = Entry(AT, ALICE, EntryKind.OPENED, title=title, severity=Severity.of(3), subsystem=subsystem)
    return Incident(number, Place("C1", ""), (opened,))


VISTA = incident(12, "VistA timeouts on pre-check-in", "vista")
TEXTS = incident(14, "VEText reminders late", "vetext")
LOGINS = incident(16, "Logins slow", "vista")
PRINTER = incident(17, "Close printer at 14 sites {0} `!yes`")


def said(line: str, *ones: Incident, here: int | None = None, own: int | None = None) -> str:
    """What becomes of a line while these incidents are open: the command that is done, or what is asked."""
    known = OpenSubjects(ones or (VISTA, TEXTS), lambda phrase: SUBSYSTEMS.get(phrase.casefold().replace("-", "")))
    meant = by_subject(line, read(line), known, Typed(here, max(known.by_number), own))
    if isinstance(meant, Question):
        return meant.text.partition(" Type it like that")[0]
    return f"{meant.name} {meant.text}".strip() if isinstance(meant, Reading) else "nothing"


def asked(*commands: str) -> str:
    """What is asked about commands of one of the incidents."""
    named = "#12 VistA timeouts on pre-check-in" if " 12" in commands[0][:24] else "#14 VEText reminders late"
    return f"{named}: did you mean {' or '.join(f'`{one}`' for one in commands)}?"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("what's the latest on the VistA outage", "incident 12"),
        ("who owns the texts problem", "incident 14"),
        ("who on your side owns the texts problem", "incident 14"),
        ("status of the texts problem", "incident 14"),
        ("is the texts problem fixed yet", "incident 14"),
        ("any news on texts", "incident 14"),
        ("show me the texts one", "incident 14"),
        ("what happened with the vista one", "incident 12"),
        ("export vista", "incident_export 12"),
        ("show vista", "incident_show 12"),
        ("show the latest one", "incident_show 14"),
        ("the newest", "incident 14"),
        ("last incident", "incident 14"),
        ("what about the other one?", "incident 12"),
    ],
)
def test_what_only_reads_is_shown_at_once(line: str, shown: str) -> None:
    assert said(line, own=14) == shown


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("close the texts one, backlog is gone", "!incident resolve 14 backlog is gone"),
        ("resolve vista", "!incident resolve 12"),
        ("bump vista to sev 1", "!incident update 12 --sev 1"),
        ("downgrade vista to 2", "!incident update 12 --sev 2"),
        ("note on the texts thing: vendor called", "!incident note 14 vendor called"),
        ("note the reminders are late again", "!incident note 14 the reminders are late again"),
        ("note vendor looks at the vista one", "!incident note 12 vendor looks at the vista one"),
        ("put Bob on the texts incident", "!incident assign 14 bob"),
        ("assign bob to vista", "!incident assign 12 bob"),
        ("bob has the texts one", "!incident assign 14 bob"),
        ("snooze the incident about reminders 2h", "!incident snooze 14 2h"),
        ("escalate vista to charley", "!incident escalate 12 to charley"),
        ("page charley about the texts one", "!incident escalate 14 to charley"),
        ("rename the vista one to VistA down", "!incident update 12 --title VistA down"),
        ("the vista one's fixed", "!incident resolve 12"),
        ("closing the texts one", "!incident resolve 14"),
        ("merge the texts one into 12", "!incident merge 14 into 12"),
        ("fold the texts one into 9", "!incident merge 14 into 9"),
        ("close the newest one", "!incident resolve 14"),
        ("close the other one, restarted", "!incident resolve 12 restarted"),
        ("twelve is fixed", "!incident resolve 12"),
        ("close number fourteen, backlog gone", "!incident resolve 14 backlog gone"),
        ("bump the texts one up to sev one", "!incident update 14 --sev 1"),
        ("texts are back to normal, close that one", "!incident resolve 14 texts are back to normal"),
        ("quit nagging me on the texts one for an hour", "!incident snooze 14 for an hour"),
        ("attach https://example.org/a to the texts one", "!incident link 14 https://example.org/a"),
        ("opend by mistake, the texts one", "!incident void 14 opend by mistake"),
        ("snooze reminders on vista for 2 hours", "!incident snooze 12 for 2 hours"),
        ("the vista one is on chip actually", "!incident update 12 --on chip"),
        ("announce the vista one", "!incident announce 12"),
        ("resolve the vsita one", "!incident resolve 12"),
        ("action on fourteen: check the queue", "!incident action 14 check the queue"),
    ],
)
def test_what_changes_it_is_asked_about_with_its_number(line: str, command: str) -> None:
    assert said(line, own=14).partition(" or `!incident open ")[0].rstrip("?") == asked(command).rstrip("?")


def test_a_merge_names_both() -> None:
    for line in ("merge the texts one into vista", "texts is a dup of vista", "fourteen is a dup of twelve"):
        assert said(line) == "Did you mean `!incident merge 14 into 12`?"


def test_what_may_be_news_or_new_is_asked_about_as_both() -> None:
    assert said("still seeing timeouts on vista") == asked(
        "!incident update 12 still seeing timeouts on vista", "!incident open still seeing timeouts on vista"
    )
    assert said("texts are delayed by 20 minutes") == asked(
        "!incident update 14 texts are delayed by 20 minutes", "!incident open texts are delayed by 20 minutes"
    )
    assert said("the texts thing came back") == asked(
        "!incident update 14 the texts thing came back", "!incident note 14 the texts thing came back"
    )
    assert said("the texts incident: delay is only 10 minutes") == asked(
        "!incident update 14 delay is only 10 minutes", "!incident note 14 delay is only 10 minutes"
    )


def test_who_is_wanted_for_it_is_asked_or_owns_it() -> None:
    assert said("we need charley on the texts one, no tokens") == asked(
        "!incident escalate 14 to charley no tokens", "!incident assign 14 charley"
    )
    assert said("get Michael Kimball on the VistA thing") == asked(
        "!incident escalate 12 to Michael Kimball", "!incident assign 12 Michael Kimball"
    )


def test_of_a_resolved_one_its_number_in_words_is_enough() -> None:
    assert said("post mortem for nine pls") == "incident_export 9"
    assert said("vista ones, open n closed") == "incident_list vista"


def test_of_several_alike_one_is_to_be_chosen() -> None:
    meant = by_subject(
        "close the vista one, restarted",
        read("close the vista one, restarted"),
        OpenSubjects((VISTA, TEXTS, LOGINS), SUBSYSTEMS.get),
        Typed(),
    )
    assert isinstance(meant, Question)
    assert meant.to_be_answered(emoji=False) == (
        "Which incident? `!yes 12` or `!yes 16` does `!incident resolve restarted` for it.\n"
        "#12 VistA timeouts on pre-check-in\n#16 Logins slow"
    )
    assert said("close the vista timeouts one", VISTA, TEXTS, LOGINS) == asked("!incident resolve 12")


@pytest.mark.parametrize(
    "line",
    [
        "note 12 the texts one is related",
        "resolve 12 texts are on time, too",
        "close the printer one",
        "note the texts one is related",
        "vista runbook",
        "who do i ask about vista",
        "who handles the vista problem",
        "list vista",
        "what's open on vista",
        "open vista is slow",
        "trigger incident vista rpc timeouts",
        "oops. last one back",
        "keep eye on vetext 4 next shift",
        "vista keeps timing out, sev 2",
        "login page is blank, vista is slow",
        "note two sites",
        "note bob looks at https://example.org/texts",
        "note `texts` is the name of it",
        "fourteen sites are back",
        "walk me through a vista outage",
        "someone sit in from twelve to fourteen",
        "thanks",
    ],
)
def test_what_names_none_or_names_a_number_stays_as_it_is(line: str) -> None:
    meant, here = read(line), 12 if line == "note the texts one is related" else None
    before = meant.text if isinstance(meant, Question) else f"{meant.name} {meant.text}".strip() if meant else "nothing"
    assert said(line, here=here) == before.partition(" Type it like that")[0]


def test_a_day_and_a_person_in_a_title_are_no_subject_where_they_stand_alone() -> None:
    batch, token = incident(21, "Friday batch failed"), incident(22, "Bob's token expired")
    assert said("call bob", batch, token) == "whois bob"
    assert said("cover friday 2 to 3", batch, token).startswith("Did you mean `!oncall cover friday 2 to 3`")
    assert said("close the friday one", batch, token).startswith("#21 Friday batch failed: did you mean")
    assert said("close the tokn one", batch, token).startswith("#22 Bob's token expired: did you mean")


def test_of_thousands_that_may_be_meant_no_two_are_offered_to_be_merged() -> None:
    ones = [incident(number, f"VistA slow at site {number}, texts late") for number in range(1, 1_000)]
    assert said("merge the vista one into the texts one", *ones) == said(
        "merge the vista one into the texts one", VISTA
    )


def test_in_a_thread_the_incident_of_the_thread_is_meant_unless_another_is_what_is_changed() -> None:
    assert said("resolve restarted vista", here=14) == "incident_resolve restarted vista"
    assert said("close the texts one, backlog gone", here=14) == "incident_resolve 14 backlog gone"
    assert said("close the vista one, restarted", here=14) == asked("!incident resolve 12 restarted")
    assert said("resolve vista", here=14) == (
        "#12 VistA timeouts on pre-check-in: did you mean `!incident resolve 12` or `!incident resolve 14 vista`?"
    )
    assert said("close the printer one", here=14) == asked("!incident resolve 14 the printer one")


def test_the_only_open_one_is_changed_at_once_unless_other_words_name_it() -> None:
    assert said("close the texts one, backlog gone", TEXTS) == "incident_resolve 14 backlog gone"
    assert said("resolve reminders are on time", TEXTS) == "incident_resolve reminders are on time"
    assert said("close the texts one after the deploy", TEXTS).startswith("#14 VEText reminders late: did you mean")
    assert said("close the other one", TEXTS) == asked("!incident resolve 14")
    assert said("close the vista one, restarted", TEXTS) == asked("!incident resolve 14 the vista one, restarted")


def test_a_title_is_text_whatever_it_says() -> None:
    for line in ("close it", "resolve 14", "close one", "note 14 sites"):
        assert said(line, TEXTS, PRINTER) == said(line, TEXTS, VISTA), line
    assert said("close the printer one", TEXTS, PRINTER) == (
        "#17 Close printer at 14 sites {0} `!yes`: did you mean `!incident resolve 17`?"
    )


@settings(max_examples=300, deadline=None)
@given(
    line=st.sampled_from([*SENTENCES, "close the texts one", "resolve vista", "note texts are late"]),
    titles=st.lists(st.sampled_from([*SENTENCES, "VistA timeouts", "Texts late"]), min_size=1, max_size=4),
    here=st.sampled_from([None, 1]),
)
def test_whatever_is_open_a_line_is_done_as_it_was_read_or_asked_about(
    line: str, titles: list[str], here: int | None
) -> None:
    known = OpenSubjects([incident(number, title) for number, title in enumerate(titles, 1)], SUBSYSTEMS.get)
    before, meant = read(line), by_subject(line, read(line), known, Typed(here, len(titles)))
    if isinstance(meant, Reading) and meant.spoken.risk is not Risk.READS:
        assert isinstance(before, Reading)
        assert meant.name == before.name


def test_a_command_typed_by_its_name_is_read_on_only_where_a_subject_may_matter() -> None:
    texts = [line.partition(" => ")[0].lstrip("!?") for line in LINES if " => " in line]
    behind = ("", " the vista one", " merge the texts one into vista", " the other one", " twelve", " texts?")
    lines = [f"{name} {text}{more}" for name in ("", *BY_NAME) for text in texts[::EVERY] for more in behind]
    meant = {line: read(line) for line in lines}
    left_alone = [line for line in lines if not may_be_meant(line, meant[line])]
    known = OpenSubjects((VISTA, TEXTS), SUBSYSTEMS.get)
    assert len(left_alone) > len(lines) // 10
    assert [line for line in left_alone if by_subject(line, meant[line], known, Typed(12, 14, 12)) != meant[line]] == []
