"""Words of reminders."""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from opsdesk.chat import Person, mention
from opsdesk.moments import tell_length, tell_when
from opsdesk.timeline import Incident


class ReminderWords:
    """The words; they notify whoever is reminded."""

    def quiet(self, incident: Incident, length: timedelta, whom: Person | None, said: str) -> str:
        """That an incident has had no news for that long."""
        number = incident.number
        head = f"{_to(whom)}#{number} {incident.title} (sev {incident.severity}): no news for {tell_length(length)}."
        ways = f"`!incident update {number} <what is new>`, or `!incident snooze {number} 2h`"
        return "\n".join(filter(None, (said, f"{head} {ways}")))

    def unacknowledged(self, incident: Incident, limit: timedelta, whom: Person | None, said: str, at: datetime) -> str:
        """That an incident waits to be acknowledged, and within which time."""
        head = f"{_to(whom)}{_late(incident, limit, at)}. `!incident update {incident.number} looking into it`"
        return "\n".join(filter(None, (said, head)))


def snoozed(number: int, until: datetime, at: datetime, zone: tzinfo) -> str:
    """That reminders are kept back."""
    return f"Nobody is reminded of #{number} until {tell_when(until, at, zone)}."


def acknowledgements(opened: Iterable[tuple[Incident, timedelta]], at: datetime) -> list[str]:
    """A line for each incident that still waits to be acknowledged, and one for how long the others took.

    `opened` has each with the time that was agreed.
    """
    waiting, taken = list[str](), list[str]()
    for incident, limit in opened:
        took = incident.time_to_acknowledge
        if took is None:
            waiting.append(f"{_late(incident, limit, at)}. `!incident update {incident.number} looking`")
        else:
            taken.append(_taken(incident.number, took, limit))
    return [*waiting, *([f"Acknowledged: {', '.join(taken)}"] if taken else [])]


def _late(incident: Incident, limit: timedelta, at: datetime) -> str:
    waited = f"not acknowledged for {tell_length(at - incident.opened_at)} (agreed: within {tell_length(limit)})"
    return f"#{incident.number} {incident.title}: {waited}"


def _taken(number: int, took: timedelta, limit: timedelta) -> str:
    if not took:
        return f"#{number} at once"
    return f"#{number} in {tell_length(took)}" + (f" (agreed: {tell_length(limit)})" if took > limit else "")


def _to(whom: Person | None) -> str:
    return f"{mention(whom)} " if whom and whom.id else ""
