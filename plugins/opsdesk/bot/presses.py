"""What pressing a button or filling in a form does, in a chat that has them."""

from opsdesk.chat import MessageRef
from opsdesk.commands import pressed
from opsdesk.desk import Desk


def pressing(desk: Desk, prefix: str) -> "pressed.Pressing":
    """Return what a press or a form does. A card that cannot stand where it was asked for stands in go-live."""
    channels, rehearsal = desk.settings.file.channels, desk.settings.rehearsal
    elsewhere = channels.rehearsal if rehearsal else channels.go_live
    messages = {"incident": lambda number: desk.incidents.log.get(number).card, "alert": lambda n: _alert(desk, n)}
    asked_in = desk.questions.thread_of
    return pressed.Pressing(
        desk.incidents, desk.contacts, desk.zone, desk.now, prefix, elsewhere.id, messages, asked_in
    )


def _alert(desk: Desk, number: int) -> MessageRef | None:
    group = desk.alerts.ledger.get(number)
    return group.place or group.reply
