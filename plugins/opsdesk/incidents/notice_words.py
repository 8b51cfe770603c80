"""The outage notice of an incident, by the team's template, and what is answered about it.

The template is that of the outage e-mails of the team's incident response playbook.
"""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from opsdesk import guard
from opsdesk.clock import day_of
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.words import cut_plain
from opsdesk.text import tell_date, tell_length, tell_list, tell_time, tell_zone

APPLICATION = "Check-in Experience"  # where an incident names no subsystem
LONGEST = 600  # characters of what was last said, and of what it means for people


def notice(incident: Incident, application: str, impact: str, at: datetime, zone: tzinfo) -> str:
    """Return the notice as of `at`; `application` is the name of the subsystem, "" for none."""
    app, end = guard.plain(application or APPLICATION), incident.resolved_at
    rows = {
        "Applications Impacted": app,
        "Business Impact": guard.plain(impact) or "not known yet",
        "Start": _moment(incident.started_at, zone),
        "End": f"{_moment(end, zone)}, after {tell_length(incident.age(at))}" if end else "not yet",
        "Current Status": _status(incident),
        "Resolution": cut_plain(incident.last_word, LONGEST) or "resolved" if end else "not yet",
    }
    head = f"*{_head(incident, application, zone)}*"
    return "\n".join([head, *(f"*{name}:* {told}" for name, told in rows.items())])


def struck(incident: Incident, application: str, by: str, at: datetime, zone: tzinfo) -> str:
    """Return what stands in the place of a notice that `by` took back at `at`."""
    return f"~{_head(incident, application, zone)}~ Taken back by {by} {tell_time(at, zone)}: it is no notice."


def _head(incident: Incident, application: str, zone: tzinfo) -> str:
    app = guard.plain(application or APPLICATION)
    return f"{app} Production Outage {incident.started_at.astimezone(zone):%m-%d-%Y}"


def _status(incident: Incident) -> str:
    if incident.aside:
        return "no outage: it was opened by mistake" if not incident.merged_into else "told of in another notice"
    said = incident.last_word if incident.is_open else ""
    return ": ".join(filter(None, (str(incident.status), guard.plain(incident.title), cut_plain(said, LONGEST))))


def asked(incident: Incident, written: str, impact: str, *, stands: bool) -> str:
    """Return the answer to `!incident notice`: the notice to copy, or where it stands, and what can be done with it."""
    number = incident.number
    where = (
        f"The notice of #{number} stands in its thread, and is kept current until it is over." if stands else written
    )
    lacking = (
        "" if impact else f"What it means for people is still missing: `!incident notice {number} <who cannot do what>`"
    )
    return "\n".join(filter(None, (where, lacking, f"`!incident announce {number}` sends it to people without Slack.")))


def announced(incident: Incident, targets: Sequence[str]) -> str:
    """Return the answer to `!incident announce`."""
    more = ", and its end once it is over" if incident.is_open else ""
    return f"The notice of #{incident.number} goes to {tell_list(list(targets))}{more}. `!desk targets` lists them."


def announced_before(incident: Incident, by: str, sent_at: datetime, at: datetime, zone: tzinfo) -> str:
    """Return the refusal where it was sent before and nothing has ended since."""
    day = tell_date(day_of(sent_at, zone), day_of(at, zone))
    return (
        f"{by} had the notice of #{incident.number} sent {day} {tell_time(sent_at, zone)}; its end is sent by itself."
    )


def taken_back(number: int, *, stands: bool) -> str:
    """Return the answer to `!undo` of a notice that was not there before."""
    struck_out = " What stands in its thread is struck out." if stands else ""
    return f"The notice of #{number} is taken back.{struck_out}"


def as_before(number: int, impact: str, *, sent: bool) -> str:
    """Return the answer to `!undo` of what a notice says that it means for people."""
    told = cut_plain(impact, LONGEST) or "what it means for people is not known yet"
    unsent = " What was sent to people without Slack is not unsent." if sent else ""
    return f"The notice of #{number} is as before: {told}.{unsent}"


def not_unsent(number: int) -> str:
    """Return the refusal to take back a notice that was sent to people without Slack."""
    return (
        f"The notice of #{number} was sent to people without Slack: that is not unsent. Its end is sent by itself: "
        f"`!incident resolve {number} what mended it`, or `!incident void {number} why` if there is no outage."
    )


def changed_since(number: int, by: str) -> str:
    """Return the refusal to take back what somebody has changed since."""
    mended = f"`!incident notice {number} <who cannot do what>` mends it"
    return f"{by} has changed the notice of #{number} since: {mended}."


def gone(number: int) -> str:
    """Return the refusal to take back what was taken back, or is kept no more."""
    return f"The notice of #{number} is taken back. `!incident notice {number}` writes it anew."


def too_long(number: int, characters: int) -> str:
    """Return the refusal of what it means for people where that is too long for a notice."""
    return (
        f"What it means for people has at most {LONGEST} characters in a notice, this has {characters:,}. "
        f"Put the details into a note: `!incident note {number} ...`."
    )


def nobody(incident: Incident) -> str:
    """Return the answer where nobody is sent notices."""
    return (
        "Nobody is sent outage notices: `[[targets]]` in data/desk.toml names who is. "
        f"`!incident notice {incident.number}` writes it to be copied."
    )


def _moment(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%m-%d-%Y} {tell_time(at, zone)} {tell_zone(at, zone)}"
