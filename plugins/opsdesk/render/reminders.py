"""Words of reminders."""

from datetime import datetime, timedelta, tzinfo

from opsdesk.chat import Person, mention
from opsdesk.moments import tell_length, tell_when
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


def snoozed(number: int, until: datetime, at: datetime, zone: tzinfo) -> str:
    """That reminders are kept back."""
    return f"Nobody is reminded of #{number} until {tell_when(until, at, zone)}."


def acknowledged(incident: Incident, limit: timedelta, at: datetime) -> str:
    """How long an incident took to be acknowledged, or waits already, and whether that is what was agreed."""
    took, head = incident.time_to_acknowledge, f"#{incident.number} {incident.title}"
    if took is None:
        return (
            f"{head}: not acknowledged for {tell_length(at - incident.opened_at)} (agreed: within {tell_length(limit)})"
        )
    late = f" (agreed: within {tell_length(limit)})" if took > limit else ""
    return f"{head}: acknowledged after {tell_length(took)}{late}" if took else f"{head}: acknowledged at once"


def _to(whom: Person | None) -> str:
    return f"{mention(whom)} " if whom and whom.id else ""
