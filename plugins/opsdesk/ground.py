"""What every wing of a desk stands on."""

from collections.abc import Callable
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from opsdesk import clock, later
from opsdesk.chat import Chat, Trouble
from opsdesk.errors import SettingsError
from opsdesk.settings import Settings
from opsdesk.store import KeptTexts, Store

T = TypeVar("T")


class Ground(msgspec.Struct, frozen=True):
    """One desk's settings, store, chat and clock, and who hears of trouble."""

    settings: Settings
    store: Store
    chat: Chat
    now: clock.Now
    trouble: Trouble

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of all days and times."""
        return self.settings.zone

    @property
    def kept(self) -> KeptTexts:
        """Return what keeps the team's files as they were when they were last right."""
        return KeptTexts(self.store)

    def put_off(self, make: Callable[[], T]) -> T:
        """Return what stands for a part until it is first used; on a store that desks share, the part itself.

        There each desk tells the others from the start what it can read of every table.
        """
        return make() if self.store.desks.shared else later.made(make)

    def complain(self, wrong: SettingsError) -> None:
        """Have the admins told of a mistake in a team's file at the next tick.

        Not at once: the summary reads these files, and telling the admins must not hold it up.
        """
        self.trouble.tell_admins_later(str(wrong))
