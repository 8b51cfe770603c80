"""What can be pressed on the reply below an alert; what it says is in `words`."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from opsdesk.alerts.group import AlertGroup, Outcome
from opsdesk.alerts.words import counted, line, listing
from opsdesk.chat import Button, Panel

MOST_WAITING = 10  # problems in a list of those that nobody has touched


def panel(text: str, group: AlertGroup) -> Panel:
    """Return the reply with what can be done about a problem as it stands, which may be nothing."""
    return Panel(text=text, buttons=_buttons(group))


def listed(groups: Sequence[AlertGroup], day: date, at: datetime, zone: tzinfo) -> tuple[Panel, ...]:
    """Return a day's problems in one line, then each that nobody has touched, and how many more of those."""
    told = counted(groups) if groups else listing(groups, day, at, zone)
    waiting = [group for group in groups if group.outcome is Outcome.UNTOUCHED]
    ones = (_listed(group, at, zone) for group in waiting[:MOST_WAITING])
    more = len(waiting) - MOST_WAITING
    rest = [Panel(facts=f"and {more} more: `!alerts`")] if more > 0 else []
    return (Panel(text=told), *ones, *rest)


def _listed(group: AlertGroup, at: datetime, zone: tzinfo) -> Panel:
    link = group.place.permalink if group.place else ""
    return Panel(text=line(group, at, zone), buttons=(_looking(group),), link=link)


def _looking(group: AlertGroup) -> Button:
    says = f"Say that you look at alert {group.number}"
    return Button("Looking", "alert.looking", _about(group), says, primary=True)


def _about(group: AlertGroup) -> str:
    return f"{group.number}@1"  # whoever presses has seen no incident become of it


def _buttons(group: AlertGroup) -> tuple[Button, ...]:
    about, looking = _about(group), _looking(group)
    noise = Button("Noise", "alert.noise", about, f"Call alert {group.number} noise")
    opening = Button("Open an incident", "alert.open", about, f"Open an incident from alert {group.number}")
    back = Button("Take it back", "alert.back", about, f"Take back what you said of alert {group.number}")
    by_somebody = group.outcome in (Outcome.NOISE, Outcome.HANDLED) and not group.is_muted
    return {
        Outcome.UNTOUCHED: (looking, noise, opening),
        Outcome.ACKNOWLEDGED: (opening, back),
    }.get(group.outcome, (back,) if by_somebody else ())
