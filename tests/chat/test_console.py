"""What the desk says through Errbot's own sending: to the letter, whatever Markdown would make of it."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from errbot.rendering import ansi
from errbot.rendering import text as plain_text
from hypothesis import example, given
from hypothesis import strategies as st

from opsdesk import guard
from opsdesk.chat.chat import Person
from opsdesk.chat.console import ConsoleChat
from opsdesk.chat.errbot_chat import as_markdown
from opsdesk.chat.rendering import Converter

CONVERTER = plain_text()
LOOKALIKES = (
    "# a heading",
    "#12 two  blanks",
    "x\n    four blanks",
    "1. a list\n2. of two\n- and\n* more\n+ others",
    "*bold* _it_ **b** `code` ```\nfence\n``` ~~~ ~x~",
    "a | b\n--|--\n1 | 2",
    "> quoted\n\n---\n===\nSetext\n===",
    "[a](https://a.org) ![b](c) [1]: d [^1] <https://b.org> https://c.org",
    "*[HTML]: abbreviation\nHTML {#id .class} : definition\n:   of it",
    "&amp; &#35; <b>x</b> <script> \\* \\\\",
    "🔴 #12 · “x” … → ✅\u00a0\u2028שלום\u202e",
)


@pytest.mark.parametrize("text", LOOKALIKES)
def test_what_looks_like_markdown_is_said_as_it_stands(text: str) -> None:
    assert CONVERTER.convert(as_markdown(text)).strip() == guard.legible(text)


MARKS = st.text("#*-+=.:|~_`>< \n\t1aé[](){}!&\\\"'^$%@/", max_size=25)
PIECES = st.one_of(st.sampled_from(LOOKALIKES), st.text(max_size=30), MARKS)


@example(" ---")
@example(" - one\n 1. two")
@given(st.lists(PIECES, max_size=4).map("\n".join).map(guard.clean))
def test_every_text_is_said_to_the_letter_but_for_blanks_around_it(text: str) -> None:
    assert CONVERTER.convert(as_markdown(text)).strip() == text.strip()


ANEW, KEPT = ({"text": plain_text(), "ansi": ansi()} for _ in range(2))
KEEPING = {name: Converter(one) for name, one in KEPT.items()}


@pytest.mark.parametrize("written", ["text", "ansi"])
@example("")
@example("  between blanks ")
@example("\x1b[31m red")
@given(st.lists(st.one_of(PIECES, st.text(max_size=30)), max_size=4).map("\n".join))
def test_what_is_not_converted_is_said_as_if_it_had_been(written: str, text: str) -> None:
    markdown = as_markdown(text)
    said = KEEPING[written].convert(markdown)
    ANEW[written].reset()
    assert said == ANEW[written].convert(markdown)


class Bot:
    """Sends to anybody but to those who are gone."""

    mode, message_size_limit = "text", 10_000

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def build_identifier(self, name: str) -> str:
        if name == "@gone":
            raise ValueError("nobody is called that")
        return name

    def send(self, to: str, text: str) -> None:
        self.sent.append((to, CONVERTER.convert(text).strip()))


def test_the_admins_are_told_at_once_but_for_whom_that_does_not_reach(caplog: pytest.LogCaptureFixture) -> None:
    bot = Bot()
    ConsoleChat(bot, {}, ("@gone", "alice")).tell_admins("A file is damaged.")
    assert bot.sent == [("@alice", "[@alice] A file is damaged.")]
    assert "Admin @gone could not be told: nobody is called that" in caplog.text


def test_what_is_typed_at_the_console_is_made_fit_to_be_stored() -> None:
    message = SimpleNamespace(frm=SimpleNamespace(nick="alice", person="alice"))
    said = ConsoleChat(Bot(), {}).command(message, "a\x1b[31m veteran, 123-45-6789", datetime(2026, 11, 23, tzinfo=UTC))
    assert (said.text, said.by) == ("a[31m veteran, [SSN]", Person("@alice", "alice"))
