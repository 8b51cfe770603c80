"""Finding what people mean: however a name is written, and with one or two typos in it."""

import string

from hypothesis import given
from hypothesis import strategies as st

from opsdesk.text.lookup import Match, Matched, Names, plain, typos, typos_forgiven, words

PARTS = Names(
    [
        ("vista", ("VistA", "vista-api")),
        ("vets-api", ("vets-api",)),
        ("vetext", ("VEText",)),
        ("chip", ("CHIP",)),
        ("cw", ("Clinician Workflow",)),
        ("elsa", ("Elsa Müller-Ødegård", "de la Cruz")),
    ]
)
LETTERS = string.ascii_lowercase + string.digits
NAMES = st.text(LETTERS, min_size=5, max_size=20)
TYPED = st.text(max_size=60)


def test_signs_blanks_case_and_accents_do_not_matter() -> None:
    for typed in ("VistA-API", "vista api", " vista/api ", "“vista_api”", "#vista-api", "vístà‑API?"):
        assert PARTS.find(typed) == Match(Matched.NAME, ("vista",)), typed


def test_a_word_of_a_name_finds_it() -> None:
    assert PARTS.find("müller") == Match(Matched.WORD, ("elsa",))
    assert PARTS.find("API") == Match(Matched.WORD, ("vista", "vets-api"))


def test_a_short_word_of_a_name_finds_nobody() -> None:
    assert PARTS.by_word("de") == PARTS.by_word("la") == ()


def test_a_beginning_finds_all_that_begin_so() -> None:
    assert PARTS.find("clin") == Match(Matched.START, ("cw",))
    assert set(PARTS.find("vet").found) == {"vets-api", "vetext"}
    assert PARTS.by_start("ve") == ()


def test_one_or_two_typos_are_forgiven_and_the_name_meant_is_told() -> None:
    for typed in ("vsta", "visat", "vistta", "wista", "v1sta"):
        assert PARTS.find(typed) == Match(Matched.TYPO, ("vista",), "VistA"), typed
    assert PARTS.find("clincian workfow") == Match(Matched.TYPO, ("cw",), "Clinician Workflow")
    assert PARTS.find("chpi") == Match(Matched.TYPO, ("chip",), "CHIP")


def test_more_typos_or_a_name_too_short_find_nothing() -> None:
    for typed in ("xyzzy", "vxyzta", "cx", "", "?!", "🙂"):
        assert PARTS.find(typed) == Match(Matched.NOTHING), typed


def test_fewer_typos_beat_more() -> None:
    names = Names([("one", ("reminder",)), ("two", ("reminders",))])
    assert names.near("remindres") == Match(Matched.TYPO, ("two",), "reminders")


def test_a_hyphen_a_slash_and_an_underscore_separate_words() -> None:
    assert words("CHIP/LoROTA front-end it's a_b “x”") == ["chip", "lorota", "front", "end", "its", "a", "b", "x"]


def test_swapped_neighbours_are_one_typo() -> None:
    assert [typos("chip", other, 2) for other in ("chip", "chpi", "hcip", "chips", "cip", "ship", "ihcp")] == [
        0, 1, 1, 1, 1, 1, 2,
    ]  # fmt: skip


@given(TYPED)
def test_what_is_plain_stays_so(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(TYPED)
def test_anything_at_all_can_be_looked_up(text: str) -> None:
    match = PARTS.find(text)
    assert (match.how is Matched.NOTHING) == (not match.found)


@given(st.text(LETTERS, max_size=12), st.text(LETTERS, max_size=12))
def test_counting_typos_agrees_with_the_definition(one: str, other: str) -> None:
    assert typos(one, other, 20) == _defined(one, other)
    assert typos(one, other, 2) == min(3, _defined(one, other)) == typos(other, one, 2)


@given(st.lists(NAMES, min_size=1, max_size=30, unique=True), st.data())
def test_a_name_with_a_typo_finds_its_own_or_one_at_least_as_near(names: list[str], data: st.DataObject) -> None:
    book = Names((name, (name,)) for name in names)
    meant = data.draw(st.sampled_from(names))
    typed = data.draw(_mistyped(meant))
    match = book.near(typed)
    assert match.found
    assert all(typos(typed, name, 3) <= typos(typed, meant, 3) for name in match.found)
    assert meant in match.found or typos(typed, match.found[0], 3) < typos(typed, meant, 3)


@given(st.lists(NAMES, min_size=1, max_size=30, unique=True), st.data())
def test_a_name_is_found_however_it_is_written(names: list[str], data: st.DataObject) -> None:
    book = Names((name, (name,)) for name in names)
    meant = data.draw(st.sampled_from(names))
    signs = data.draw(st.lists(st.sampled_from(["", "-", " ", "/", "_", ".", '"']), min_size=len(meant)))
    typed = "".join(sign + letter for sign, letter in zip(signs, meant.upper(), strict=False))
    assert book.find(typed) == Match(Matched.NAME, (meant,))


@given(st.lists(NAMES, max_size=30, unique=True), NAMES)
def test_the_quick_way_to_near_names_misses_none(names: list[str], typed: str) -> None:
    counts = {name: typos(typed, name, 3) for name in names}
    least = min(counts.values(), default=3)
    wanted = {name for name, count in counts.items() if count == least <= typos_forgiven(typed)}
    assert set(Names((name, (name,)) for name in names).near(typed).found) == wanted


@st.composite
def _mistyped(draw: st.DrawFn, name: str) -> str:
    """`name` with one letter left out, added, replaced, or swapped with the next."""
    at = draw(st.integers(0, len(name) - 2))
    letter = draw(st.sampled_from(LETTERS))
    return draw(
        st.sampled_from(
            [
                name[:at] + name[at + 1 :],
                name[:at] + letter + name[at:],
                name[:at] + letter + name[at + 1 :],
                name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            ]
        )
    )


def _defined(one: str, other: str) -> int:
    """The same count by its definition, letter by letter from the end."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            ways = [table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (one[i - 1] != other[j - 1])]
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                ways.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(ways)
    return table[len(one), len(other)]
