"""The card of an incident with its buttons, in parts; what its text says is in `words`."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from opsdesk import guard
from opsdesk.chat import Button, Panel
from opsdesk.clock import day_of
from opsdesk.incidents import list_words
from opsdesk.incidents.incident import Incident, Status
from opsdesk.incidents.words import LONGEST_ON_CARD, facts, head, shortened, weight
from opsdesk.text import tell_stamp

if TYPE_CHECKING:
    from opsdesk.incidents.lists import Page


def panel(incident: Incident, at: datetime, zone: tzinfo, below: str = "") -> Panel:
    """Return the message that shows an incident, with what can be pressed as it stands."""
    buttons, more = _pressed_while_open(incident) if incident.is_open else (_pressed_after(incident), ())
    told = _facts(incident, at, zone)
    return Panel(head(incident), told, _last_word(incident, at, zone), below, tuple(buttons), tuple(more))


def listed(page: "Page", at: datetime, zone: tzinfo) -> tuple[Panel, ...]:
    """Return a page of the list of open incidents: how many there are, each of them, and how many more."""
    today, more = day_of(at, zone), (page.total or 0) - len(page.incidents)
    rest = [f"and {more} more: `{page.listing.command} 2`"] if more > 0 else []
    ones = (_listed(one, at, zone) for one in page.incidents)
    below = (Panel(facts=line) for line in (*rest, *list_words.missing(page, today)))
    return (Panel(text=list_words.headline(page, today, paged=False)), *ones, *below)


def _listed(one: Incident, at: datetime, zone: tzinfo) -> Panel:
    link = one.card.permalink if one.card else ""
    return Panel(head(one), _facts(one, at, zone), buttons=(_updating(one),), link=link)


def _updating(incident: Incident) -> Button:
    return _button(incident, "Update", "incident.update", "Update incident {}")


def _facts(incident: Incident, at: datetime, zone: tzinfo) -> str:
    """Return the second line of a card, with the status in every case: its sign alone is not read out."""
    told = list(facts(incident, at, zone))
    if incident.status is Status.INVESTIGATING and incident.is_open:
        told.insert(len(weight(incident)), str(incident.status))
    return " · ".join(told)


def _last_word(incident: Incident, at: datetime, zone: tzinfo) -> str:
    said = incident.last_said
    if not said or not said.text:
        return ""
    return f"{said.by.name} {tell_stamp(said.at, at, zone)}: {shortened(guard.one_line(said.text), LONGEST_ON_CARD)}"


def _pressed_while_open(incident: Incident) -> tuple[list[Button], list[Button]]:
    def button(label: str, act: str, says: str, *, primary: bool = False) -> Button:
        return _button(incident, label, act, says, primary=primary)

    buttons = [
        _updating(incident),
        button("Resolve", "incident.resolve", "Resolve incident {}", primary=True),
        button("Take it", "incident.take", "Take incident {}"),
        button("Timeline", "incident.timeline", "Show the timeline of incident {}"),
    ]
    more = [  # Slack takes five in a menu
        button("Add a note", "incident.note", "Add a note to incident {}"),
        button("Severity", "incident.severity", "Change how bad incident {} is"),
        *_runbook(incident),
        button("Escalate", "incident.escalate", "Ask the other team for help with incident {}"),
        button("Quiet for 2 hours", "incident.quiet", "Keep reminders of incident {} back for 2 hours"),
    ]
    return buttons, more


def _pressed_after(incident: Incident) -> list[Button]:
    return [
        _button(incident, "Reopen", "incident.reopen", "Reopen incident {}"),
        _button(incident, "Timeline", "incident.timeline", "Show the timeline of incident {}"),
    ]


def _runbook(incident: Incident) -> Iterable[Button]:
    if incident.subsystem:
        yield Button("Runbook", "runbook", incident.subsystem, f"Show the runbook of {incident.subsystem}")


def _button(incident: Incident, label: str, act: str, says: str, *, primary: bool = False) -> Button:
    """Return a button that knows how many entries of the timeline whoever presses it has seen told of."""
    about = f"{incident.number}@{len(incident.entries)}"
    return Button(label, act, about, says.format(incident.number), primary)


def reminding(number: int) -> tuple[Button, ...]:
    """Return what can be pressed on the reminder of an incident without news."""
    return (
        Button("Update", "incident.update", str(number), f"Update incident {number}"),
        Button("Quiet for 2 hours", "incident.quiet", str(number), f"Keep reminders of incident {number} back"),
    )


def acknowledging(number: int) -> tuple[Button, ...]:
    """Return what can be pressed on the reminder of an incident that nobody has acknowledged."""
    return (Button("I have it", "incident.ack", str(number), f"Acknowledge incident {number}", primary=True),)
