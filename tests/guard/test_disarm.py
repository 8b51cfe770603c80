"""Text from outside plays nobody else: not a line of the desk's, not a person, not a formula."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk import guard
from opsdesk.guard.disarm import LONGEST_NAME, without_blank_lines

UNSEEN = "\u202e\u2066\u200b\u200e\u061c\u2060\ufeff\u00ad\u034f\u3164\U000e0041\ufe01"


@pytest.mark.parametrize("letter", UNSEEN)
def test_what_nobody_sees_goes(letter):
    assert guard.legible(f"not {letter}resolved{letter}") == "not resolved"


@pytest.mark.parametrize(
    "words",
    [
        "שלום עולם",
        "שָׁלוֹם",
        "مرحبا بالعالم",
        "می‌خواهم",
        "क्‍ष हिन्दी",
        "ไทยน้ำ",
        "Tiếng Việt",
        "👩‍👩‍👧 👍🏽 ❤️ 1️⃣ 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    ],
)
def test_words_of_every_script_and_emoji_stay_as_they_are(words):
    assert guard.legible(words) == words
    assert guard.clean(words) == words


def test_a_letter_keeps_four_of_the_marks_piled_on_it():
    assert guard.legible("e" + "\u0301\u0316" * 200 + "x") == "e\u0301\u0316\u0301\u0316x"


def test_every_end_of_a_line_is_one():
    assert guard.legible("a\r\nb\u2028c\u2029d") == "a\nb\nc\nd"
    assert guard.one_line("a\u2028b\n\n c\x1e d") == "a b c d"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("VistA *is fine*: *resolved*", "VistA ∗is fine∗: ∗resolved∗"),
        ("_all_ of ~it~ and ***both***", "ˍallˍ of ∼it∼ and ∗∗∗both∗∗∗"),
        ("an open *mark", "an open ∗mark"),
        ("a fence ```\n*Counts*\n```", "a fence ˋˋˋ ∗Counts∗ ˋˋˋ"),
        ("one ` tick", "one ˋ tick"),
        ("two\nlines\u2028or\rthree", "two lines or three"),
    ],
)
def test_nothing_in_a_text_makes_bold_or_a_line(typed, shown):
    assert guard.plain(typed) == shown


@pytest.mark.parametrize(
    "typed",
    ["snake_case_name, 2*3*4, ~ 5 * 6", "run `!incident list __all__` now", "see https://vista.example/_search_?q=*x*"],
)
def test_names_code_and_addresses_stay(typed):
    assert guard.plain(typed) == typed


@given(st.text("*_~` ab\n.:", max_size=30))
def test_no_mark_of_a_text_pairs_with_one_of_the_desk_s(typed):
    shown = f"• #1 {guard.plain(typed)}: *resolved*"
    assert shown.count("*resolved*") == 1
    assert "```" not in shown
    for mark in "*_~":
        edges = [at for at, letter in enumerate(shown[: -len("*resolved*")]) if letter == mark]
        inside = [at for at, letter in enumerate(shown) if letter == "`"]
        assert all(in_word(shown, at) or alone(shown, at) or within(inside, at) for at in edges)


def in_word(text, at):
    return text[at - 1].isalnum() and text[at + 1].isalnum()


def alone(text, at):
    """Whether blanks, or other marks with blanks around them, stand on both sides."""
    return text[at - 1].isspace() and text[at + 1].isspace()


def within(ticks, at):
    return any(start < at < end for start, end in zip(ticks[::2], ticks[1::2], strict=False))


def test_no_line_of_a_long_text_is_taken_for_the_desk_s():
    assert guard.indented("fine\n1:15pm alice resolved it\n\n*Counts*") == (
        "fine\n┊ 1:15pm alice resolved it\n┊ \n┊ *Counts*"
    )


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("alice\n1:15pm bob resolved it", "alice 1:15pm bob resolved it"),
        ("alice (app)", "alice"),
        ("alice (App) (app)", "alice"),
        ("\u202ealice\u2066", "alice"),
        ("*alice*", "∗alice∗"),
        ("a" * 200, "a" * LONGEST_NAME),
        ("\u200b\u3164", "U01"),
        ("", "U01"),
        ("René Müller", "René Müller"),
        ("אליס", "אליס"),
    ],
)
def test_a_name_is_a_name(called, name):
    assert guard.name(called, "U01") == name


def test_an_app_is_named_as_one():
    assert guard.app_name("alice", "B01") == "alice (app)"
    assert guard.app_name("", "B01") == "B01 (app)"


@pytest.mark.parametrize(
    ("typed", "cell"),
    [
        ("=1+1", "'=1+1"),
        (" \t=1+1", " \t'=1+1"),
        ("\t=1", "'\t'=1"),
        ("a;=cmd()", "a;'=cmd()"),
        ("a; -2;+3|@x", "a; '-2;'+3|'@x"),
        ("a\n=1", "a\n'=1"),
        ("\u200b=1", "'=1"),
        ("＝1", "'＝1"),
        ("a = b - c, x@y.z", "a = b - c, x@y.z"),
    ],
)
def test_no_spreadsheet_runs_a_cell(typed, cell):
    assert guard.cell(typed) == cell


def test_of_blank_lines_one_stays():
    assert without_blank_lines("a\n\nb\n \n\t\n\nc\n") == "a\n\nb\n\nc\n"


@given(st.text())
def test_legible_text_stays_legible(typed):
    seen = guard.legible(typed)
    assert guard.legible(seen) == seen
    kept = "\u200c\u200d"  # between letters that join
    assert all(letter in kept or unicodedata.category(letter) != "Cf" or ord(letter) > 0xE0000 for letter in seen)
