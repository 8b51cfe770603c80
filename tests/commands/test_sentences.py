"""Sentences as five different people type them in chat: what each is taken for, and what no change comes of."""

import re

import pytest

from opsdesk.commands import Risk
from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.reading import read
from tests.commands.stage import asked
from tests.conftest import ROOT

SENTENCES = ROOT / "tests" / "recordings" / "sentences"
JOINING = {
    "to",
    "the",
    "a",
    "an",
    "for",
    "on",
    "at",
    "of",
    "is",
    "it",
    "in",
    "about",
    "by",
    "into",
    "with",
    "that",
    "been",
}


def recorded(name: str) -> list[tuple[str, str]]:
    """Each phrasing of one person, and the readings that are right for it."""
    lines = (SENTENCES / name).read_text().splitlines()
    parted = [line.partition(" => ") for line in lines if line and not line.startswith("#")]
    return [(typed, meant) for typed, _, meant in parted]


def said_in(text: str) -> list[str]:
    """The words of a command's text without those that join them, however its numbers and options are written."""
    plain = re.sub(r"inc-|#|--", "", re.sub(r"\b(?:sev|p)\s?(\d)\b", r"sev \1", text.lower()))
    return sorted(word for word in re.findall(r"[\w'@-]+", plain) if word.strip("'@-") and word not in JOINING)


def is_right(meant: Reading | Question | None, expected: str) -> bool:
    """Whether it is one of the readings: "?" asks, "-" is none, "*" any text behind what stands before it."""
    return any(_is_this(meant, one.strip()) for one in expected.split(" || "))


def _is_this(meant: Reading | Question | None, expected: str) -> bool:
    if expected in ("?", "-"):
        return isinstance(meant, Question) if expected == "?" else meant is None
    name, _, text = (part.strip() for part in expected.partition("|"))
    if not isinstance(meant, Reading) or meant.name != name:
        return False
    if text.endswith("*"):
        return set(said_in(text[:-1])) <= set(said_in(meant.text))
    return said_in(text) == said_in(meant.text)


def misread(name: str, *, called: bool) -> dict[str, Reading | Question | None]:
    """What is not read as it was meant."""
    meant = {typed: read(typed, called=called) for typed, _ in recorded(name)}
    return {typed: meant[typed] for typed, expected in recorded(name) if not is_right(meant[typed], expected)}


def changes(meant: Reading | Question | None) -> bool:
    """Whether anything is changed."""
    return isinstance(meant, Reading) and meant.spoken.risk is not Risk.READS


@pytest.mark.parametrize("name", ["night.txt", "manager.txt", "second_language.txt", "shift.txt", "later_shift.txt"])
def test_nobody_types_again(name: str) -> None:
    assert list(misread(name, called=True)) == []


@pytest.mark.parametrize(
    ("name", "again"),
    [
        ("newcomer.txt", {"hi, do you know who is responsible for the check in front end"}),
        (
            "other_tools.txt",
            {
                "create ticket lorota 503s",
                "open p1s",
                "take ownership of 12",
            },
        ),
    ],
)
def test_few_type_again_who_were_not_looked_at_while_the_reading_was_made(name: str, again: set[str]) -> None:
    assert set(misread(name, called=True)) == again


@pytest.mark.parametrize(
    "typed",
    [
        "12 isn't fixed",
        "12 not fixed",
        "12 never got fixed",
        "12 cant be closed",
        "12 doesn't look resolved",
        "12 is unresolved",
        "12 is almost fixed",
        "12 will be fixed by 5pm",
        "12 waiting for fix",
        "12 isnt sev 1",
        "12 is not a sev 1",
        "12 fixed?",
        "12 for bob?",
        "after 12 is resolved we deploy",
        "bob should take 12",
        "can we close 12 or not",
        "close 12 and open a new one",
        "close 12 if vendor confirms",
        "close 12 once its done",
        "close 12?",
        "do not assign 12 to bob",
        "don't resolve 12 yet",
        "dont make 12 sev 1",
        "dont open an incident",
        "dont undo that",
        "have you closed 12",
        "hope 12 is fixed soon",
        "i fixed a typo in 12",
        "i might take 12",
        "i think 12 is fixed",
        "i wouldn't close 12",
        "i'll close 12 tomorrow",
        "if 12 gets worse make it sev 1",
        "if 12 is fixed tell bob",
        "is 12 done",
        "is 12 sev 1",
        "let me know when 12 is fixed",
        "maybe close 12",
        "never assign 12 to bob",
        "nobody has 12",
        "please dont ack 12",
        "reopen 12 if it comes back",
        "should 12 be sev 1",
        "should i close 12?",
        "should i open an incident for vista",
        "someone said 12 is fixed",
        "take 12?",
        "tell me when 12 is resolved",
        "there is no problem with vista",
        "waiting for bob to close 12",
        "we didnt close 12",
        "who closed 12",
        "why was 12 closed",
        "12 is fixed if the pods hold",
        "close 12 as soon as the vendor confirms",
        "resolve 12 assuming vista is up",
        "resolve 12 pending approval",
        "reopen 12 in case it fails again",
        "closed 12 of 40 tickets",
        "resolved 5 of the tickets",
        "12 is down for bob",
        "12 handed over by alice",
        "12 is not the same as 13",
        "dont add an action item to 12",
        "dont hand 12 over to bob",
        "dont make an incident out of alert 3",
        "dont open an incident for alert 3",
        "should we make an incident out of alert 3?",
        "dont put in the summary: vetext is slow",
        "for the summary: is vetext slow?",
        "the post: is it out",
        "dont skip the post on thursday",
        "did we skip the post",
        "dont quiet the watch",
        "dont take my shift tomorrow 2-4pm",
        "lorota not down, sev 1",
        "nothing broken",
    ],
)
def test_what_is_denied_asked_or_depends_on_something_changes_nothing(typed: str) -> None:
    for called in (True, False):
        assert not changes(read(typed, called=called))
        assert not changes(read(typed.upper(), called=called))


@pytest.mark.parametrize(
    "typed", ["ok thanks", "thanks!", "great, thank you", "lol", "nice work everybody", "good night"]
)
def test_talk_is_no_command(typed: str) -> None:
    assert read(typed, called=False) is None


@pytest.mark.parametrize(
    "answer",
    [
        "🔴 #1 Claims are slow\nsev 3 · opened by alice 1:12pm · owner alice",
        "🔴 #2 reopened: it is another one\nInvestigating, owner bob",
        "#1 Travel claims rejected · sev 3 · owner bob · open 2 days",
        "✅ #1 resolved after 3 minutes: gone",
        "*Incidents* 1 opened, 0 resolved, 0 carried over",
        "Recorded for today: check-ins completed 2000.",
        "#1 was acknowledged by alice 1:12pm already. `!incident update 1 ...` says what is new.",
        "1 open\n#1 vista is down · sev 3 · vista · owner alice",
        "Noted under Handing over: the next post is due 8:00pm.",
    ],
)
def test_an_answer_of_the_desk_that_is_pasted_changes_nothing(answer: str) -> None:
    assert not changes(read(answer, called=False))


@pytest.mark.parametrize(
    ("typed", "commands"),
    [
        ("skip the post on thursday, holiday", "`!summary skip thursday holiday`"),
        ("skip today's summary, nobody is on shift", "`!summary skip today nobody is on shift`"),
        ("12 and 13 are the same thing, merge 13 into 12", "`!incident merge 13 into 12`"),
        ("dup of 12, close 13", "`!incident merge 13 into 12`"),
        ("lorota down, sev 1", "`!incident open lorota down, sev 1`"),
        ("make an incident put of alert 3", "`!alerts open 3` or `!incident open put of alert 3`"),
    ],
)
def test_a_question_names_what_was_meant_with_its_text(typed: str, commands: str) -> None:
    assert asked(typed) == f"Did you mean {commands}? Type it like that."


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("open an incident from alert 3", "3"),
        ("create incident for alert 3 --sev 2", "3 --sev 2"),
        ("turn alert 3 into a sev 2 incident", "3 --sev 2"),
    ],
)
def test_an_incident_made_of_an_alert_is_that_alerts(typed: str, text: str) -> None:
    assert read(typed) == Reading("alerts_open", text)


def test_an_alert_in_a_title_is_a_part_of_it() -> None:
    assert read("open an incident: alert 3 was ignored") == Reading("incident_open", "alert 3 was ignored")


def test_a_question_keeps_the_sentence_as_it_was_typed() -> None:
    assert asked("we didnt close 12") == (
        "Did you mean `!incident update 12 we didnt close 12` or `!incident note 12 we didnt close 12`? "
        "Type it like that."
    )
    assert asked("12 isn't fixed") == (
        "Did you mean `!incident update 12 isn't fixed` or `!incident note 12 isn't fixed`? Type it like that."
    )
    assert asked("hope 12 is fixed soon") == (
        "Did you mean `!incident note 12 hope 12 is fixed soon`? Type it like that."
    )
