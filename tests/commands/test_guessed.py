"""What a line is likeliest to mean that is not surely understood, by how like it is to examples of what people say."""

import pytest

from opsdesk.commands import SPOKEN, Risk
from opsdesk.commands.guesses.filled import filled
from opsdesk.commands.guesses.likeness import EXAMPLES, TALK, Example, Likeness, likeness
from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.put_right.digits import in_digits
from opsdesk.commands.reading import read
from opsdesk.commands.sentences.sentence import Sentence
from tests.commands.stage import asked
from tests.conftest import ROOT

HEADS = [line for line in EXAMPLES.splitlines() if line.startswith("!") or line == TALK]
SAID = [line for line in EXAMPLES.splitlines() if line and not line.startswith(("#", "!", TALK)) and ":" not in line]

LIKELY = (ROOT / "tests" / "recordings" / "sentences" / "likely.txt").read_text().splitlines()


@pytest.mark.parametrize(("typed", "first"), [line.split(" => ") for line in LIKELY if not line.startswith("#")])
def test_what_is_likely_is_shown_or_asked_about_first(typed: str, first: str) -> None:
    meant, (name, _, text) = read(typed), first.partition(" |")
    best = meant.offers[0] if isinstance(meant, Question) else meant
    assert best is not None
    assert (best.name, best.text) == (name, text.strip())


def test_the_examples_are_of_commands_that_there_are() -> None:
    assert {head.removeprefix("!").replace(" ", "_") for head in HEADS} <= {TALK, *SPOKEN}
    assert len(HEADS) == len(set(HEADS))


@pytest.mark.parametrize("said", SAID[::9])
def test_an_example_makes_no_other_change_than_it_is_an_example_of(said: str) -> None:
    meant, best = read(said), likeness().ranked(Sentence(said))[0].name
    if isinstance(meant, Reading) and meant.spoken.risk is not Risk.READS:
        assert meant.name == best


def test_what_is_said_for_a_command_is_likest_to_it() -> None:
    known = Likeness(
        [
            Example("oncall", "who has the pager"),
            Example("oncall", "who is on duty"),
            Example("summary_post", "send the message out"),
            Example("summary_post", "send it early today"),
        ]
    )
    assert [one.name for one in known.ranked(Sentence("who's got the pager"))] == ["oncall", "summary_post"]
    assert known.ranked(Sentence("please send it out"))[0].name == "summary_post"
    assert {one.score for one in known.ranked(Sentence("vista"))} == {0.0}
    assert known.knows("sending")
    assert known.is_said_for("summary_post", "sends")
    assert not known.is_said_for("oncall", "sends")


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("we need charley on 14, chip's throwing 401s", "`!incident escalate 14 to charley chip's throwing 401s`"),
        ("same thing as 12, that 14, merge em", "`!incident merge 12 into 14`"),
        ("quit nagging me on 14 for an hour", "`!incident snooze 14 for an hour`"),
        ("no count warnings until 6, we're load testing", "`!watch off until 6 we're load testing`"),
        ("maintenance finished, go back to watching", "`!watch on`"),
        ("twelve was a false alarm, bin it", "`!incident void 12 bin it`"),
        ("someone sit in 2 to 3? kid pickup", "`!oncall cover from 2 to 3pm`"),
        ("that was the wrong one, put it back please", "`!undo`"),
        (
            "every claim bounces, start one for that pls",
            "`!incident open every claim bounces`",
        ),
    ],
)
def test_what_changes_anything_is_asked_about_with_all_that_is_named(typed: str, command: str) -> None:
    assert asked(typed).startswith(f"Did you mean {command}")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("how quick were we this week", Reading("incident_metrics", "this week")),
        ("the rota for the coming seven days", Reading("oncall_week", "")),
        ("whatve we got for handover", Reading("summary_notes", "")),
        ("shane's not picking up, who else", Reading("whois_escalate", "shane")),
    ],
)
def test_what_is_only_shown_is_shown_where_nothing_else_is_near(typed: str, meant: Reading) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize("typed", ["ugh, vista", "cool, ta", "what a long week", "nice work on that everybody"])
def test_talk_is_answered_with_nothing(typed: str) -> None:
    assert read(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "dont ping charley yet",
        "we are not skipping friday's post",
        "if alert 2 fires again we open one",
        "never page bob",
    ],
)
def test_what_is_denied_or_depends_is_offered_as_no_change_of_its_own(typed: str) -> None:
    meant = read(typed)
    offered = [one.name for one in meant.offers] if isinstance(meant, Question) else []
    assert "incident_escalate" not in offered
    assert not isinstance(meant, Reading) or meant.spoken.risk is Risk.READS


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("Twelve fixed at 635", "12 fixed at 635"),
        ("add to fourteen: two sites", "add to 14: two sites"),
        ("alert one's sorted", "alert 1 is sorted"),
        ("bump it to sev one until five", "bump it to sev 1 until 5"),
        ("the other two are fine for two hours", "the other two are fine for two hours"),
        ("one of nine clinics", "one of nine clinics"),
        ("get bob for 9, no one picks up", "get bob for 9, no one picks up"),
        ("close twenty-one, restarted", "close 21, restarted"),
        ("forty two is fixed", "42 is fixed"),
    ],
)
def test_numbers_in_words_are_digits_where_they_count_nothing(typed: str, digits: str) -> None:
    assert in_digits(typed) == digits


def test_a_number_in_words_makes_no_change_by_itself() -> None:
    assert asked("Twelve fixed at 635") == "Did you mean `!incident resolve #12 at 635`? Type it like that."


@pytest.mark.parametrize(
    ("name", "said", "text"),
    [
        ("incident_note", "jot on 9 that the RCA doc is in the drive", "9 RCA doc is in the drive"),
        ("incident_resolve", "they restarted it, 12 is over", "12 they restarted it"),
        ("incident_assign", "Bob's handling 12 from here", "12 Bob"),
        ("incident_assign", "12 should go to me", "12 me"),
        ("incident_merge", "one problem, 12", None),
        ("incident_link", "graph for 12 https://example.org/d", "12 https://example.org/d"),
        ("alerts_mute", "I'm sick of alert 3", "3 ..."),
        ("stats_record", "put in 1,802 pre checkins clicked yesterday", "yesterday pre-check-ins clicked 1802"),
        ("summary_note", "leave word for the next shift that texts are late", "texts are late"),
        ("traces", "what fails in lorota over the last 30 mins", "lorota in last 30 mins"),
        ("report", "what came of our last sprint", "sprint"),
        ("oncall_swap", "I am away, nothing more", None),
        ("incident_open", "declare vista logins hanging in ohio", "vista logins hanging in ohio"),
        ("incident_open", "raise another new ticket, chip drops tokens", "chip drops tokens"),
        (
            "stats_record",
            "by hand: clicked 90 done 80 pre 70 completed 60",
            "check-ins clicked 90, check-ins completed 80, pre-check-ins clicked 70, pre-check-ins completed 60",
        ),
    ],
)
def test_a_command_is_filled_with_what_is_said(name: str, said: str, text: str | None) -> None:
    assert filled(Sentence(said), name) == text
