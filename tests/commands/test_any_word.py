"""Any word of a command or a sentence with one letter wrong, any order of number and verb, any casing."""

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsdesk.commands import SPOKEN, Risk
from opsdesk.commands.meanings import Question, Reading, alone, groups, verbs
from opsdesk.commands.reading import read
from opsdesk.commands.vocabulary import GROUPS
from opsdesk.commands.word_lists.ambiguous import AMBIGUOUS
from tests.commands.stage import asked
from tests.conftest import ROOT

OWN = sorted(name for name in SPOKEN)
INCIDENT_VERBS = sorted(one.verb for one in SPOKEN.values() if one.group == "incident" and one.verb)
NUMBERED = [verb for verb in INCIDENT_VERBS if verb not in ("open", "list", "search", "export", "metrics")]

LINES = (ROOT / "tests" / "recordings" / "phrasings.txt").read_text().splitlines()
SENTENCES = [line.partition(" => ")[0].removeprefix("!") for line in LINES if line.startswith("!")]
WORDY = [sentence for sentence in SENTENCES if re.search("[a-z]", sentence)]


def known(word: str, group: str = "") -> bool:
    """Whether the word means something by itself: alone, or behind the group."""
    singular = word.removesuffix("s")
    first = {phrase[0] for phrase in (*alone(), *groups())}
    return bool(group and (word in verbs(group) or singular in verbs(group))) or (not group and word in first)


@st.composite
def misspelt(draw: st.DrawFn, word: str) -> str:
    """A word with one letter left out, added, changed, or swapped with the next."""
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    ways = (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    )
    return draw(st.sampled_from(ways))


@st.composite
def cased(draw: st.DrawFn, text: str) -> str:
    """A text in any casing."""
    upper = draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    return "".join(letter.upper() if up else letter.lower() for letter, up in zip(text, upper, strict=True))


@settings(max_examples=600, deadline=None)
@given(data=st.data())
def test_a_verb_with_one_letter_wrong_is_that_command_or_a_question(data: st.DataObject) -> None:
    one = SPOKEN[data.draw(st.sampled_from([name for name in OWN if SPOKEN[name].verb]))]
    word = data.draw(misspelt(one.verb))
    if not word or word == one.verb or known(word, one.group):
        return
    rest = data.draw(st.sampled_from((" 1 fixed", " 1", " VistA is slow", "")))
    meant = read(f"{one.group} {word}{rest}")
    assert meant is not None
    if isinstance(meant, Reading):
        assert meant.name == one.name or meant.spoken.risk is Risk.READS
        assert meant.name != one.name or (meant.taken == one.verb and one.risk.is_done_misspelt)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_group_with_one_letter_wrong_is_that_group_or_a_question(data: st.DataObject) -> None:
    one = SPOKEN[data.draw(st.sampled_from([name for name in OWN if len(SPOKEN[name].group) > 3]))]
    word = data.draw(misspelt(one.group))
    if not word or word == one.group or known(word):
        return
    meant = read(f"{word} {one.verb}".strip())
    assert meant is not None
    if isinstance(meant, Reading):
        assert meant.name == one.name or meant.spoken.risk is Risk.READS
        assert meant.spoken.risk.is_done_misspelt


@settings(max_examples=200, deadline=None)
@given(data=st.data(), verb=st.sampled_from(NUMBERED), number=st.sampled_from(("1", "#1", "INC-1", "1:")))
def test_number_and_verb_come_in_any_order_and_casing(data: st.DataObject, verb: str, number: str) -> None:
    text = "me" if verb == "assign" else "2h" if verb == "snooze" else "fixed"
    orders = (f"incident {verb} {number} {text}", f"incident {number} {verb} {text}", f"{number} {verb} {text}")
    meant = read(data.draw(cased(data.draw(st.sampled_from(orders)))))
    assert isinstance(meant, Reading)
    assert meant.name == f"incident_{verb}"
    assert meant.text.casefold().replace("#", "").replace("inc-", "").replace(":", "") == f"1 {text}"


def changes(meant: Reading | Question | None) -> str:
    """The name of the command that is done and changes something; "" where nothing changes."""
    return meant.name if isinstance(meant, Reading) and meant.spoken.risk is not Risk.READS else ""


@settings(max_examples=1000, deadline=None)
@given(data=st.data(), sentence=st.sampled_from(WORDY))
def test_a_sentence_with_one_letter_wrong_never_makes_another_change(data: st.DataObject, sentence: str) -> None:
    words = re.split(r"([^\W\d_]+)", sentence)
    at = data.draw(st.sampled_from(range(1, len(words), 2)))
    slipped = "".join((*words[:at], data.draw(misspelt(words[at])), *words[at + 1 :]))
    meant, done = read(sentence), read(slipped)
    asked = meant.text if isinstance(meant, Question) else ""
    if changes(done) and isinstance(done, Reading):  # a question may be answered by the very command that it names
        assert done.name == changes(meant) or f"`{done.spoken.typed} " in asked


@settings(max_examples=300, deadline=None)
@given(data=st.data(), sentence=st.sampled_from(SENTENCES))
def test_a_sentence_means_what_it_means_in_any_casing(data: st.DataObject, sentence: str) -> None:
    meant, again = read(sentence), read(data.draw(cased(sentence)))
    assert type(again) is type(meant)
    if isinstance(meant, Reading) and isinstance(again, Reading):
        assert (again.name, again.text.casefold()) == (meant.name, meant.text.casefold())


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("ack clert 3", "Did you mean `!incident ack clert 3` or `!alerts ack 3`? Type it like that."),
        ("start hy shift", "Did you mean `!shift accept` or `!incident open hy shift`? Type it like that."),
        (
            "note fro handover: x",
            "Did you mean `!summary note x` or `!incident note fro handover: x`? Type it like that.",
        ),
        ("resolve today", "Did you mean `!incident resolve today` or `!incident list today`? Type it like that."),
        ("post the sumary", "Did you mean `!summary post`? Type it like that."),
        (
            "stop alert 3 for an hour",
            "Did you mean `!alerts mute 3 for an hour`? Type it like that: I ask because it goes out to others.",
        ),
        ("im accepting my shift", "Did you mean `!shift accept`? Type it like that."),
        ("now fixed", "Did you mean `!incident resolve`? Type it like that."),
        (
            "not fixed yet",
            "Did you mean `!incident update not fixed yet` or `!incident note not fixed yet`? Type it like that.",
        ),
        ("none 12", "Did you mean `!incident resolve 12` or `!incident note 12`? Type it like that."),
    ],
)
def test_a_letter_away_from_a_sentence_is_asked_about(typed: str, answer: str) -> None:
    assert asked(typed) == answer


@pytest.mark.parametrize(
    "typed",
    [
        "12 done tomorow",
        "12 fixed by firday",
        "12 resolved onec deployed",
        "close 12 wihtout asking bob",
        "resolve 12 mabye",
        "closed 12 by mistkae",
        "12 ckosed by mistake",
        "12 closed bu mistake",
        "12 was closed oo early",
        "opend 12 by mistake",
        "bob ssked: close 12",
        "close 12, rught?",
        "close 12 ot yet",
        "done psot the summary yet, charlie still has notes",
        "voew vista is slow",
        "timline vista is slow",
    ],
)
def test_a_letter_wrong_in_what_is_not_so_makes_it_no_change(typed: str) -> None:
    assert isinstance(read(typed), Question)


@pytest.mark.parametrize(
    "typed",
    [
        *("asked 12 for logs", "filed 12 with the vendor", "lose 12", "nix 12", "act 12", "vote 12 up", "pen it down"),
        *("12 leaked", "12 loading slowly", "reading 12", "talking 12 over", "14 cooking", "landed 14 to bob"),
        *("incident asked 12", "alerts fired 3 times", "summary vote 12"),
    ],
)
def test_an_ordinary_word_is_not_taken_for_a_command(typed: str) -> None:
    assert not changes(read(typed))


@pytest.mark.parametrize("typed", ["host is down", "lake keeps timing out"])
def test_an_ordinary_word_may_begin_what_is_told(typed: str) -> None:
    assert read(typed) == Reading("incident_open", typed)


@pytest.mark.parametrize("word", sorted(AMBIGUOUS))
@pytest.mark.parametrize("group", sorted(GROUPS))
def test_a_word_for_several_commands_is_read_behind_every_group(group: str, word: str) -> None:
    assert isinstance(read(f"{group} {word} 12"), Reading | Question)


@pytest.mark.parametrize("typed", ["not 12 again", "its 12", "who knows"])
def test_a_word_of_its_own_is_none_with_a_letter_wrong(typed: str) -> None:
    assert not changes(read(typed))


@pytest.mark.parametrize("name", OWN)
def test_every_command_is_itself(name: str) -> None:
    typed = SPOKEN[name].typed.removeprefix("!")
    assert read(typed) == read(typed.upper()) == Reading(name, "")


@settings(max_examples=300, deadline=None)
@given(typed=st.text(max_size=60))
def test_anything_at_all_can_be_read(typed: str) -> None:
    assert isinstance(read(typed), Reading | Question | None)
    assert isinstance(read(typed, called=False), Reading | Question | None)
