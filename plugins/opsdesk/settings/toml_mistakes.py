"""Where a TOML file cannot be read, and why, in words for somebody who edits a file of the team's."""

import re

from opsdesk.patterns import regex

AT_LINE = regex(r"(.*) \(at line (\d+), column \d+\)", re.DOTALL)
QUOTED = regex(r'"(?:[^"\\]|\\.?)*("|$)|\'[^\']*(?:\'|$)')
LONGEST = 60
MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"

# By what the line says outside quotes: what to do. The first that fits is told.
BY_LINE = tuple(
    (regex(pattern, re.IGNORECASE), told)
    for pattern, told in (
        (r"^(?:<{7}|={7}|>{7})", "it is left over from a merge; keep one of the two versions"),
        (r"[“”„‟«»‘’‚`´]", 'use straight quotes, "'),
        (r"[\u00a0\u2000-\u200f\u202f\u2060\u3000\ufeff]", "a sign in it cannot be seen; type the line anew"),
        (r"^\s*(?://|;|--)", "begin a comment with #"),
        (r"^\s*\[[^\]]*$", "end the name of a table with ]"),
        (
            r"^\s*\[\[?[^\]]*[^\s\w.\[\]-]|^\s*\[\[?\s*[\w.-]+\s+[\w-]",
            "put a name with blanks or other signs in quotes",
        ),
        (r"^\s*[\w.-]+\s*:", "write = between a key and its value"),
        (r"^\s*=", "write a key before ="),
        (r"=\s*$", "write a value after ="),
        (r"=\s*(?:true|false|yes|no|on|off)\b", "write true or false, in small letters"),
        (r"\d\s*[ap]\.?m\b|=\s*\d{1,2}:\d\d$", 'put a time of day in quotes, such as "1pm"'),
        (rf"\d[/.]\d{{1,2}}[/.]\d|\d-\d{{1,2}}-\d|\b(?:{MONTHS})[a-z]*\.? \d", "write a day as 2026-11-23"),
        (r"\d,\d{3}\b", "leave the comma out of a number"),
        (r"\d\s*%", "leave out the %"),
        (r"=\s*[\[{]?\s*[^\W\d]", "put text in quotes"),
        (r"^[^=\[]+$", "write KEY = VALUE, or [TABLE]"),
        (r"^[^=]*=\s*\[[^\]]*$", "a list lacks a comma, or its ] at the end"),
        (r"^[^=]*=[^\[{]*,$|[\]}],$", "leave out the comma at its end"),
        (r"^\s*\[", "what stands above it lacks a ] at the end"),
    )
)
# By how what the parser says begins, where the line alone does not tell.
BY_PARSER = {
    "Cannot declare": "there is a table of that name already, further up",
    "Cannot redefine": "it is there already, further up",
    "Cannot overwrite": "there is such a key already, further up",
    "Cannot mutate": "there is such a key already, further up",
    "Duplicate": "a key stands in it twice",
    "Illegal character '\\n'": 'a quote " is missing',
    "Illegal character": "a sign in it cannot be seen; type the line anew",
    "Found invalid character": "a sign in it cannot be seen; type the line anew",
    "Escaped character": r"write \\ for a \ in quotes",
    "Invalid hex value": r"write \\ for a \ in quotes",
    "Unescaped '\\' in a string": r"write \\ for a \ in quotes",
    "Invalid date or datetime": "there is no such day or time",
    "Unclosed array": "a list lacks a comma, or its ] at the end",
    "Unclosed inline table": "what stands in { } lacks a comma, or its } at the end",
    "Unterminated string": 'a text lacks its """ at the end',
}
# Where the line does not tell either.
OTHERWISE = {
    "Expected newline": "leave out what stands behind the value",
    "Invalid value": "put text in quotes",
}


def plainly_at_line(said: str, text: str) -> str:
    """Return, on one line, the line of a file's `text` that the parser names, or else the last, and what is wrong.

    It ends with what the parser `said` where nothing better is known.
    """
    found, lines = AT_LINE.fullmatch(said), text.rstrip().split("\n")
    number, why = (int(found[2]), found[1]) if found else (len(lines), said)
    line = "".join(text.split("\n")[number - 1 :][:1])
    return f"line {number} is {_shown(line)}: {_reason(why, line)}"


def _shown(line: str) -> str:
    """Return a line as code, as much of it as is seen at a glance."""
    seen = " ".join("".join(sign if sign.isprintable() else " " for sign in line).replace("`", "'").split())
    return f"`{seen}`" if len(seen) <= LONGEST else f"`{seen[:LONGEST]}…`"


def _reason(said: str, line: str) -> str:
    bare = QUOTED.sub(lambda text: '"' if text[1] == "" else "0", line).partition("#")[0].rstrip()
    if '"' in bare:
        return 'a quote " is missing'
    by_parser = next((told for begins, told in BY_PARSER.items() if said.startswith(begins)), "")
    by_line = next((told for pattern, told in BY_LINE if pattern.search(bare)), "")
    if said.startswith("Unclosed array"):
        return by_line or by_parser
    return by_parser or by_line or next((told for begins, told in OTHERWISE.items() if said.startswith(begins)), said)
