"""What comes from outside, made fit to be stored and repeated: nothing in it can steer a terminal or call people."""

import re
from collections.abc import Callable

# C0 and C1 but for tab and line feed, and halves of surrogate pairs, which no file in UTF-8 can hold.
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
USER_ID = r"[UW][A-Z0-9]{4,}"  # of a person on Slack
PERSON = re.compile(rf"<@({USER_ID})(?:\|([^<>]*))?>")


def clean(text: str) -> str:
    """`text` as it was typed, without control characters, lines ended by a line feed alone.

    Letters of every script, the marks that turn the direction of writing, emoji, curly quotes and dashes stay.
    """
    return UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def disarm(text: str, name_of: Callable[[str], str]) -> str:
    """`text` with each mention of a person (`<@U012AB>`) as the word "@name", which calls nobody.

    `name_of` gives the name of a person by id.
    """
    return PERSON.sub(lambda found: f"@{name_of(found[1])}", text)
