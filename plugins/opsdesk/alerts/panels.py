"""What can be pressed on the reply below an alert; what it says is in `words`."""

from opsdesk.alerts.group import AlertGroup, Outcome
from opsdesk.chat import Button, Panel


def panel(text: str, group: AlertGroup) -> Panel | None:
    """Return the reply with what can be done about a problem as it stands; None where that is nothing."""
    buttons = _buttons(group)
    return Panel(text=text, buttons=buttons) if buttons else None


def _buttons(group: AlertGroup) -> tuple[Button, ...]:
    about = f"{group.number}@1"  # whoever presses has seen no incident become of it
    looking = Button("Looking", "alert.looking", about, f"Say that you look at alert {group.number}", primary=True)
    noise = Button("Noise", "alert.noise", about, f"Call alert {group.number} noise")
    opening = Button("Open an incident", "alert.open", about, f"Open an incident from alert {group.number}")
    back = Button("Take it back", "alert.back", about, f"Take back what you said of alert {group.number}")
    by_somebody = group.outcome in (Outcome.NOISE, Outcome.HANDLED) and not group.is_muted
    return {
        Outcome.UNTOUCHED: (looking, noise, opening),
        Outcome.ACKNOWLEDGED: (opening, back),
    }.get(group.outcome, (back,) if by_somebody else ())
