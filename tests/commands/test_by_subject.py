"""An incident that is named by its subject: found among the open ones, shown, or asked about with its number."""

from datetime import UTC, datetime

import pytest

from opsdesk.chat import Person, Place
from opsdesk.commands.by_subject import BY_NAME, by_subject, may_be_meant
from opsdesk.commands.by_subject import Place as Typed
from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.reading import read
from opsdesk.incidents import Entry, EntryKind, Incident, OpenSubjects, Severity
from tests.conftest import ROOT

LINES = (ROOT / "tests" / "recordings" / "phrasings.txt").read_text().splitlines()
ALICE = Person("U1", "alice")
AT = datetime(2026, 11, 23, 18, 12, tzinfo=UTC)
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
    ],
)
def test_what_changes_it_is_asked_about_with_its_number(line: str, command: str) -> None:
    assert said(line, own=14).replace(" or `!incident open rename the vista one to VistA down`", "") == asked(command)


def test_a_merge_names_both() -> None:
    for line in ("merge the texts one into vista", "texts is a dup of vista", "the texts one is the same as vista"):
        assert said(line) == "Did you mean `!incident merge 14 into 12`?"


def test_what_may_be_news_or_new_is_asked_about_as_both() -> None:
    assert said("still seeing timeouts on vista") == asked(
        "!incident update 12 still seeing timeouts on vista", "!incident open still seeing timeouts on vista"
    )
    assert said("the texts incident: delay is only 10 minutes") == asked(
        "!incident update 14 delay is only 10 minutes", "!incident note 14 delay is only 10 minutes"
    )


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
        "note two sites",
        "note bob looks at https://example.org/texts",
        "note `texts` is the name of it",
        "fourteen sites are back",
        "thanks",
    ],
)
def test_what_names_none_or_names_a_number_stays_as_it_is(line: str) -> None:
    meant, here = read(line), 12 if line == "note the texts one is related" else None
    before = meant.text if isinstance(meant, Question) else f"{meant.name} {meant.text}".strip() if meant else "nothing"
    assert said(line, here=here) == before.partition(" Type it like that")[0]


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


def test_a_command_typed_by_its_name_is_read_on_only_where_a_subject_may_matter() -> None:
    texts = [line.partition(" => ")[0].lstrip("!?") for line in LINES if " => " in line]
    behind = ("", " the vista one", " merge the texts one into vista", " the other one", " twelve", " texts?")
    lines = [f"{name} {text}{more}" for name in ("", *BY_NAME) for text in texts[::9] for more in behind]
    meant = {line: read(line) for line in lines}
    left_alone = [line for line in lines if not may_be_meant(line, meant[line])]
    known = OpenSubjects((VISTA, TEXTS), SUBSYSTEMS.get)
    assert len(left_alone) > len(lines) // 10
    assert [line for line in left_alone if by_subject(line, meant[line], known, Typed(12, 14, 12)) != meant[line]] == []
