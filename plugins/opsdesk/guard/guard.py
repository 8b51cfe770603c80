"""What comes from outside, made fit to be stored and repeated: nothing in it can steer a terminal or call people."""

from collections.abc import Callable

from opsdesk.guard.allowed import Allowed
from opsdesk.guard.disarm import is_plain_line, legible, without_blank_lines
from opsdesk.guard.masks import mask
from opsdesk.guard.own import team
from opsdesk.patterns import regex

# C0 and C1 but for tab and line feed, and halves of surrogate pairs, which no file in UTF-8 can hold.
UNWANTED = regex("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
USER_ID = r"[UW][A-Z0-9]{4,}"  # of a person on Slack
PERSON = regex(rf"<@(?P<person>{USER_ID})(?:\|([^<>]*))?>")


def clean(text: str, allowed: Allowed | None = None) -> str:
    """Return `text` without control characters and letters that nobody sees, and with labels such as "[SSN]" for what
    is private in it. Lines end in a line feed, and no more than one in a row is blank.

    What is the team's own stays, or what is `allowed`. Letters of every script, emoji, curly quotes and dashes stay.
    """
    return mask(text if is_plain_line(text) else _seen(text), team() if allowed is None else allowed).text


def _seen(text: str) -> str:
    """Return what can be seen of a text, and no more than one blank line in a row."""
    return without_blank_lines(legible(UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))))


def disarm(text: str, name_of: Callable[[str], str]) -> str:
    """Return `text` with each mention of a person (`<@U012AB>`) as the word "@name", which calls nobody.

    `name_of` gives the name of a person by id.
    """
    return PERSON.sub(lambda found: f"@{name_of(found[1])}", text)
