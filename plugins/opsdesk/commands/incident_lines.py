"""What may stand behind "incident": its number before the verb, or a word for what is to be set."""

import re
from collections.abc import Mapping
from functools import cache

from msgspec.structs import replace

from opsdesk.commands.line import SMALL, Line, tidy
from opsdesk.commands.meanings import Meant, Question, Reading, nearest, question, reading, update_or_note, verbs
from opsdesk.incidents import Status
from opsdesk.patterns import regex
from opsdesk.text import reference

SETTING = {  # what stands before a value, behind an incident's number or before it
    "sev": "--sev",
    "severity": "--sev",
    "on": "--on",
    "title": "--title",
    "rename": "--title",
    "retitle": "--title",
    "status": "--status",
}
OPEN_STATUSES = tuple(one.value for one in Status if one is not Status.RESOLVED)
OF_ALL = ("incident_open", "incident_list", "incident_search", "incident_metrics")
PAGE = regex(r"(?:all|page)?\s*\d*", re.IGNORECASE)
SEV = regex(r"sev[ -]?(\d)")


def numbered(line: Line, at: int) -> Reading | Question | None:
    """Return what is meant where the word `at` is an incident's number; None where it is none.

    Behind it stands a verb ("1 resolve fixed"), what is to be set ("1 sev 2"), or what is to be shown of it.
    """
    number, word = line.number(at), line.word(at + 1)
    if number is None:
        return None
    if word == "status" and line.word(at + 2) not in ("", "all", "page", *OPEN_STATUSES, *SMALL):
        return replace(question(("incident_update",), line.behind(at)), gives_way=True)
    return (
        _set(number, line, at + 1)
        or _done(number, line, at + 1, _verb(word))
        or _shown(line, at)
        or _nearly_done(number, line, at + 1)
        or replace(update_or_note(line.behind(at)), gives_way=True)
    )


def setting(line: Line, at: int) -> Reading | None:
    """Return an update by the word for what it sets: "sev 2 3", "status identified 3", "rename 3 VistA is slow"."""
    word, rest = line.word(at), line.behind(at + 1)
    number, _, text = reference(rest)
    numbered = f"#{number} " if number is not None else ""
    if word in OPEN_STATUSES:
        return Reading("incident_update", f"{numbered}--status {word} {text}".strip())
    if found := SEV.fullmatch(word):
        return Reading("incident_update", f"sev {found[1]} {rest}".strip())
    if SETTING.get(word) == "--sev":
        return Reading("incident_update", f"sev {rest}".strip())
    if word == "on" or not _sets(line, at):
        return None
    return Reading("incident_update", f"{numbered}{SETTING[word]} {text}".strip())


def _sets(line: Line, at: int) -> bool:
    """Return whether the word `at` sets something: "status" alone asks for it."""
    word = line.word(at)
    if word == "on" and line.word(at + 1) in ("me", "it", "that"):
        return False
    return word in SETTING and (word != "status" or line.word(at + 1) in OPEN_STATUSES)


def _set(number: int, line: Line, at: int) -> Reading | None:
    word = line.word(at)
    if found := SEV.fullmatch(word):
        return Reading("incident_update", f"#{number} --sev {found[1]} {tidy(line.behind(at + 1))}".strip())
    if _sets(line, at):
        return Reading("incident_update", f"#{number} {SETTING[word]} {line.behind(at + 1)}")
    if word in OPEN_STATUSES:
        return Reading("incident_update", f"#{number} --status {word} {line.behind(at + 1)}".strip())
    return None


def _done(number: int, line: Line, at: int, meant: tuple[str, str] | None) -> Reading | None:
    return reading((meant[0], f"#{number} {meant[1]}".strip()), line.behind(at + 1)) if meant else None


def _nearly_done(number: int, line: Line, at: int) -> Reading | Question | None:
    near = nearest(line, at, _of_one(), behind_number=True)
    return Reading(near.name, f"#{number} {near.text}".strip(), near.taken) if isinstance(near, Reading) else near


@cache
def _of_one() -> Mapping[str, Meant]:
    """Return the verbs that stand behind an incident's number."""
    return {word: meant for word, meant in verbs("incident").items() if meant[0] not in OF_ALL}


def _verb(word: str) -> Meant | None:
    return _of_one().get(word) or _of_one().get(word.removesuffix("s"))


def _shown(line: Line, at: int) -> Reading | None:
    """Return the incident itself, or a page of it."""
    page = PAGE.fullmatch(line.behind(at + 1).rstrip("?!. "))
    return reading(("incident", ""), line.behind(at)) if page else None
