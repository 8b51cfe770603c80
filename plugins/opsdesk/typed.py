"""What people type after a command, taken apart: options anywhere in the line, the rest text exactly as typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from opsdesk.errors import Refusal, near

QUOTES = '"“”'
QUOTED = r'["“”][^"“”]*["“”]'
WORD = rf"{QUOTED}|(?!--)\S+"
WORD_START = re.compile(r"(?:^|(?<=\s))(?=\S)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
DASHED = re.compile(r"(--|[—–])([A-Za-z][\w-]*)(=|\s+|$)")
BARE = re.compile(r"([A-Za-z]\w*)=")
REFERENCE = re.compile(r"(?P<sign>#|INC-)?(?P<number>\d{1,9})(?:[:,.;](?=\s|$))?(?=\s|$)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Typed:
    """`text` is what was typed without the options; `options` maps an option's name to its value as typed."""

    text: str
    options: Mapping[str, str]


def read(typed: str, options: Mapping[str, str]) -> Typed:
    """Takes the options out of `typed`; `options` maps each known name to a pattern its value follows.

    `--sev 2`, `—sev 2` (a phone's dash), `--sev=2` and, where the value fits, `sev=2` are the same.
    What stands in `backticks` is text. Raises a Refusal for an unknown option, one given twice, or
    one without a value.
    """
    code = [found.span() for found in CODE.finditer(typed)]
    found: dict[str, str] = {}
    spans: list[tuple[int, int]] = []
    at = 0
    while start := WORD_START.search(typed, at):
        at = start.start()
        if within := [end for begin, end in code if begin <= at < end]:
            at = within[0]
            continue
        name, value, end = _option_at(typed, at, options)
        if name in found:
            raise Refusal(f"--{name} is given twice. Give it once.")
        if name:
            found[name] = value
            spans.append((at, end))
        at = end
    return Typed(_without(typed, spans), found)


def reference(text: str) -> tuple[int | None, bool, str]:
    """The number that `text` begins with (`#12`, `12`, `INC-12`), whether it had a sign, and the text behind it."""
    found = REFERENCE.match(text)
    if not found:
        return None, False, text
    return int(found["number"]), bool(found["sign"]), text[found.end() :]


def words(text: str) -> list[str]:
    """The words of `text`; what stands in quotes is one."""
    return [word for word in map(_unquoted, re.findall(rf"{QUOTED}|\S+", text)) if word.strip()]


def _option_at(typed: str, at: int, options: Mapping[str, str]) -> tuple[str, str, int]:
    """The option that begins at `at`: name, value and where it ends; an empty name and the word's end for text."""
    if dashed := DASHED.match(typed, at):
        return _dashed(typed, dashed, options)
    bare = BARE.match(typed, at)
    name = bare[1].lower() if bare else ""
    if bare and name in options and (value := re.compile(rf"(?:{options[name]})(?=\s|$)").match(typed, bare.end())):
        return name, _unquoted(value[0]), value.end()
    return "", "", _end_of_word(typed, at)


def _dashed(typed: str, dashed: re.Match[str], options: Mapping[str, str]) -> tuple[str, str, int]:
    name = dashed[2].lower()
    if name not in options:
        likely = near(name, options)
        if dashed[1] != "--" and not likely:
            return "", "", dashed.end(2)  # a dash in somebody's sentence, not an option
        raise Refusal(_unknown(name, likely, options))
    value = re.compile(rf"(?:{options[name]})(?=\s|$)|{WORD}").match(typed, dashed.end())
    if not value:
        raise Refusal(f"--{name} needs a value behind it.")
    return name, _unquoted(value[0]), value.end()


def _unknown(name: str, likely: list[str], options: Mapping[str, str]) -> str:
    known = ", ".join(f"--{option}" for option in likely or options)
    meant = (
        f"Did you mean {known}?" if likely else f"The options are {known}." if options else "This command takes none."
    )
    return f"There is no option --{name}. {meant} To write it as text, put it in `backticks`."


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] in QUOTES and value[-1] in QUOTES else value


def _end_of_word(typed: str, at: int) -> int:
    blank = re.compile(r"\s|$").search(typed, at)
    return blank.start() if blank else len(typed)


def _without(typed: str, spans: list[tuple[int, int]]) -> str:
    """`typed` less the spans, each with the blanks before it, and with its line where nothing else is on it."""
    kept, at = "", 0
    for start, end in spans:
        kept += typed[at:start].rstrip(" \t")
        at = end
        if not kept or kept.endswith("\n"):
            at += len(re.compile(r"[ \t]*\n?").match(typed, end)[0])  # type: ignore[index]  # it always matches
    return (kept + typed[at:]).strip()
