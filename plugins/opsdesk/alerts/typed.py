"""What people type about alerts, read."""

import re
from datetime import date, datetime, timedelta, tzinfo

from opsdesk.alerts.noise import NoiseRule
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.incidents import Severity
from opsdesk.patterns import regex
from opsdesk.text import is_day, read_day, take_end

NUMBER = regex(r"(?:#|alert\s+)?(\d{1,9})[.:,]?(?:\s+|$)", re.IGNORECASE)
SEVERITY = regex(r"(?:^|\s)(?:--|—|–)?sev(?:erity)?[\s=:]*(\d)(?=\s|$)", re.IGNORECASE)
RULE = regex(
    r"\b(source|title|service|tag)\s{0,3}[=:]\s{0,3}(\"[^\"]*\"|“[^”]*”|[^\s]+(?:\s+(?!\w+\s{0,3}[=:])[^\s]+)*)", re.I
)
PAGE = regex(r"(?:^|\s)(\d{1,4})\s*$")


def read_number(text: str, verb: str) -> tuple[int, str]:
    """Return the number that a text begins with, and the rest; raise a UserError without one."""
    found = NUMBER.match(text)
    if not found:
        raise UserError(f"Which alert? `!alerts` lists them: `!alerts {verb} 3`.")
    return int(found[1]), text[found.end() :].strip()


def read_list(text: str, at: datetime, zone: tzinfo) -> tuple[date, int]:
    """Return the day and the page of "", "today", "yesterday 2", "2026-11-20"; raise a UserError for anything else."""
    found = PAGE.search(text) if not is_day(text.strip()) else None
    day, page = (text[: found.start()], int(found[1])) if found else (text, 1)
    if day.strip() and not is_day(day.strip()):
        raise UserError("Type `!alerts`, `!alerts yesterday`, `!alerts week`, or a number: `!alerts 3`.")
    return read_day(day.strip() or "today", day_of(at, zone)), max(page, 1)


def read_opening(text: str) -> tuple[int, Severity | None]:
    """Return the number of the alert and the severity in "3 --sev 2"."""
    number, rest = read_number(text, "open")
    found = SEVERITY.search(rest)
    try:
        return number, Severity.of(int(found[1])) if found else None
    except ValueError:
        raise UserError("A severity is 1 (the worst) to 3: `!alerts open 3 --sev 2`.") from None


def read_mute(text: str, at: datetime, zone: tzinfo) -> tuple[int, timedelta, str]:
    """Return the number, the length and the reason in "3 2h a deploy" or "3 until 7am, a nightly job"."""
    number, rest = read_number(text, "mute")
    until, reason = take_end(rest, at, zone)
    if not until:
        raise UserError(f"For how long? `!alerts mute {number} 2h a deploy`.")
    if until <= at:
        raise UserError(f"That is over already. Type a later time, or a length: `!alerts mute {number} 2h a deploy`.")
    return number, until - at, reason


def read_rule(text: str, by: str) -> NoiseRule:
    """Return the rule in `title=puma service=vets-api`; raise a UserError for one without anything to match."""
    found = {name.casefold(): value.strip("\"'“”") for name, value in RULE.findall(text)}
    rest = RULE.sub("", text).strip()
    if rest and "title" not in found:
        found["title"] = rest
    if not found:
        raise UserError("What shall it match? `!alerts try title=Puma backlog`, `!alerts try service=vets-api`.")
    tags = tuple(tag for tag in found.get("tag", "").split(",") if tag)
    try:
        return NoiseRule(
            by, "a dry run", found.get("source", ""), found.get("title", ""), found.get("service", ""), tags
        )
    except ValueError as wrong:
        raise UserError(f"{str(wrong).capitalize()}.") from None
