"""What comes from outside, made fit to be stored and repeated: nothing in it can steer a terminal or call people.

Two numbers that name a veteran are masked wherever text comes in: a Social Security number written as 123-45-6789, and
an ICN (ten digits, V, six digits). Nothing else is: phone numbers and addresses are often what people need.
"""

import re
from collections.abc import Callable

from opsdesk.guard.disarm import legible, without_blank_lines

# C0 and C1 but for tab and line feed, and halves of surrogate pairs, which no file in UTF-8 can hold.
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Not a part of a longer number, which is no such number. Phones and word processors write other dashes.
DASH = r"[-\u2010-\u2015\u2212]"
SSN = re.compile(rf"(?<![0-9])(?<![0-9]{DASH})[0-9]{{3}}{DASH}[0-9]{{2}}{DASH}[0-9]{{4}}(?!{DASH}?[0-9])")
ICN = re.compile(r"(?<![0-9])[0-9]{10}[Vv][0-9]{6}(?![0-9])")
USER_ID = r"[UW][A-Z0-9]{4,}"  # of a person on Slack
PERSON = re.compile(rf"<@(?P<person>{USER_ID})(?:\|([^<>]*))?>")


def clean(text: str) -> str:
    """Return `text` without control characters and letters that nobody sees, with "[SSN]" and "[ICN]" for the numbers
    of veterans. Lines end in a line feed, and no more than one in a row is blank.

    Letters of every script, emoji, curly quotes and dashes stay.
    """
    seen = legible(UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    typed = without_blank_lines(seen)
    return ICN.sub("[ICN]", SSN.sub("[SSN]", typed))


def disarm(text: str, name_of: Callable[[str], str]) -> str:
    """`text` with each mention of a person (`<@U012AB>`) as the word "@name", which calls nobody.

    `name_of` gives the name of a person by id.
    """
    return PERSON.sub(lambda found: f"@{name_of(found[1])}", text)
