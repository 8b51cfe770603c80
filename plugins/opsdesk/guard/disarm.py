"""Text from outside, made unable to play somebody else: nothing in it is invisible, turns the direction of reading,
looks like a line or a heading of the desk's own, or is run by a spreadsheet."""

import re
import unicodedata

from opsdesk.patterns import regex

LONGEST_NAME = 80  # characters, as Slack limits names
MOST_MARKS = 4  # combining marks on one letter: Hebrew with vowels and accents has up to four
STACKED = regex(
    r"[^\x00-\x7f\w\s][^\x00-\x7f\w\s]{4,}"
)  # where more than those may be; a class of all marks takes 50 ms to make
CONTROLS = regex("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # all but tab and line feed
SEPARATORS = regex("[\u2028\u2029\x85\r](?:(?<=\r)\n)?")  # which break lines, too
BLANK_LINES = regex(r"\n(?:[ \t]*\n){2,}")
# Scripts and emoji that join with the letters behind them by a mark that nobody sees.
JOINING = "\u0600-\u0dff\u1000-\u109f\u1780-\u18af\u2190-\u2bff\ufb50-\ufdff\ufe0f\ufe70-\ufefc\U0001f000-\U0001faff"
EMOJI = "#*0-9\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
FLAG = "\U0001f3f4[\U000e0030-\U000e007a]{1,6}\U000e007f"  # such as Scotland's
ALWAYS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
UNSEEN = regex(f"({FLAG})|[{ALWAYS}]|(?<![{JOINING}])[\u200c\u200d]|[\u200c\u200d](?![{JOINING}])|(?<![{EMOJI}])\ufe0f")
MAYBE_UNSEEN = regex(f"[{ALWAYS}\u200c\u200d\ufe0f]")  # few texts have any, and this is soon looked for
# Addresses, which must lead where they led, and code, in which no mark means anything.
AS_IT_IS = regex(r"(https?://\S+|(?<![\w`])`[^`\n]+`(?![\w`]))")
# What begins or ends bold, italic or struck words, or code: a mark with a letter on one side only. `snake_case` and
# 2*3 are none. Each is replaced by a letter that looks like it and means nothing.
EDGE = regex(r"(?<![^\W_])[*_~]+(?!\s)|(?<!\s)[*_~]+(?![^\W_])|`+")
LOOKALIKES = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"}
APP = "(app)"
FORMULA = regex(r"^(?=[\t\r])|(?:^|[;|\t\r\n]) *(?=[=+\-@＝＋－＠])")


def is_plain_line(text: str) -> bool:
    """Return whether a text is one line of ASCII letters and signs, all of which can be seen."""
    return text.isascii() and text.isprintable()


def legible(text: str) -> str:
    """Return `text` without letters that nobody sees or that turn the direction of reading.

    Words of every script and emoji stay readable; a letter keeps its first four combining marks.
    """
    if text.isascii():
        return text
    seen = SEPARATORS.sub("\n", text)
    if MAYBE_UNSEEN.search(seen):
        seen = UNSEEN.sub(lambda found: found[1] or "", seen)
    return STACKED.sub(_unstacked, seen)


def one_line(text: str) -> str:
    """Return `text` legible and on one line."""
    if is_plain_line(text):
        return " ".join(text.split())
    return " ".join(CONTROLS.sub(" ", legible(text)).split())


def plain(text: str) -> str:
    """Return `text` on one line, with nothing in it that a chat shows as bold, italic, struck or a block of code.

    Addresses stay, and so does code between `backticks`: it is how people write commands and names.
    """
    line = one_line(text)
    if not any(mark in line for mark in LOOKALIKES):
        return line
    pieces = AS_IT_IS.split(line)  # what stays is every second one
    return "".join(piece if number % 2 else EDGE.sub(_alike, piece) for number, piece in enumerate(pieces))


def indented(text: str) -> str:
    """Return a text of several lines in which no line but the first can be taken for one of the desk's own."""
    first, *rest = legible(text).split("\n")
    return "\n".join([first, *(f"┊ {line}" for line in rest)])


def name(text: str, otherwise: str) -> str:
    """Return the name of a person, bot or channel, fit to stand in a line of the desk's; `otherwise` if it has none."""
    called = plain(text)[:LONGEST_NAME].strip()
    while called.lower().endswith(APP):
        called = called[: -len(APP)].strip()
    return called or otherwise


def app_name(text: str, otherwise: str) -> str:
    """Return the name of an app, told from a person's: "Datadog (app)"."""
    return f"{name(text, otherwise)} {APP}"


def cell(text: str) -> str:
    """Return a cell of a table that no spreadsheet runs as a formula, whatever it takes for the end of a cell."""
    return text if _is_harmless(text) else FORMULA.sub(r"\g<0>'", legible(text))


def _is_harmless(text: str) -> bool:
    """Return whether a cell of a table plainly is none that FORMULA finds anything in, as most are."""
    return is_plain_line(text) and text[:1].isalnum() and ";" not in text and "|" not in text


def without_blank_lines(text: str) -> str:
    """Return `text` with no more than one blank line in a row."""
    return BLANK_LINES.sub("\n\n", text)


def _alike(found: re.Match[str]) -> str:
    return "".join(LOOKALIKES[letter] for letter in found[0])


def _unstacked(found: re.Match[str]) -> str:
    """Return the letters found without a letter's combining marks beyond the first few."""
    kept, marks = "", 0
    for letter in found[0]:
        marks = marks + 1 if _is_mark(letter) else 0
        kept += letter if marks <= MOST_MARKS else ""
    return kept


def _is_mark(letter: str) -> bool:
    selects = "\ufe00" <= letter <= "\ufe0f"  # how an emoji looks
    return not selects and unicodedata.category(letter) in ("Mn", "Me")
