"""What becomes of a message that somebody edits: what only now is a command is done, and what was done is told of."""

import enum
from collections.abc import Collection, Sequence

from msgspec.structs import replace

from opsdesk.chat import Command, Edit, Reply
from opsdesk.clock import day_of
from opsdesk.commands import SPOKEN, Risk, lines, meanings, reading
from opsdesk.desk import Desk
from opsdesk.errors import UserError, as_option
from opsdesk.incidents import Incident, source_of, typed
from opsdesk.text import Offer, Offering

TOLD = "I took that as you first typed it: an edit changes nothing."
TOO_LATE = "An edit is done for two minutes: type {} as a new message."
ANEW = "Type it as a new message if it still is to be done."
TAKE_BACK = "`!undo` takes back what you did in the last ten minutes; then type it anew."


class EditDecision(enum.Enum):
    """What is done about an edited message."""

    RUN = "nothing was changed by it before: do it as it reads now"
    REFUSE = "it is too late for that: say so"
    TELL = "it was done as it read before: say so, and what to type"
    NOTHING = "it is no command"


def decide(edit: Edit | None, calls: Sequence[str], commands: Collection[str] = ()) -> EditDecision:
    """Return what to do about an edit. `calls` are what calls the desk, such as "!".

    Other plugins have some of the `commands`: what Errbot does with those is left to it.
    """
    if not edit or any(_is_foreign(text, calls, commands) for text in (edit.before, edit.after)):
        return EditDecision.NOTHING
    if not _readings(edit.after, edit, calls) or edit.before.split() == edit.after.split():
        return EditDecision.NOTHING
    if any(one.spoken.risk is not Risk.READS for one in _readings(edit.before, edit, calls)):
        return EditDecision.TELL
    return EditDecision.RUN if edit.is_soon else EditDecision.REFUSE


def asked(desk: Desk, edit: Edit, decision: EditDecision, calls: Sequence[str]) -> Reply:
    """Return the answer below an edited message, where a yes may do what the edit is for."""
    place = replace(edit.place, thread=edit.place.thread or edit.ts)
    return desk.questions.ask(Command("", edit.by, place, edit.at, edit.ts), told(desk, edit, decision, calls))


def told(desk: Desk, edit: Edit, decision: EditDecision, calls: Sequence[str]) -> Offering:
    """Return that an edit is not done, and what to type instead: the command that changes what was done."""
    readings, before = _readings(edit.after, edit, calls), _readings(edit.before, edit, calls)
    if decision is EditDecision.REFUSE:
        is_one = len(readings) == 1
        return Offering(TOO_LATE, (readings[0].offer,)) if is_one else Offering(TOO_LATE.format("it"))
    opened = _opened(desk, edit) if [one.name for one in (*before, *readings)] == ["incident_open"] * 2 else None
    if opened and (changes := _changes(desk, edit, readings[0].text, opened)):
        return Offering(f"{TOLD} {{}} changes it.", (Offer("incident_update", f"{opened.number} {changes}"),))
    if opened:
        return Offering(f"{TOLD} `!incident update {opened.number} ...` says what is new.")
    undoable = all(one.spoken.risk is Risk.UNDOABLE for one in before)
    return Offering(f"{TOLD} {TAKE_BACK if undoable else ANEW}")


def _readings(text: str, edit: Edit, calls: Sequence[str]) -> "list[meanings.Reading]":
    """Return the commands in a message that are known; in a direct message they need no call."""
    heard = [typed for typed in lines.commands_in(text, calls) if typed.called or not edit.place.room]
    return [one for one in map(_read, heard) if isinstance(one, meanings.Reading)]


def _is_foreign(text: str, calls: Sequence[str], commands: Collection[str]) -> bool:
    words = (typed.text.split(maxsplit=1) for typed in lines.commands_in(text, calls) if typed.called)
    return any(one and one[0].casefold() in commands and one[0].casefold() not in SPOKEN for one in words)


def _read(typed: "lines.Typed") -> object:
    return reading.read(typed.text, called=typed.called)


def _opened(desk: Desk, edit: Edit) -> Incident | None:
    """Return the incident that the message opened; None where it opened none."""
    source, day = source_of(edit.place.room or edit.by.id, edit.ts), day_of(edit.at, desk.zone)
    return next((one for one in desk.incidents.log.opened(day, day) if one.entries[0].source == source), None)


def _changes(desk: Desk, edit: Edit, text: str, incident: Incident) -> str:
    """Return the options that make the incident what the edited opening says; "" for none, or where it is refused."""
    log, subsystems = desk.incidents.log, desk.contacts.subsystems
    reader = typed.IncidentReader(log, desk.zone, desk.chat.person, subsystems.subsystem_key)
    try:
        new = reader.opening(Command(text, edit.by, edit.place, edit.at))
    except UserError:
        return ""
    wanted = {
        "title": new.title if new.title != incident.title else "",
        "sev": str(int(new.severity)) if new.severity and new.severity is not incident.severity else "",
        "on": new.subsystem if new.subsystem and new.subsystem != incident.subsystem else "",
        "owner": f"@{new.owner.name}" if new.owner and new.owner != incident.owner else "",
    }
    given = {name: value for name, value in wanted.items() if value}
    if any("`" in value or '"' in value for value in given.values()):
        return ""
    return " ".join(as_option(name, value) for name, value in given.items())
