"""Whatever is typed is read or refused, and text survives whole."""

from hypothesis import given
from hypothesis import strategies as st

from opsdesk.errors import UserError
from opsdesk.text import options as typed
from tests.text.stage import OPTIONS, read

# Letters, blanks and all that the reader looks at, so that few runs are spent on plain words.
LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "--sev 2",
                "—on vista",
                "sev=1",
                "--at yesterday 4:10pm",
                "--owner @bob",
                "--title a b",
                "— sev 2",
                "sev:3",
                "sev 1",
                "--",
                "`",
                "```",
            ]
        ),
        st.text(alphabet="ab'\"“” \n\t-—=`#12<>&@םش😀", max_size=12),
        st.text(max_size=8),
    ),
    max_size=8,
).map(" ".join)


@given(LINES)
def test_whatever_is_typed_is_read_or_refused(line: str) -> None:
    try:
        found = typed.read(line, OPTIONS)
    except UserError:
        return
    assert set(found.options) <= set(OPTIONS)
    rest = iter(line)
    assert all(letter in rest for letter in found.text)


@given(st.text().filter(lambda text: "-" not in text and "—" not in text and "–" not in text and "=" not in text))
def test_text_without_a_mark_of_an_option_survives_whole(text: str) -> None:
    assert read(f"--sev 2 {text} --on vista") == (text.strip(), {"sev": "2", "on": "vista"})


@given(st.text(), st.sampled_from(["— sev 2", "-- sev 2", "sev:2", "sev 2", "sev2"]))
def test_text_around_a_loose_option_survives_whole(text: str, option: str) -> None:
    text = f"x{text}x".translate(dict.fromkeys(map(ord, "-—–=:`\n")))
    assert read(f"{text} {option}") == (text, {"sev": "2"})


@given(st.integers(0, 999_999_999), st.sampled_from(["#", "", "INC-", "inc-"]), st.text())
def test_every_way_to_name_an_incident_gives_its_number(number: int, sign: str, text: str) -> None:
    assert typed.reference(f"{sign}{number} {text}")[::2] == (number, text.lstrip())
