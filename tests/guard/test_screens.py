"""What is looked for first, to save a longer look, is there whenever that look finds anything."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsdesk import guard
from opsdesk.guard import tokens
from opsdesk.guard.beside import Beside, Screened
from opsdesk.guard.folding import fold
from opsdesk.guard.masks import mask
from opsdesk.guard.words import Wording, choices, parted
from tests.guard.stage import ordinary_lines, private_lines

MODULES = [
    import_module(f"opsdesk.guard.{path.stem}") for path in sorted(Path(guard.__file__).parent.glob("[a-z]*.py"))
]
SCREENED = [
    *((name, one) for module in MODULES for name, one in vars(module).items() if isinstance(one, Screened)),
    *((hint, one) for hint, one in tokens.ANNOUNCED if isinstance(one, Screened)),
]
LINES = [line.typed for line in (*private_lines(), *ordinary_lines())]
FOUND = {
    "DASHED": "987-65-4320",
    "DOTTED": "987.65.4320",
    "ROW": "987 65 4320",
    "HIDDEN": "xxx-xx-4320",
    "TEN": "202-555-0123",
    "FOUR_BEHIND": "john smith 4320",
    "UUID": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "code": "access code: a1b2c3",
}
TYPED = "".join(map(chr, range(32, 127)))
ALL_BESIDE = {id(one): one for module in MODULES for one in vars(module).values() if isinstance(one, Beside)}.values()
WITH_SCREENS = [one for one in ALL_BESIDE if one.screen]
WORDINGS = {one.words.pattern.pattern: one.words for one in ALL_BESIDE} | {
    one.pattern.pattern: one for module in MODULES for one in vars(module).values() if isinstance(one, Wording)
}
SIGNS = [
    " ",
    "  ",
    "-",
    " - ",
    ".",
    "/",
    "_",
    "\n",
    " \n ",
    "\t\n",
    ":",
    "x",
    "*",
    "#",
    "+",
    "(",
    ")",
    "1",
    "20",
    "a",
    '"',
]


@st.composite
def written_otherwise(draw: st.DrawFn, text: str) -> str:
    """A text with something else between some of its letters, or in their place."""
    put = draw(st.dictionaries(st.integers(0, len(text)), st.tuples(st.sampled_from(SIGNS), st.booleans()), max_size=4))
    pieces = []
    for at in range(len(text) + 1):
        sign, instead = put.get(at, ("", False))
        pieces += [sign, "" if instead else text[at : at + 1]]
    return "".join(pieces)


def test_each_screen_is_tried_here() -> None:
    assert {name for name, _ in SCREENED} == set(FOUND)


@pytest.mark.parametrize(("name", "screened"), SCREENED, ids=[name for name, _ in SCREENED])
def test_a_screen_is_in_all_that_its_pattern_finds(name: str, screened: Screened) -> None:
    assert list(screened.finditer(FOUND[name]))

    @settings(deadline=None)
    @given(written_otherwise(FOUND[name]))
    def is_there(text: str) -> None:
        for found in screened.pattern.finditer(text):
            assert screened.screen.search(found[0]), text

    is_there()
    lines = [fold(line).lower for line in LINES]
    assert [line for line in lines if screened.pattern.search(line) and not screened.screen.search(line)] == []


@pytest.mark.parametrize("beside", WITH_SCREENS, ids=[one.kind.name for one in WITH_SCREENS])
@given(st.data())
def test_a_value_of_few_letters_is_looked_for_where_its_screen_is(beside: Beside, data: st.DataObject) -> None:
    assert beside.screen
    value = data.draw(st.from_regex(beside.value.pattern, alphabet="ah04 -.:/m", fullmatch=True))
    assert beside.screen.search(value)


@pytest.mark.parametrize("wording", WORDINGS.values(), ids=[one.hints[0][0] for one in WORDINGS.values()])
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_each_word_holds_a_hint_that_it_is_looked_for_by(wording: Wording, data: st.DataObject) -> None:
    words = [one for one in choices(wording.pattern.pattern) if "(?<" not in one]  # which look at what is around them
    word = data.draw(st.sampled_from(words).flatmap(lambda one: st.from_regex(one, alphabet=TYPED, fullmatch=True)))
    assert wording.hinted(word), word


@pytest.mark.parametrize("name", ["ghp_", "xoxb-", "akia", "eyj", "hf_"])
def test_a_token_is_found_whatever_letter_it_is_looked_for_by(name: str) -> None:
    token = {"akia": "AKIAIOSFODNN7EXAMPLE", "eyj": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0"}
    written = token.get(name, f"{name}1234567890abcdefghij1234567890")
    assert mask(f"it is {written} now").text == "it is [token] now"


PARTED = [
    "(?:home_|work_)?phones?",
    "(?:(?:home|mailing)_)?addr(?:ess)?(?:_line)?",
    "(?:a|ab|)(?:c|[)|]d)?e|f",
    r"\(?(?:x)y",
    "(?:ss|s)+n",
    "ssns?",
]


@pytest.mark.parametrize("word", PARTED)
@given(text=st.text(alphabet="homewrkpnsadlig_ tbcyxf)|(", max_size=40))
def test_a_choice_taken_apart_finds_the_same(word: str, text: str) -> None:
    text = f"{text}home_phone work_phones addrmailing_address_line abcde a|dexy ssn"
    whole, apart = re.compile(word), re.compile("|".join(parted(word)))
    assert [one.span() for one in apart.finditer(text)] == [one.span() for one in whole.finditer(text)]


def test_each_word_is_found_sooner_for_its_first_letter() -> None:
    assert parted("(?:home_|work_)?phones?") == ["home_phones?", "work_phones?", "phones?"]
    wordings = {one for module in MODULES for one in vars(module).values() if isinstance(one, Wording)}
    words = [one for wording in wordings for one in wording.pattern.pattern.split("|")]
    assert [one for one in words if one.startswith("(?:")] == []
