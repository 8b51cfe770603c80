"""What can be pressed on the messages about shifts; what they say is in `words` and `handover_words`."""

from opsdesk.chat import Button, Panel

TAKING = (Button("I have the shift", "shift.accept", "", "Accept the shift", primary=True),)


def asking(text: str, number: int) -> Panel:
    """Return the request to swap, which its receiver accepts or declines."""
    decline = Button("Decline", "swap.decline", str(number), f"Decline request {number}")
    return Panel(text=text, buttons=(_accept(number), decline))


def offering(text: str, number: int) -> Panel:
    """Return the offer to cover, which whoever is first accepts."""
    return Panel(text=text, buttons=(_accept(number),))


def _accept(number: int) -> Button:
    return Button("Accept", "swap.accept", str(number), f"Accept request {number}", primary=True)
