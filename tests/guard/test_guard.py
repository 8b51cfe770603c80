"""What comes from outside is fit to be stored and repeated, and otherwise as it was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk.chat.chat import Person, mention
from opsdesk.guard.guard import clean, disarm

KEPT = "it’s “down” — <b> & co\n\tשלום 🙂 👩\u200d👧 ❤\ufe0f e\u0301"


def test_everything_people_type_stays():
    assert clean(KEPT) == KEPT


def test_control_characters_go():
    assert clean("a\x00b\x1b[31mc\x7f\x85d") == "ab[31mcd"


def test_lines_end_in_one_way():
    assert clean("a\r\nb\rc\nd") == "a\nb\nc\nd"


def test_nobody_types_a_mention_into_the_desk_s_mouth():
    bob = Person(id="U02BOB", name="bob")
    assert clean(mention(bob)) == "U02BOB|bob"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("veteran 123-45-6789 cannot check in", "veteran [SSN] cannot check in"),
        ("ssn=123-45-6789,1012345678V123456", "ssn=[SSN],[ICN]"),
        ("123-\x0045-6789", "[SSN]"),
        ("123\u201145\u20116789 or 123–45–6789", "[SSN] or [SSN]"),
        ("icn 1012345678v123456.", "icn [ICN]."),
        ("call 202-555-0123 or mail bob@example.org", "call [phone] or mail [e-mail]"),
    ],
)
def test_private_data_is_masked(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "#123456789 at 10.0.0.1, 2026-11-23",
        "1-123-45-6789 and 123-45-67890 and 0123-45-6789 and 123-45-6789-1",
        "11012345678V123456 and 1012345678V1234567",
    ],
)
def test_other_numbers_stay(typed):
    assert clean(typed) == typed


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
