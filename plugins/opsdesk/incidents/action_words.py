"""Action items in words: the answers about them, the lists, and the reminder of those that are due."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo

from opsdesk import guard
from opsdesk.chat import Person, mention
from opsdesk.clock import day_of
from opsdesk.incidents.actions import ActionItem, action_items, open_items
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.words import shortened
from opsdesk.text import tell_date, tell_when

MOST_LISTED = 15
LONGEST_TITLE = 60  # characters of an incident's title beside an item
ADD = "Add one: `!incident action {} Add a health check @bob by friday`."

Owed = tuple[Incident, ActionItem]


def owed(incidents: Iterable[Incident]) -> list[Owed]:
    """Return the items that are to be done, each with its incident: those due first come first."""
    found = [(one, item) for one in incidents for item in open_items(one)]
    return sorted(found, key=lambda each: (each[1].due, each[0].number, each[1].number))


def added(incident: Incident, by: Person) -> str:
    """Return the answer to a new item, which notifies its owner unless they typed it themselves."""
    item = action_items(incident)[-1]
    owner = item.owner.name if item.owner.id == by.id else mention(item.owner)
    day = f"{item.due:%A}, {item.due:%b} {item.due.day}"
    done = f"`!incident action {incident.number} done {item.number}` once it is done."
    return f"#{incident.number} action item {item.number}, {owner}, by {day}: {guard.plain(item.text)}\n{done}"


def done(incident: Incident, number: int) -> str:
    """Return the answer to an item that is done: how many are left of the incident."""
    item = next(one for one in action_items(incident) if one.number == number)
    left = len(open_items(incident))
    rest = f"{left} of #{incident.number} to be done." if left else f"That was the last of #{incident.number}."
    return f"✅ Action item {number} is done: {guard.plain(item.text)}. {rest}"


def of_incident(incident: Incident, at: datetime, zone: tzinfo) -> str:
    """Return all items of an incident, done or not."""
    items, number = action_items(incident), incident.number
    if not items:
        return f"#{number} has no action items. {ADD.format(number)}"
    lines = [_line(item, at, zone) for item in items]
    return "\n".join([f"Action items of #{number} {incident.shown_title}", *lines])


def listed(each: Sequence[Owed], whose: str, at: datetime, zone: tzinfo) -> str:
    """Return the items that are to be done, of all incidents; `whose` is "" or " of yours"."""
    if not each:
        return f"No action item{whose} is to be done."
    today = day_of(at, zone)
    lines = [due_line(incident, item, today) for incident, item in each[:MOST_LISTED]]
    left = len(each) - MOST_LISTED
    more = [f"and {left} more, due later: `!incident action 12 list` shows those of one incident."] if left > 0 else []
    head = f"{len(each)} action item{'' if len(each) == 1 else 's'}{whose} to be done"
    return "\n".join([head, *lines, *more])


def due_line(incident: Incident, item: ActionItem, today: date) -> str:
    """Return an item in a line, with its incident: "• #12 item 1 Add a health check · bob · by Nov 27 · VistA"."""
    title = shortened(incident.shown_title, LONGEST_TITLE)
    parts = (guard.plain(item.text), item.owner.name, _due(item.due, today), title)
    return f"• #{incident.number} item {item.number}: {' · '.join(parts)}"


def reminder(each: Sequence[Owed], today: date) -> str:
    """Return what somebody is told of their items that are due."""
    many = "An action item of yours is" if len(each) == 1 else f"{len(each)} action items of yours are"
    lines = [due_line(incident, item, today) for incident, item in each[:MOST_LISTED]]
    left = len(each) - MOST_LISTED
    more = [f"and {left} more: `!incident action list mine`"] if left > 0 else []
    incident, item = each[0]
    ways = f"`!incident action {incident.number} done {item.number}` once it is done."
    return "\n".join([f"{many} due:", *lines, *more, ways])


def _line(item: ActionItem, at: datetime, zone: tzinfo) -> str:
    if item.done:
        end = f"done by {item.done.by.name} {tell_when(item.done.written_at, at, zone)}"
        return f"✅ {item.number}. {guard.plain(item.text)} · {end}"
    return f"• {item.number}. {guard.plain(item.text)} · {item.owner.name} · {_due(item.due, day_of(at, zone))}"


def _due(due: date, today: date) -> str:
    late = (today - due).days
    if late > 0:
        return f"⚠ due {tell_date(due, today)}, {late} day{'' if late == 1 else 's'} late"
    return f"by {tell_date(due, today)}"
