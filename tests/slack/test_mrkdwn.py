"""Slack's markup becomes what was typed, and the desk's text becomes markup that shows it as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk.chat.chat import Person, mention
from opsdesk.slack.mrkdwn import LONGEST, disarm_markup, escape, read, shorten, write

NAMES = {"U02BOB": "bob", "W03EVE": "Eve & co"}


def written(text):
    return write(text, lambda key: NAMES.get(key, key))


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("a &amp; b &lt;x&gt;", "a & b <x>"),
        ("&amp;lt;", "&lt;"),
        ("“curly” — dash", "“curly” — dash"),
        ("<@U02BOB> and <@U02BOB|bob>", "<@U02BOB> and <@U02BOB>"),
        ("<#C01ABC|general>", "<#C01ABC|general>"),
        ("<!here> <!channel|channel> <!subteam^S01|@oncall> <!subteam^S01>", "@here channel @oncall @subteam"),
        ("<!date^1795470990^{date}|Monday>", "Monday"),
        ("<https://example.org/a?b=1&amp;c=2>", "https://example.org/a?b=1&c=2"),
        ("<http://example.org|example.org>", "example.org"),
        ("<https://example.org/|https://example.org>", "https://example.org"),
        ("<https://example.org/a|the page>", "the page (https://example.org/a)"),
        ("<mailto:bob@example.org|bob@example.org>", "bob@example.org"),
        ("<tel:+15551234|555 1234>", "555 1234"),
        ("1 < 2", "1 < 2"),
    ],
)
def test_what_slack_sends_is_read_as_it_was_typed(sent, typed):
    assert read(sent) == typed


def test_only_deliberate_mentions_notify():
    assert written(f"{mention(Person('U02BOB', 'bob'))} <@U02BOB> <@W03EVE>") == "<@U02BOB> @bob @Eve &amp; co"


def test_a_mention_of_somebody_without_a_slack_id_is_a_word():
    assert written(mention(Person("@bob", "bob <b>"))) == "@bob &lt;b&gt;"


def test_what_would_call_a_channel_is_shown_as_it_is():
    assert written("<!channel> <!subteam^S01> @here") == "&lt;!channel&gt; &lt;!subteam^S01&gt; @here"


def test_channels_stay_links():
    assert written("see <#C01ABC|general>") == "see <#C01ABC>"


@given(st.text())
def test_text_without_tokens_comes_back_as_it_was(text):
    sent = escape(text)
    assert read(sent) == text


@given(st.text(alphabet="<>!@#|&UCW012^ab \x02\x03", max_size=40))
def test_nothing_that_people_type_is_live(text):
    typed = text.replace("\x02", "").replace("\x03", "")
    shown = written(typed)
    assert "<!" not in shown
    assert "<@" not in shown


@given(st.text(alphabet="<>!@#|&UChtps:/ab ;", max_size=40))
def test_nothing_that_errbot_repeats_is_live(text):
    shown = disarm_markup(text)
    assert "<!" not in shown
    assert "<@" not in shown
    assert disarm_markup(shown) == shown


def test_links_that_errbot_makes_stay():
    made = "*bold* <https://example.org/a|here> & <mailto:bob@example.org>"
    assert disarm_markup(made) == made.replace(" & ", " &amp; ")


def test_a_text_that_fits_is_not_touched():
    assert shorten("x" * LONGEST) == "x" * LONGEST


def test_a_longer_text_says_how_many_lines_are_left_out():
    shown = shorten("\n".join(["word " * 10] * 100), "they are in the file")
    assert len(shown) <= LONGEST
    *kept, last = shown.splitlines()
    assert len(kept) > 50
    assert last == f"… {100 - len(kept)} more lines are left out: they are in the file."


def test_a_single_line_that_is_too_long_is_cut():
    shown = shorten("x" * 5000)
    assert len(shown) <= LONGEST
    assert shown.endswith("…\n… The end of the line is left out.")


@pytest.mark.parametrize("whole", ["&amp;", "&lt;", "<@U02BOB>", "<#C01ABC>", "<https://example.org/a|the page>"])
@pytest.mark.parametrize("at", range(len("<https://example.org/a|the page>")))
def test_a_line_is_never_cut_inside_of_what_slack_reads_as_one(whole: str, at: int) -> None:
    shown = shorten("x" * (LONGEST - 100 - at) + whole + "y" * 200)
    beginning = shown.partition("…")[0]
    assert beginning.rstrip("y") in ("x" * (LONGEST - 100 - at), "x" * (LONGEST - 100 - at) + whole)


@pytest.mark.parametrize("letter", ["\u202e", "\u2066", "\u200b", "\u00ad"])
def test_nothing_that_nobody_sees_is_sent(letter):
    assert written(f"not {letter}resolved") == "not resolved"
