"""What people type after a command, taken apart: options anywhere in the line, the rest text exactly as typed."""

import re
from collections.abc import Mapping
from functools import cache

import msgspec
from msgspec import structs

from opsdesk.errors import UserError, near
from opsdesk.patterns import regex
from opsdesk.text.lookup import typos
from opsdesk.text.offering import Misspelt

QUOTES = {'"': '"“”', "“": '"“”', "”": '"“”', "'": "'", "‘": "’"}  # what may end a quotation, by what begins it
SINGLE = r"'[^'\n]*'(?=\s|$)|‘[^‘’\n]*’(?=\s|$)"  # with a blank behind it, or it is an apostrophe
QUOTED = rf'["“”][^"“”]*["“”]|{SINGLE}'
WORD = rf"{QUOTED}|(?!--)\S+"
WORD_START = regex(r"(?:^|(?<=\s))(?=\S)")
CODE = regex(r"```.*?```|`[^`\n]+`", re.DOTALL)
AS_TEXT = "To write it as text, put it in `backticks`."
NONE: Mapping[str, str] = {}
HIDDEN = "\0"  # stands for every character of what is in code: no blank, dash, letter or quote
DASHED = regex(r"(--|[—–]|-(?!-))([A-Za-z][\w-]*)(\s*[=:]\s*|\s+|$|)")
PLAIN = regex(r"[^\s=:—–-]+(?=\s|$)(?!\s*[=:])")  # a word that no option can begin with
SPACED = regex(r"(?:--|[—–])[ \t]+([A-Za-z][\w-]*)")
BARE = regex(r"([A-Za-z]\w*)[=:](?!\s)")
VALUE = regex(r"[^\s—–-]\S*(?=[ \t]*(?:\n|$)|[ \t]+(?:-|[—–]))|(?=[ \t]*(?:\n|$))")  # that ends what is typed, or none
UNSEEN = regex("[\u200b\u200e\u200f\u2060\ufeff\u00ad]")  # what nobody sees, and some phones and pages leave behind
BLANK = regex(r"\s")
REST_OF_LINE = regex(r"[ \t]*\n?")
BETWEEN = r"(?:--?|[—–‒―−])\s+"  # a command and its text: a dash
REFERENCE = regex(
    rf"(?P<sign>#|INC-)?(?P<number>\d{{1,9}})(?:[:,.;?!]+(?=\s|$))?(?=\s|$)\s*(?:{BETWEEN})?", re.IGNORECASE
)
LED = regex(rf"\A{BETWEEN}")
OTHER_DASHES = str.maketrans("‒―−‐‑﹣－", "–––----")  # as keyboards and pages write them


class Option(msgspec.Struct, frozen=True):
    """How an option's value is written: by a pattern.

    No sentence has a `loose` one by chance, so it is also taken as `— sev 2`, `sev:2`, and `sev 2`
    at the end of the first line. A `long` one goes on to the next option or the end of its line,
    unless it is quoted. An `example` is shown where a value is missing. `also` are other words for it.
    """

    pattern: str
    example: str
    loose: bool = False
    long: bool = False
    also: tuple[str, ...] = ()
    glued: bool = False


class ParsedText(msgspec.Struct, frozen=True):
    """`text` is what was typed without the options; `options` maps an option's name to its value as typed."""

    text: str
    options: Mapping[str, str]


def read(
    typed: str, options: Mapping[str, Option], elsewhere: Mapping[str, str] = NONE, *, glued: bool = False
) -> ParsedText:
    """Take the known `options` out of `typed`, and return them with the rest.

    `--sev 2`, `--sev:2`, `—sev 2` (a phone's dash), `-sev 2`, `--sev=2` and, where the value fits, `sev=2` and
    `sev:2` are the same; so is `— on vista` before another option and at the end of a line. Where they may be
    `glued`, `sev2` is, too, and `sev 2` at the beginning. What stands in `backticks` is text. Raises a UserError for
    an unknown option, one given twice, or one without a value. `elsewhere` maps options of other commands to what is
    to be typed instead.
    """
    line = _matched(typed)
    if glued:
        options = {name: structs.replace(one, glued=True) if one.loose else one for name, one in options.items()}
    found: dict[str, str] = {}
    spans: list[tuple[int, int]] = []
    at = 0
    while start := WORD_START.search(line, at):
        at = start.start()
        name, value, end = _option_at(line, at, options, elsewhere)
        if name in found:
            raise UserError(f"--{name} is given twice. Give it once.")
        if name:
            found[name] = _unquoted(typed[value:end])
            spans.append((at, end))
        at = end
    return _with_last(ParsedText(_without(typed, spans), found), options)


def reference(text: str) -> tuple[int | None, bool, str]:
    """Return the number that `text` begins with (`#12`, `12`, `INC-12`), whether it had a sign, and the rest."""
    found = REFERENCE.match(text)
    if not found:
        return None, False, text
    return int(found["number"]), bool(found["sign"]), text[found.end() :]


def undashed(text: str) -> str:
    """Return a line without the dash that stands between it and its command: "— fixed" is "fixed"; a list keeps its."""
    return text if "\n" in text else LED.sub("", text)


def words(text: str) -> list[str]:
    """Return the words of `text`; what stands in quotes is one."""
    return [word for word in map(_unquoted, re.findall(rf"{QUOTED}|\S+", text)) if word.strip()]


def _option_at(line: str, at: int, options: Mapping[str, Option], elsewhere: Mapping[str, str]) -> tuple[str, int, int]:
    """Return the option that begins at `at`: name, start and end of its value; for text no name, and the word."""
    glued = any(option.glued for option in options.values())
    if (plain := PLAIN.match(line, at)) and not glued:
        return "", at, plain.end()
    if undashed := _undashed(line, at, options):
        return undashed
    if dashed := DASHED.match(line, at):
        return _dashed(line, dashed, options, elsewhere)
    return "", at, _end_of_word(line, at)


def _undashed(line: str, at: int, options: Mapping[str, Option]) -> tuple[str, int, int] | None:
    """Return an option whose value has to fit: `sev=2`, and every way to write a loose one."""
    bare = BARE.match(line, at)
    name = bare[1].lower() if bare else ""
    if bare and name in options and (value := _value(options[name]).match(line, bare.end())):
        return name, *value.span()
    for name, option in options.items():
        if option.loose and (loose := _loosely(name, option).match(line, at)):
            return name, *loose.span("value")
    spaced = SPACED.match(line, at)
    name = spaced[1].lower() if spaced else ""
    if name in options and (found := _spaced(name, options[name]).match(line, at)):
        return name, *found.span("value")
    return None


def _dashed(
    line: str, dashed: re.Match[str], options: Mapping[str, Option], elsewhere: Mapping[str, str]
) -> tuple[str, int, int]:
    name = _own_name(dashed[2].lower(), options)
    if name in elsewhere and dashed[1] == "--":
        raise UserError(f"This command takes no --{name}. {elsewhere[name]} {AS_TEXT}")
    if name not in options or not (dashed[3] or dashed.end() == len(line)):
        if name in options and dashed[1] != "-":
            raise UserError(_valueless(name, options))
        if likely := _likely(name, dashed[1], options):
            raise _likely_meant(name, dashed[1] + dashed[2], likely, options)
        if dashed[1] == "--" or _ends_like_an_option(line, dashed, options):
            raise UserError(_unknown(name, [], options, "-" if dashed[1] == "-" else "--"))
        return "", dashed.start(), dashed.end(2)  # a dash in somebody's sentence, not an option
    value = _value_or_word(options[name]).match(line, dashed.end())
    if not value:
        raise UserError(_valueless(name, options))
    goes_on = options[name].long and _unquoted(value[0]) == value[0]
    return name, value.start(), _end_of_words(line, value.end(), options) if goes_on else value.end()


def _ends_like_an_option(line: str, dashed: re.Match[str], options: Mapping[str, Option]) -> bool:
    """Return whether a word behind one dash, where options may be glued, is followed by no more than a value."""
    value = VALUE.match(line, dashed.end())
    is_glued = any(option.glued for option in options.values())
    return is_glued and value is not None and bool(dashed[1] == "-" or value[0])


def _likely_meant(name: str, written: str, likely: list[str], options: Mapping[str, Option]) -> UserError:
    if len(likely) > 1:
        return UserError(_unknown(name, likely, options))
    return Misspelt(f"There is no option --{name}.", written, f"--{likely[0]}", also=AS_TEXT)


def _valueless(name: str, options: Mapping[str, Option]) -> str:
    return f"--{name} needs a value behind it, such as `--{name} {options[name].example}`."


def _own_name(name: str, options: Mapping[str, Option]) -> str:
    """Return an option's own name for any word that is used for it."""
    return next((own for own, option in options.items() if name in option.also), name)


def _likely(name: str, dash: str, options: Mapping[str, Option]) -> list[str]:
    """Return the options that may be meant; behind a single dash, which words have too, those one letter away."""
    if dash == "-":
        return [one for one in options if one == name or (len(one) > 2 and typos(name, one, 1) == 1)]
    likely = near(name, options)
    return likely or [one for one in options if dash == "--" and name.startswith(one)]


def _end_of_words(line: str, at: int, options: Mapping[str, Option]) -> int:
    """Return where, from `at` on, the last word stands before the next option or the line's end."""
    end = at
    while (start := WORD_START.search(line, end)) and "\n" not in line[end : start.start()]:
        dashed = DASHED.match(line, start.start())
        known = dashed and (dashed[1] == "--" or dashed[2].lower() in options)
        if known or _undashed(line, start.start(), options):
            break
        end = _end_of_word(line, start.start())
    return end


def _with_last(found: ParsedText, options: Mapping[str, Option]) -> ParsedText:
    """Return `found` with the loose option that ends the first line of its text, unless that was given already."""
    first = _matched(found.text).partition("\n")[0]
    for name, option in options.items():
        if option.loose and name not in found.options and (last := _lastly(name, option).search(first)):
            before = found.text[: last.start()].rstrip().rstrip(",;")
            text = (before + found.text[len(first) :]).strip()
            return ParsedText(text, {**found.options, name: last["value"]})
    return found


def _unknown(name: str, likely: list[str], options: Mapping[str, Option], dash: str = "--") -> str:
    known = ", ".join(f"--{option}" for option in likely or options)
    others = {0: "This command takes none.", 1: f"The only one is {known}."}
    meant = f"Did you mean {known}?" if likely else others.get(len(options), f"The options are {known}.")
    return f"There is no option {dash}{name}. {meant} {AS_TEXT}"


# Each pattern is made once: those that `re` itself remembers are too few for all that a desk reads and writes.
@cache
def _value(option: Option) -> re.Pattern[str]:
    return re.compile(_fitting(option))


@cache
def _value_or_word(option: Option) -> re.Pattern[str]:
    return re.compile(rf"{_fitting(option)}|{WORD}")


@cache
def _loosely(name: str, option: Option) -> re.Pattern[str]:
    name = _any_word(name, option)
    lead = rf"(?:--|[—–])[ \t]*{name}(?:[ \t]*[=:])?|{name}[ \t]*[=:]"
    lead += rf"|{name}-?(?=\d)|\A{name}[ \t]+(?=\d)" if option.glued else ""  # "sev 2 VistA is slow"
    return re.compile(rf"(?:{lead})[ \t]*(?P<value>{_fitting(option)})", re.IGNORECASE)


@cache
def _spaced(name: str, option: Option) -> re.Pattern[str]:
    """Match "— on vista" before another dash or the line's end: within a sentence the dash is one."""
    behind = r"(?=[ \t]*(?:\n|$)|[ \t]+(?:--|[—–]))"
    return re.compile(
        rf"(?:--|[—–])[ \t]+{name}(?:[ \t]*[=:])?[ \t]+(?P<value>{_fitting(option)}){behind}", re.IGNORECASE
    )


@cache
def _lastly(name: str, option: Option) -> re.Pattern[str]:
    word = _any_word(name, option)
    return re.compile(rf"(?<!\S)(?:-[ \t]*|[(\[])?{word}[ -]?(?P<value>{option.pattern})[)\]]?[.]?\s*$", re.IGNORECASE)


def _any_word(name: str, option: Option) -> str:
    return rf"(?:{'|'.join((name, *option.also))})"


def _fitting(option: Option) -> str:
    return rf"(?:{option.pattern})(?=\s|$)"


def _matched(typed: str) -> str:
    """Return what is matched in the place of `typed`: what is in code hidden, blanks for what is unseen, few dashes."""
    hidden = CODE.sub(lambda code: HIDDEN * len(code[0]), typed) if "`" in typed else typed
    return hidden if hidden.isascii() else UNSEEN.sub(" ", hidden).translate(OTHER_DASHES)


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[-1] in QUOTES.get(value[0], "") else value


def _end_of_word(typed: str, at: int) -> int:
    blank = BLANK.search(typed, at)
    return blank.start() if blank else len(typed)


def _without(typed: str, spans: list[tuple[int, int]]) -> str:
    """Return `typed` less the spans, each with the blanks before it, and with its line where nothing else is on it."""
    kept, at = "", 0
    for start, end in spans:
        kept += typed[at:start].rstrip(" \t")
        at = end
        if not kept or kept.endswith("\n"):
            at += len(REST_OF_LINE.match(typed, end)[0])  # type: ignore[index]  # it always matches
    return (kept + typed[at:]).strip()
