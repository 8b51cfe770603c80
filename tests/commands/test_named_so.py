"""What is guessed of a sentence names what there is: people, subsystems, runbooks; else it is not offered."""

import pytest

from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.named_so import Known, known_so
from opsdesk.commands.reading import read

PEOPLE = ("alice", "bob", "charley", "kimball")
SUBJECTS = ("vista-api", "vista-spi", "sidekiq", "lorota", "chip", "bob", "charley")  # a slip is found, too
KNOWN = Known(
    is_somebody=lambda word: word.casefold() in PEOPLE,
    finds=lambda name, phrase: phrase.casefold() in SUBJECTS,
    is_subsystem=lambda phrase: phrase.casefold() in ("chip", "vista"),
    newest=lambda: 15,
)


def said(line: str) -> str:
    """What becomes of a line where only these are known."""
    meant = known_so(line, read(line), KNOWN)
    if isinstance(meant, Question):
        return "? " + " || ".join(one.shown.strip("`") for one in meant.offers)
    return f"{meant.name} {meant.text}".strip() if isinstance(meant, Reading) else "nothing"


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("what do i even check when vista-spi shits the bed", "runbook vista-spi"),
        ("guide for when sidekiq explodes", "runbook sidekiq"),
        ("somebody who understands charley's service?", "whois charley"),
        ("whois yell", "whois yell"),
        ("what do i do about the frobnicator", "runbook frobnicator"),
    ],
)
def test_what_is_shown_is_about_the_name_in_the_line_that_there_is(line: str, meant: str) -> None:
    assert said(line) == meant


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("14 -> chip", "? !incident update 14 --on chip"),
        ("12 belongs to chip", "? !incident update 12 --on chip"),
        ("12 belongs to bob", "? !incident assign 12 bob"),
        ("12 is slow not down", "? !incident update 12 is slow not down || !incident note 12 is slow not down"),
        ("Could bob and me exchange Thursday please, I already asked him", "? !oncall swap bob Thursday"),
        ("taking over from dev hes swamped", "? !oncall take"),
    ],
)
def test_what_is_offered_names_somebody_or_a_subsystem_that_there_is(line: str, offered: str) -> None:
    assert said(line) == offered


def test_what_only_shows_is_shown_where_the_rest_of_what_was_asked_names_nothing() -> None:
    assert said("hwo long has 12 been open") == "incident_show 12"


def test_a_number_that_no_incident_has_yet_is_none() -> None:
    opening = "kiosk in boise says 500 since noon, sev 2"
    assert said(opening) == f"? !incident open {opening}"
    assert said("the page gives 500 to everyone here") == "? !incident open the page gives 500 to everyone here"
    assert said("add to 500: two sites") == "incident_note 500 two sites"  # is told that there is none
