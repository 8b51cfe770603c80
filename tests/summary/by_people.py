"""Evenings on which people change something: the team's files, the post itself, what is posted before its time."""

import random
from collections.abc import Iterator
from dataclasses import replace

from tests.summary.evenings import EIGHT, KNOWN, Evening, Outcome
from tests.summary.lives import Life

END = EIGHT + 900
EDITS = (
    ("counts.toml", "", "\n[counters"),
    ("counts.toml", "sum:vets_api", "som:vets_api"),
    ("rotation.toml", "", "\n[people"),
    ("contacts.toml", "", "\n]"),
    ("desk.toml", 'due = "8pm"', 'due = "9pm"'),
    ("desk.toml", 'due = "8pm"', 'due = "25pm"'),
    ("desk.toml", 'go_live = { id = "C02UP02HHGX"', 'go_live = { id = "C0OTHER"'),
)
TEXT = "we had a calm day"


def _life(end: float = END) -> Life:
    return Life(EIGHT - 300, end, opens=(EIGHT - 200, EIGHT - 30, EIGHT + 90), resolves=(EIGHT + 150,))


def _one_stands(outcome: Outcome) -> Iterator[str]:
    if len(outcome.posts) != 1:
        yield f"{len(outcome.posts)} posts stand, and not one"


def file_edited(chance: random.Random) -> Evening:
    """At 7:59pm or just before 8pm somebody changes one of the team's files, or breaks it."""
    edit = (EIGHT - chance.choice((60, 8, 1)), *chance.choice(EDITS))
    return Evening((KNOWN, replace(_life(), edits=(edit,))), name="file edited", within=3, wrong=_one_stands)


def moved(chance: random.Random) -> Evening:
    """After the post its time or its channel is changed, and the desk is started anew."""
    edit = chance.choice((EDITS[4], EDITS[6], ("desk.toml", 'due = "8pm"', 'due = "8:05pm"')))
    at = EIGHT + chance.choice((5, 60, 200))
    first = replace(_life(at + 2), edits=((at, *edit),), opens=(EIGHT - 200,), resolves=())
    then = Life(at + 10, EIGHT + 3700, opens=(at + 90,))
    return Evening((KNOWN, first, then), name="moved after the post", within=3, wrong=_one_stands)


def moved_on_the_way(chance: random.Random) -> Evening:
    """The desk is killed while it posts, and its channel is changed before it is started anew."""
    edit = (EIGHT - 60, *EDITS[6])
    life = replace(_life(), edits=(edit,), kill_at=chance.randint(0, 14), armed_at=EIGHT, opens=(EIGHT - 200,))
    then = Life(EIGHT + 5, END)
    return Evening((KNOWN, life, then), name="moved on the way", wrong=_in_one_channel, either=True)


def _in_one_channel(outcome: Outcome) -> Iterator[str]:
    if len(outcome.posts) + len(outcome.elsewhere) != 1:
        yield f"{len(outcome.posts)} posts stand in the old channel, {len(outcome.elsewhere)} in the new one"


def rewritten(chance: random.Random) -> Evening:
    """Somebody replaces the text of the post."""
    life = replace(_life(), opens=(EIGHT - 30, EIGHT + 200))
    rewrites = (EIGHT + chance.choice((3, 60, 150)), "summary:", TEXT)
    return Evening((KNOWN, life), name="post rewritten", rewrites=rewrites, within=3, wrong=_put_right)


def _put_right(outcome: Outcome) -> Iterator[str]:
    yield from _one_stands(outcome)
    if TEXT in outcome.text:
        yield "the post still says what somebody wrote into it"


def deleted_early(chance: random.Random) -> Evening:
    """What is posted by hand before its time is deleted: before 8pm seen or unseen, or at the very moment."""
    at = EIGHT - chance.choice((100, 2, 0))
    life = replace(_life(), by_hand=(EIGHT - 150,))
    return Evening((KNOWN, life), name="deleted early", deletes=(at, "summary:"), within=5, wrong=_one_stands)
