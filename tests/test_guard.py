"""What comes from outside is fit to be stored and repeated, and otherwise as it was typed."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from opsdesk.chat import Person, mention
from opsdesk.guard import clean, disarm

KEPT = "it’s “down” — <b> & co\n\tשלום \u200f 🙂 \u2066x\u2069 e\u0301"


def test_everything_people_type_stays():
    assert clean(KEPT) == KEPT


def test_control_characters_go():
    assert clean("a\x00b\x1b[31mc\x7f\x85d") == "ab[31mcd"


def test_lines_end_in_one_way():
    assert clean("a\r\nb\rc\nd") == "a\nb\nc\nd"


def test_nobody_types_a_mention_into_the_desk_s_mouth():
    bob = Person(id="U02BOB", name="bob")
    assert clean(mention(bob)) == "U02BOB|bob"


def test_half_a_character_that_no_file_can_hold_goes():
    assert clean("a\ud83db") == "ab"


def test_mentions_become_words():
    names = {"U02BOB": "bob", "W03EVE": "Eve Jones"}
    assert disarm("ask <@U02BOB>, <@W03EVE|eve> or <@nobody>", names.get) == "ask @bob, @Eve Jones or <@nobody>"


@given(st.text())
def test_what_is_clean_can_be_written_down_and_stays_clean(typed):
    cleaned = clean(typed)
    assert clean(cleaned) == cleaned
    assert cleaned.encode().decode() == cleaned
    assert all(letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs") for letter in cleaned)
