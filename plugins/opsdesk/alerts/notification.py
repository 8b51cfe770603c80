"""An alert as it arrived, by whichever way."""

from datetime import datetime, timedelta

import msgspec

from opsdesk.alerts.alert import Alert
from opsdesk.chat import MessageRef

HEARD_WITHIN = timedelta(minutes=2)  # of its sending, a notification is heard in time


class Notification(msgspec.Struct, frozen=True):
    """An alert as it arrived. `id` tells it from every other: a message's room and ts, a webhook's own id.

    `way` is "message", "webhook", "issue" (a webhook of an issue's state) or "desk"; `place` is the message that shows
    it, None where no channel does. `edited`: it is the new text of a message. `rule` is the noise rule that mutes it,
    "" for none.
    `read_back`: it was found in the channel later, and may have been counted long ago. `edited_at` is when its sender
    last changed it, None for never.
    """

    alert: Alert
    id: str
    way: str
    heard_at: datetime
    place: MessageRef | None = None
    edited: bool = False
    rule: str = ""
    read_back: bool = False
    edited_at: datetime | None = None

    @property
    def at(self) -> datetime:
        """Return the moment of what it says: an app may change a message of an hour ago into a recovery of now."""
        return self.edited_at if self.edited_at and self.alert.state.is_over else self.alert.at

    @property
    def read_at(self) -> datetime | None:
        """Return when it was read back; None where it was heard as it came."""
        return self.heard_at if self.read_back and self.heard_at - self.alert.at > HEARD_WITHIN else None
