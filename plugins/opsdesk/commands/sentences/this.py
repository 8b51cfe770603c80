"""Words for the incident that a line is about without its number: "it", "this", "that one", "the ticket"."""

import re

from opsdesk.patterns import regex

IT = r"(?:(?:this|that)(?: (?:one|incident|ticket|inc|issue))?|it|the (?:incident|ticket|inc))"
SPAN = r"(?:morning|afternoon|evening|night|week|weekend|month|shift|time|sprint|alert|alarm)"
THIS = regex(rf"(?<![\w'’-]){IT}(?P<is>['’]s)?(?![\w'’-]|\s{SPAN})|\A(?P<its>its)(?=\s)", re.IGNORECASE)
GOES_ON = (  # it begins a sentence, or names something else
    r"(?:is|was|were|has|had|will|can|should|does|did|came|got|looks|seems|works?|\w+ed|morning|afternoon|evening|night|week|"
    r"weekend|month|alerts?|alarms?|post|summary|shift|watch)(?!\w)"
)
LEADING = regex(rf"\A(?:on |to |for |about )?{IT}(?:\s*[,;:.!]\s*|\s*\Z|\s+(?!{GOES_ON}))", re.IGNORECASE)
BEFORE_A_TEXT = regex(rf"\A(?:on |to |for |about )?{IT}\s*[,;:]\s*|\A(?:on|to) {IT} ", re.IGNORECASE)


def without_this(text: str, *, is_text: bool = False) -> str:
    """Return a command's text without a word for the incident before it: "it pods restarted" is "pods restarted".

    What `is_text` altogether may begin with such a word: that is left out before a colon or behind "on" alone.
    """
    found = (BEFORE_A_TEXT if is_text else LEADING).match(text)
    return text[found.end() :] if found else text
