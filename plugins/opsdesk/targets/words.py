"""What people without Slack read, and what those in the chat read about it."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from opsdesk import guard
from opsdesk.incidents import Incident
from opsdesk.incidents import words as incident_words
from opsdesk.posts import PostLine, PostRecord, PostStep, State, sentence
from opsdesk.settings import Target
from opsdesk.targets.serious import WORST, is_serious
from opsdesk.text import tell_day, tell_length, tell_list, tell_on, tell_time, tell_zone

NONE = "Nobody is told elsewhere than here: `[[targets]]` in data/desk.toml names who should be."
LONGEST = 600  # characters of what was last said


def opened(incident: Incident, at: datetime, zone: tzinfo) -> str:
    """Return that an incident of the worst severity is open; or that it was, where that comes to be told too late."""
    if not is_serious(incident):
        return over(incident, at, zone)
    facts = [incident.subsystem, f"since {_stamp(incident.started_at, at, zone)}", str(incident.status)]
    facts.append(f"owner {incident.owner.name}" if incident.owner else "no owner")
    head = f"*Severity {WORST}: {_named(incident)}*"
    said = [incident_words.cut_plain(incident.last_word, LONGEST)] if incident.last_word else []
    return "\n".join([head, " · ".join(filter(None, facts)), *said, "What becomes of it is told here once it is over."])


def over(incident: Incident, at: datetime, zone: tzinfo) -> str:
    """Return that an incident is over, or no longer of the worst severity."""
    if incident.aside:
        why = f": {guard.plain(incident.aside.text)}" if incident.aside.text else ""
        what = f"it goes on as #{incident.merged_into}" if incident.merged_into else f"opened by mistake{why}"
        return f"*No incident: {_named(incident)}*\n{what[0].upper()}{what[1:]}"
    if incident.resolved_at:
        head = f"*Over: {_named(incident)}*"
        when = f"Resolved {_stamp(incident.resolved_at, at, zone)}, after {tell_length(incident.age(at))}"
        return "\n".join(
            [head, when, *([incident_words.cut_plain(incident.last_word, LONGEST)] if incident.last_word else [])]
        )
    return f"*No longer severity {WORST}: {_named(incident)}*\nIt is {incident.severity.label} now, and still open."


def changed(day: date, lines: Sequence[PostLine]) -> list[PostLine]:
    """Return the message that tells what has changed since a day's summary was sent."""
    head = PostLine("head", f"*Production support summary, {tell_day(day)}: changed since it was sent*")
    return [head, *lines]


def trial(target: Target, by: str) -> str:
    """Return the message by which somebody tries whether a target is reached."""
    return (
        f"*A trial*\nThe production-support desk was asked by {by} whether it reaches {target.name}: nothing is wrong."
    )


def tried(target: Target) -> str:
    """Return the answer once a trial was taken."""
    return f"Sent to {who(target)}: ask there whether it arrived."


def not_tried(target: Target, why: str) -> str:
    """Return the refusal where a trial was not taken."""
    return f"It was not sent to {who(target)}: {sentence(why)} `{target.address}` is where the address stands."


def unknown(name: str, named: Sequence[Target]) -> str:
    """Return the refusal where no target has this name."""
    known = tell_list([f"`!desk try {target.name}`" for target in named])
    return f'No target is called "{guard.plain(name)}": {known}.'


def all_listed(lines: Sequence[str]) -> str:
    """Return the answer to `!desk targets`."""
    return "\n".join([*lines, "`!desk try <name>` sends one a trial."]) if lines else NONE


def given_up(target: Target, what: str, record: PostRecord) -> str:
    """Tell that something was not sent to a target, why, and what to do."""
    last = record.last(PostStep.GIVEN_UP)
    reason = sentence(last.text if last else "it was given up")
    perhaps = " It may have arrived all the same." if record.may_stand else ""
    return (
        f"⚠ {_upper(what)} was not sent to {who(target)}: {reason}{perhaps} Who needs it there has to be told by you."
    )


def refused(target: Target, what: str, record: PostRecord, until: datetime, zone: tzinfo) -> str:
    """Tell that a target refuses what is sent, in a way that stays until somebody mends something."""
    last = record.last(PostStep.REFUSED)
    reason = sentence(last.text if last else "it was refused")
    until_then = f"Tried again until {tell_time(until, zone)}"
    return f"⚠ {_upper(what)} cannot be sent to {who(target)}: {reason} {until_then}; see to `{target.address}`."


def standing(target: Target, record: PostRecord, zone: tzinfo) -> str:
    """Return what became of a day's summary at a target: "VISN leads (Microsoft Teams): sent 8:00pm"."""
    last = record.last(*PostStep)
    state = record.state
    if state is State.POSTED and record.proof:
        told = f"sent {tell_time(record.proof.at, zone)}"
    elif state is State.GIVEN_UP and last:
        told = f"not sent: {last.text}"
    elif state is State.UNCONFIRMED:
        told = f"unconfirmed: {last.text}" if last and last.text else "being sent"
    else:
        told = f"being tried: {last.text}" if last and last.text else "not yet sent"
    return f"{who(target)}: {told}"


def listed(target: Target, wrong: str) -> str:
    """Return a target in a line: what it is sent, or what keeps it from that."""
    return f"{who(target)}: {f'⚠ {wrong}' if wrong else tell_list([str(one) for one in target.sends])}"


def who(target: Target) -> str:
    """Return a target's name, and what it is reached by."""
    return f"{guard.plain(target.name)} ({target.kind.told})"


def _named(incident: Incident) -> str:
    return f"#{incident.number} {incident.shown_title}"


def _stamp(moment: datetime, at: datetime, zone: tzinfo) -> str:
    return f"{tell_on(moment, at.astimezone(zone).date(), zone)} {tell_zone(moment, zone)}"


def _upper(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
