"""Words of reminders."""

from datetime import datetime, timedelta

from opsdesk.chat import Person, mention
from opsdesk.moments import tell_length
from opsdesk.reminders import Unacknowledged
from opsdesk.timeline import Incident


class ReminderWords:
    """The words; they notify whoever is reminded."""

    def quiet(self, incident: Incident, length: timedelta, whom: Person | None, said: str) -> str:
        """That an incident has had no news for that long."""
        number = incident.number
        head = f"{_to(whom)}#{number} {incident.title} (sev {incident.severity}): no news for {tell_length(length)}."
        ways = f"`!incident update {number} <what is new>`, or `!incident snooze {number} 2h`"
        return "\n".join(filter(None, (said, f"{head} {ways}")))

    def unacknowledged(
        self, one: Unacknowledged, limit: timedelta, whom: Person | None, said: str, at: datetime
    ) -> str:
        """That something waits to be acknowledged, and within which time."""
        waited = f"not acknowledged for {tell_length(at - one.since)} (agreed: within {tell_length(limit)})"
        head = f"{_to(whom)}{one.title}: {waited}."
        return "\n".join(filter(None, (said, f"{head} {one.answer}")))


def _to(whom: Person | None) -> str:
    return f"{mention(whom)} " if whom and whom.id else ""
