"""What people type behind `!incident action`: a new item, one that is done, or what is to be listed."""

import re
from datetime import date

import msgspec
from msgspec.structs import replace

from opsdesk.chat import Command
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.incidents.actions import open_items
from opsdesk.incidents.entries import ActionTerms
from opsdesk.incidents.rules import Change
from opsdesk.incidents.typed import IncidentReader, NumberedChange
from opsdesk.patterns import regex
from opsdesk.text import DAY, read_coming_day, retyped

LONGEST = 200  # characters of an item
# Of a text whose words have one blank between them.
LISTED = regex(r"(?:list|show|all|open)?(?: ?\b(mine|my|me))?", re.IGNORECASE)
DONE = regex(r"(?:done|did|finished|closed?)(?: #?(\d{1,4}))?[.!]?", re.IGNORECASE)
DONE_FIRST = regex(r"done ((?:#|INC-)?\d{1,9}) (\d{1,4})", re.IGNORECASE)
OWNER = regex(r"(?<!\S)(?:for |to )?(<@[^>\s]{1,80}>|@[^\s,.;:]\S*)")
BY = regex(rf"(?<![^\s,])(?:by|until|till|due|before) (?:on |this |next )?({DAY})(?=[\s,.;:!]|$)", re.IGNORECASE)
LIKE = "Add a health check @bob by friday"


class Listed(msgspec.Struct, frozen=True):
    """The items of an incident, or those to be done of all of them (0), of whoever asks alone if they are `mine`."""

    number: int = 0
    mine: bool = False


class Done(msgspec.Struct, frozen=True):
    """An incident, and the number of its item that is done."""

    number: int
    item: int


def read_action(command: Command, reader: IncidentReader) -> NumberedChange | Done | Listed:
    """Return what is asked for; raise a UserError that says what to type where anything is missing."""
    command = replace(command, text=" ".join(command.text.split()))
    if swapped := DONE_FIRST.fullmatch(command.text):
        command = replace(command, text=f"{swapped[1]} done {swapped[2]}")
    if listed := LISTED.fullmatch(command.text):
        return Listed(mine=bool(listed[1]))
    number, text = reader.which(command, "action")
    if LISTED.fullmatch(text):
        return Listed(number)
    if done := DONE.fullmatch(text):
        return Done(number, int(done[1]) if done[1] else _only_open(number, reader))
    return NumberedChange(number, _added(number, text, command, reader))


def _only_open(number: int, reader: IncidentReader) -> int:
    """Return the number of the one item that is to be done; raise a UserError where there are several, or none."""
    items = open_items(reader.log.get(number))
    if len(items) == 1:
        return items[0].number
    if not items:
        raise UserError(f"#{number} has no action item to be done. Add one: `!incident action {number} {LIKE}`.")
    which = "\n".join(f"{item.number}. {item.text}" for item in items)
    raise UserError(f"Which one? Type `!incident action {number} done {items[0].number}`.\n{which}")


def _added(number: int, typed: str, command: Command, reader: IncidentReader) -> Change:
    day, text = _day(number, typed, day_of(command.at, reader.zone))
    owner, text = OWNER.search(text), OWNER.sub("", text, count=1)
    whose = reader.named(owner[1], command.by) if owner else command.by
    text = " ".join(text.split()).strip(" ,;.")
    if not text:
        raise UserError(f"What is to be done? Type `!incident action {number} {LIKE}`.")
    if len(text) > LONGEST:
        note = f"Put the details into a note: `!incident note {number} ...`."
        raise UserError(f"An action item has at most {LONGEST} characters, this one has {len(text):,}. {note}")
    return Change(text=text, action=ActionTerms(whose, day), late=command.late)


def _day(number: int, typed: str, today: date) -> tuple[date, str]:
    """Return the day that stands last behind "by", and the text without it. Raise a UserError without a coming one."""
    found = list(BY.finditer(typed))
    if not found:
        again = retyped(f"!incident action {number}", f"{typed} by friday")
        raise UserError(f"By which day? Type `{again}`, or another day: tomorrow, Dec 4, 2026-12-04.")
    last = found[-1]
    day = read_coming_day(last[1], today)
    if day < today:
        raise UserError(f"{day:%b} {day.day}, {day.year} is past. Type a day to come: friday, Dec 4, 2026-12-04.")
    return day, f"{typed[: last.start()]} {typed[last.end() :]}"
