"""Words that people shorten, where a command's words stand; what a line says in its text stays as it is typed."""

import re

from opsdesk.commands.meanings import groups, verb
from opsdesk.commands.put_right.digits import named_in_digits
from opsdesk.patterns import regex

MOST_WORDS = 4  # of a line that may be shortened words of a command
SHORT = {
    "ai": "todo", "ci": "check-in", "cis": "check-ins", "dash": "dashboard", "err": "errors",
    "errs": "errors", "esc": "escalate", "grep": "search", "h/o": "handover", "hist": "history", "id'd": "identified",
    "inv": "investigating", "nix": "cancel", "oc": "on call", "pm doc": "postmortem", "ppl": "contacts",
    "pre-ci": "pre-check-in", "pre-cis": "pre-check-ins", "rb": "runbook", "resolv": "resolve", "sched": "schedule",
    "scrap": "cancel", "shush": "mute", "snz": "snooze", "wk": "week",
}  # fmt: skip
WORD = regex(
    rf"(?<![\w/-])(?:(?P<short>{'|'.join(sorted(map(re.escape, SHORT), key=len, reverse=True))})|mon(?= #?\d)|"
    r"(?<=\d )mon)(?![\w/-])",
    re.IGNORECASE,
)
VERBS = (
    "ack|close|done|escalate|fixed|gone|handled?|info|mute|noise|open|quiet|resolved?|show|shush|silence|undo|unmute"
)
ALERT = regex(
    rf"\Aa-?(?P<of>\d{{1,4}})(?= (?:{VERBS})\b|[?.!]*\Z)|\A(?P<verb>{VERBS}) a-?(?P<behind>\d{{1,4}})(?!\w)",
    re.IGNORECASE,
)
OPENED = (
    r"(?:incidents?|inc|open|new|start|create|declare|raise|report|file|log|make|an?|it|is|to|now|got|we|have|"
    r"#?\d{1,4})"
)
SEVERITY = regex(  # where one stands: first, last, or between commas; elsewhere "s3" is part of a text
    rf"(?P<before>\A(?:{OPENED}\s+){{0,4}}+|[,;(]\s*)s(?P<digit>[1-5])(?=[\s:,;)]|\Z)"
    r"(?! (?:bucket|upload|download|object|storage|file|access|put|get))|"
    r"(?<=\s)s(?P<end>[1-5])(?=(?: (?:now|please|pls|plz|asap|for now|i think))*[\s.!?]*\Z)",
    re.IGNORECASE,
)
JOINED = regex(  # "12+14 same thing"; further on it is part of a text
    r"\A(?P<first>(?:(?:ack|close|resolve|merge|reopen|show)\s+)?#?\d{1,3})[+&](?=#?\d{1,3}(?![\w+&=.]))", re.IGNORECASE
)
OF_TEXT = ("note", "comment", "update", "open", "new", "handover", "summary", "search", "find", "incident")
MOST_COUNTED = 10  # words of a line in which an alert or a severity is named
FIRST_WORDS = regex(rf"(?:\S+\s+){{0,{MOST_WORDS - 1}}}\S+")


def in_full(line: str) -> str:
    """Return a line with the shortened words among its first written in full: "whos oc" is "whos on call"."""
    first = FIRST_WORDS.match(line.replace("’", "'"))
    return WORD.sub(_full, first[0]) + line[first.end() :] if first else line


def with_numbers(line: str) -> str:
    """Return a line with the alert of its first words and its severity written in full: "a3 noise", "new s2 chip"."""
    line = _counted(JOINED.sub(r"\g<first> and ", line))
    first = FIRST_WORDS.match(line)
    if not first:
        return line
    named = ALERT.sub(_alert, first[0]) + line[first.end() :]
    return named if _is_text(line) else SEVERITY.sub(_severity, named, count=1)


def _counted(line: str) -> str:
    """Return a line with an alert's number or a severity in digits: "alert two", "sev one"; texts stay as typed."""
    words = line.split(maxsplit=1)
    is_text = not words or words[0].casefold().rstrip(":") in OF_TEXT or len(line.split()) > MOST_COUNTED
    return line if is_text else named_in_digits(line)


def _severity(found: re.Match[str]) -> str:
    return f"{found['before'] or ''}sev {found['digit'] or found['end']}"


def _is_text(line: str) -> bool:
    """Return whether a line is a note or an update by its first words: what stands in it stays as typed."""
    return any(
        word in ("note", "comment", "update", "handover", "summary") for word in line.casefold().split(maxsplit=2)[:2]
    )


def _alert(found: re.Match[str]) -> str:
    return f"alert {found['of']}" if found["of"] else f"{found['verb']} alert {found['behind']}"


def _full(found: re.Match[str]) -> str:
    full = SHORT[found["short"].casefold()] if found["short"] else "monitoring"
    return found[0] if _is_half_a_command(full, found.string[: found.start()]) else full


def _is_half_a_command(full: str, before: str) -> bool:
    """Return whether a command would end within what a word is short for: "watch on" in "watch on call"."""
    first, *more = full.split()
    group = groups().get(tuple(before.casefold().split()[-1:]))
    return bool(more) and group is not None and verb(group, first) is not None
