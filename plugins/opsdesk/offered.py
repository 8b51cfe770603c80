"""What the desk offers a chat that has buttons, forms and a page of its own."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from opsdesk.chat import HomePage, MessageRef, Person
from opsdesk.commands import Pressing
from opsdesk.desk import Desk
from opsdesk.ground import Ground
from opsdesk.workers import Repeating

if TYPE_CHECKING:
    from opsdesk.home import Home

EVERY, FIRST = 5.0, 30.0  # seconds between two looks whether a page tells otherwise, and until the first


def pressing(desk: Desk, prefix: str) -> Pressing:
    """Return what a press or a form does. A card that cannot stand where it was asked for stands in go-live."""
    channels, rehearsal = desk.settings.file.channels, desk.settings.rehearsal
    elsewhere = channels.rehearsal if rehearsal else channels.go_live
    messages = {"incident": lambda number: desk.incidents.log.get(number).card, "alert": lambda n: _alert(desk, n)}
    return Pressing(desk.incidents, desk.contacts, desk.zone, desk.now, prefix, elsewhere.id, messages)


class PageAtHand:
    """The page that people see who open the desk, shown by `publish`. `why_not` tells who is no member.

    It is made once somebody opens it, or did before the start. Nothing is shown unasked unless the chat `is_ready`.
    """

    def __init__(
        self,
        desk: Desk,
        why_not: Callable[[str], str],
        publish: Callable[[str, HomePage], None],
        is_ready: Callable[[], bool],
    ) -> None:
        self._desk, self._why_not, self._publish, self._is_ready = desk, why_not, publish, is_ready
        self._following = Repeating(self._tick, EVERY, "home", first=FIRST)

    def opened(self, person: str) -> None:
        """Show the page to somebody who opens it. Waits for nothing."""
        self._home.opened(person)

    @cached_property
    def _home(self) -> "Home":
        from opsdesk.home import build  # nobody may ever open it: without it the desk starts sooner

        desk = self._desk
        ground = Ground(desk.settings, desk.store, desk.chat, desk.now, desk.trouble)
        wings = desk.oncall, desk.incidents, desk.alerts, desk.counts, desk.summary
        return build(ground, *wings, self._refused, self._publish)

    def _refused(self, person: str, at: datetime) -> str:
        return self._why_not(person) or self._desk.access.why_not_read(Person(person, person), at)

    def _tick(self) -> None:
        if self._is_ready():
            self._home.tick()


def _alert(desk: Desk, number: int) -> MessageRef | None:
    group = desk.alerts.ledger.get(number)
    return group.place or group.reply
