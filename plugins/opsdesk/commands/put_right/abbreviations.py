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
SEVERITY = regex(  # the third is a store of files, too
    r"(?<!\S)[sS](?P<digit>[1-5])(?![\w-]| (?:bucket|upload|download|object|storage|file|access|put|get))"
)
JOINED = regex(r"(?<=\b\d)[+&](?=#?\d{1,3}\b)|(?<=\b\d\d)[+&](?=#?\d{1,3}\b)")  # "12+14"
OF_TEXT = ("note", "comment", "update", "open", "new", "handover", "summary", "search", "find", "incident")
MOST_COUNTED = 10  # words of a line in which an alert or a severity is named
FIRST_WORDS = regex(rf"(?:\S+\s+){{0,{MOST_WORDS - 1}}}\S+")


def in_full(line: str) -> str:
    """Return a line with the shortened words among its first written in full: "whos oc" is "whos on call"."""
    first = FIRST_WORDS.match(line.replace("’", "'"))
    return WORD.sub(_full, first[0]) + line[first.end() :] if first else line


def with_numbers(line: str) -> str:
    """Return a line with the alert and the severity of its first words written in full: "a3 noise", "new s2 chip"."""
    line = _counted(JOINED.sub(" and ", line))
    first = FIRST_WORDS.match(line)
    if not first:
        return line
    named = ALERT.sub(_alert, first[0])
    return SEVERITY.sub(r"sev \g<digit>", named, count=1) + line[first.end() :]


def _counted(line: str) -> str:
    """Return a line with an alert's number or a severity in digits: "alert two", "sev one"; texts stay as typed."""
    words = line.split(maxsplit=1)
    is_text = not words or words[0].casefold().rstrip(":") in OF_TEXT or len(line.split()) > MOST_COUNTED
    return line if is_text else named_in_digits(line)


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
