"""The forms about incidents, and what is typed for one that was filled in."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from opsdesk.chat import Doing, Field, FieldKind, Filled, Form, Misfilled
from opsdesk.errors import UserError
from opsdesk.incidents.incident import EntryKind, Incident, Status
from opsdesk.incidents.rules import TITLE_LIMIT, refuse_aside, refuse_resolved
from opsdesk.incidents.severity import WORST, Severity
from opsdesk.patterns import regex
from opsdesk.text import read_moment, tell_length

SINCE, FIRST = "since", "what"  # fields
UPDATES = {"severity": "update"}  # forms that are an update of one thing
OF_SINCE = regex(r"still to come|--at\b|--started\b")


def opening(subsystems: Sequence[str], what: str, words: str, since: str, where: str) -> Form:
    """Return the form that opens an incident, with what is known of it before."""
    fields = (
        Field(FIRST, "What is wrong", FieldKind.LINE, what, most=TITLE_LIMIT, is_optional=False),
        _severity(Severity.DEFAULT),
        Field("where", "Where", FieldKind.LIST, where, tuple((one, one) for one in subsystems)),
        _status(Status.INVESTIGATING),
        Field(SINCE, "Since when", FieldKind.LINE, since, most=60, hint="12:50pm, yesterday 4:10pm, 20m ago"),
        Field("words", "Details", FieldKind.WORDS, words),
    )
    typed = "!incident open VistA is slow --sev 2"
    return Form("incident.open", "", "Open an incident", "Open", fields, typed)


def updating(incident: Incident, at: datetime, zone: tzinfo) -> Form:
    """Return the form that says what is new with an incident; raise a UserError where it is over."""
    _refuse_over(incident, EntryKind.UPDATED, at, zone)
    owner = incident.owner.id if incident.owner else ""
    fields = (
        Field("words", "What is new", FieldKind.WORDS),
        _status(incident.status),
        _severity(incident.severity),
        Field("owner", "Owner", FieldKind.PERSON, owner),
    )
    typed = f"!incident update {incident.number} two sites --status identified"
    return Form("incident.update", str(incident.number), f"Update #{incident.number}", "Update", fields, typed)


def grading(incident: Incident, at: datetime, zone: tzinfo) -> Form:
    """Return the form that changes how bad an incident is; raise a UserError where it is over."""
    _refuse_over(incident, EntryKind.UPDATED, at, zone)
    fields = (_severity(incident.severity), Field("words", "Why", FieldKind.WORDS))
    typed = f"!incident update {incident.number} --sev {WORST.value}"
    return Form("incident.severity", str(incident.number), f"Severity of #{incident.number}", "Change", fields, typed)


def resolving(incident: Incident, at: datetime, zone: tzinfo) -> Form:
    """Return the form that resolves an incident; raise a UserError where it is over."""
    _refuse_over(incident, EntryKind.RESOLVED, at, zone)
    fields = (Field("words", "What ended it", FieldKind.WORDS, hint="The day's post tells it."),)
    typed = f"!incident resolve {incident.number} restarted"
    return Form("incident.resolve", str(incident.number), f"Resolve #{incident.number}", "Resolve", fields, typed)


def noting(incident: Incident, at: datetime, zone: tzinfo) -> Form:
    """Return the form that adds a note to an incident; raise a UserError where none can be added."""
    refuse_aside(incident, EntryKind.NOTED, at, zone)
    fields = (Field("words", "Note for the timeline", FieldKind.WORDS, is_optional=False),)
    typed = f"!incident note {incident.number} ticket is filed"
    return Form("incident.note", str(incident.number), f"Note on #{incident.number}", "Add", fields, typed)


def typed_for(filled: Filled, at: datetime, zone: tzinfo) -> Doing:
    """Return the command that a form stands for; raise Misfilled where a field cannot be read."""
    verb = filled.name.partition(".")[2]
    words = filled.values.get("words", "").strip()
    options = _options(filled)
    if verb == "open":
        what = " ".join(filled.values.get(FIRST, "").split())
        text = " ".join([what, *options, *_since(filled, at, zone)]) + (f"\n{words}" if words else "")
    else:
        text = " ".join([f"#{filled.about}", *options, *([words] if words else [])])
    return Doing(f"incident_{UPDATES.get(verb, verb)}", text)


def field_of(form: str, refusal: str) -> str:
    """Return the field below which a refusal of a form belongs."""
    if form != "incident.open":
        return "words"
    return SINCE if OF_SINCE.search(refusal) else FIRST


def _refuse_over(incident: Incident, kind: EntryKind, at: datetime, zone: tzinfo) -> None:
    refuse_aside(incident, kind, at, zone)
    refuse_resolved(incident, kind, at, zone)


def _options(filled: Filled) -> list[str]:
    """Return what was chosen otherwise than it stood there: what others change meanwhile stays as they set it."""
    chosen = {name: filled.changed(name) for name in ("severity", "where", "status", "owner")}
    options = {"severity": "--sev {}", "where": "--on {}", "status": "--status {}", "owner": "--owner <@{}>"}
    return [options[name].format(value) for name, value in chosen.items() if value]


def _since(filled: Filled, at: datetime, zone: tzinfo) -> list[str]:
    since = filled.values.get(SINCE, "").strip()
    if not since:
        return []
    try:
        read_moment(since, at, zone)
    except UserError as unread:
        raise Misfilled({SINCE: str(unread)}) from None
    return [f'--at "{since}"']


def _severity(chosen: Severity) -> Field:
    choices = tuple((str(one.value), _told(one)) for one in Severity)
    return Field("severity", "Severity", FieldKind.CHOICE, str(chosen.value), choices, is_optional=False)


def _told(severity: Severity) -> str:
    how = ", the worst" if severity is WORST else ", major" if severity <= Severity.MAJOR else ""
    return f"{severity.label}{how}: a reminder after {tell_length(severity.remind_every)} without news"


def _status(chosen: Status) -> Field:
    choices = tuple((one.value, one.value) for one in Status if one is not Status.RESOLVED)
    return Field("status", "Status", FieldKind.LIST, chosen.value, choices, is_optional=False)
