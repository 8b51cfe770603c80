"""A change behind a courtesy is done; one that is hedged, sighed over or taken back in the same line is asked about."""

import pytest

from opsdesk.commands import Risk
from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.reading import read
from tests.commands.stage import asked

CHANGES = (
    "close 12", "resolve 12 fixed", "ack 12", "take 12", "assign 12 to bob", "12 close", "12 ack", "sev 2 12",
    "12 sev 2", "incident close 12", "12 identified", "alerts ack 3", "merge 12 into 9", "escalate 12 to bob",
    "summary post", "post the summary", "shift accept", "swap bob friday", "watch off 1h deploy", "void 12",
)  # fmt: skip
TOLD = ("note 12 two sites", "update 12 two sites", "open chip is down", "handover watch chip")
COURTESIES = (
    "pls", "please", "hey desk", "hey", "ok", "ok,", "okay so", "and", "then", "so", "thanks,", "now", "desk,",
    "alright", "just", "also", "good morning", "great, now", "could you please", "lets",
)  # fmt: skip
SIGHS = (
    "oops", "wait,", "hm", "lol", "hold on,", "omg", "sorry", "damn", "ugh", "ah", "nope", "well,", "dude", "yikes",
)  # fmt: skip
HEDGES = (
    "maybe", "probably", "guess", "i thought", "almost", "nearly", "about to", "trying to", "could", "should", "why",
    "when", "if", "once", "after", "unless", "until", "before", "ok too", "can'", "oosp", "almsot", "shuold", "not",
)  # fmt: skip
DOUBTS = ("oops", "wait", ", hm", "hold on", "maybe", "i guess", "almost", "or not", "?", "not yet", "mabye", "im 5")


def is_done(typed: str) -> bool:
    meant = read(typed)
    return isinstance(meant, Reading) and meant.spoken.risk is not Risk.READS


@pytest.mark.parametrize("courtesy", COURTESIES)
def test_a_change_behind_a_courtesy_is_that_change(courtesy: str) -> None:
    for change in (*CHANGES, *TOLD):
        meant, alone = read(f"{courtesy} {change}"), read(change)
        assert isinstance(alone, Reading)
        assert (meant.name, meant.text) == (alone.name, alone.text), (courtesy, change)


@pytest.mark.parametrize("odd", [*SIGHS, *HEDGES])
def test_a_change_behind_a_sigh_or_a_hedge_is_not_done(odd: str) -> None:
    assert [change for change in CHANGES if is_done(f"{odd} {change}")] == []


@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_change_with_a_doubt_behind_it_is_not_done(doubt: str) -> None:
    assert [change for change in CHANGES if is_done(f"{change} {doubt}")] == []


@pytest.mark.parametrize(
    ("typed", "offer"),
    [
        ("oops close 12", "incident resolve 12"),
        ("ok too close 12", "incident resolve 12"),
        ("can' close 12", "incident resolve 12"),
        ("12 ack im 5", "incident ack #12"),
        ("oops, incident close 12", "incident resolve 12"),
        ("close 12, wait", "incident resolve 12"),
        ("omg open chip is down", "incident open chip is down"),
        ("12 almost close", "incident resolve 12"),
        ("sorry note 12 two sites", "incident note 12 two sites"),
        ("maybe handover watch chip", "summary note watch chip"),
        ("summary post?", "summary post"),
        ("close 12 n 13", "incident resolve 12"),
    ],
)
def test_what_is_asked_about_is_the_change_without_the_doubt(typed: str, offer: str) -> None:
    assert f"`!{offer}`" in asked(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "oops, reopen 12",
        "sorry undo",
        "undo, oops",
        "resolve 12 the vendor restarted all pods, texts are going out again i think",
        "note 12 maybe the vendor",
        "incident open wait times are wrong",
        "need to open an incident for btsss down",
        "pods restarted, closing 12",
    ],
)
def test_what_puts_it_right_and_what_is_text_is_done(typed: str) -> None:
    assert is_done(typed)


def test_a_bare_word_that_may_be_a_slip_is_asked_about() -> None:
    assert isinstance(read("now fixed"), Question)
