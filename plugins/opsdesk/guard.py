"""What comes from outside, made safe to store and to repeat."""

import re

# All controls but tab and line end; halves of characters too, which no file and no chat can hold.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` without control characters; nothing else is changed."""
    return CONTROL.sub("", text)
