"""What may be said about an incident, and when: each rule refuses with what to type instead."""

from datetime import datetime, timedelta, tzinfo
from typing import Any

import msgspec
from msgspec.structs import replace

from opsdesk import guard
from opsdesk.chat import Person
from opsdesk.errors import UserError, as_option
from opsdesk.incidents import words
from opsdesk.incidents.actions import refuse_done
from opsdesk.incidents.entries import STATE, ActionTerms
from opsdesk.incidents.incident import Entry, EntryKind, Incident, Status, links_in
from opsdesk.incidents.lateness import refuse_late
from opsdesk.incidents.severity import Severity
from opsdesk.text import Offer, Offering, Unsure, literal, tell_when

TITLE_LIMIT, TEXT_LIMIT, LONGEST_REASON = 200, 4000, 200  # characters
MOST_OPEN, MOST_ENTRIES = 5_000, 10_000
OF_ALERTS = "alert/"  # begins the source of what an alert told
ALREADY = {
    "title": "is called that",
    "status": "is {}",
    "severity": "is sev {}",
    "subsystem": "is on {}",
    "owner": "is {}'s",
    "reported_by": "has that reporter",
    "started_at": "began then",
}


class Change(msgspec.Struct, frozen=True):
    """What somebody wants written about an incident: a text, and what it sets (None: left as it is).

    `happened_at` is the moment it speaks of, None for now. `source` names the chat message it was taken from. A `late`
    one was typed while nobody listened, and only good where nobody has written since. `seen` is how many entries of
    the incident whoever wants it had seen, 0 where that is not known.
    """

    text: str = ""
    title: str | None = None
    status: Status | None = None
    severity: Severity | None = None
    subsystem: str | None = None
    owner: Person | None = None
    reported_by: str | None = None
    started_at: datetime | None = None
    happened_at: datetime | None = None
    source: str = ""
    pinned_by: Person | None = None
    other: int = 0
    late: bool = False
    seen: int = 0
    action: ActionTerms | None = None
    done: int = 0


def opening(change: Change, at: datetime, by: Person, zone: tzinfo, *, taken: bool) -> Entry:
    """Return the first entry of an incident; raise a UserError for one without a title, too long, or yet to come."""
    change = _cleaned(change)
    if not change.title:
        raise UserError("What happened? Type `!incident open VistA timeouts on pre-check-in --sev 2 --on vista`.")
    if change.status is Status.RESOLVED:
        raise UserError("Open it without --status resolved, then type `!incident resolve` with what ended it.")
    if change.started_at:
        _refuse_future(change.started_at, at, zone)
    started = replace(
        change,
        status=change.status or Status.INVESTIGATING,
        severity=change.severity or Severity.DEFAULT,
        owner=change.owner or by,
        happened_at=None,
    )
    return _entry(EntryKind.OPENED, started, at, by, taken=taken)


def following(incident: Incident, kind: EntryKind, change: Change, at: datetime, by: Person, zone: tzinfo) -> Entry:
    """Return the next entry of `incident`, which sets only what changes; raise a UserError for what is not allowed."""
    _refuse_one_more(incident, kind, change)
    if change.late:
        _refuse_changed_since(incident, at, zone)
    change = _cleaned(change)
    new = _news(incident, change)
    if kind is EntryKind.REOPENED and incident.aside:
        new = replace(new, status=None if change.status is Status.RESOLVED else change.status)
    if new.happened_at:
        _refuse_future(new.happened_at, at, zone)
    refuse_aside(incident, kind, at, zone)
    refuse_late(incident, kind, change.seen, by, at, zone)
    if kind is EntryKind.REOPENED:
        _refuse_reopening(incident, new, at, zone)
    elif kind in (EntryKind.UPDATED, EntryKind.ACKNOWLEDGED, EntryKind.ASSIGNED, EntryKind.RESOLVED):
        refuse_resolved(incident, kind, at, zone, change.text)
    if kind is EntryKind.DONE:
        refuse_done(incident, change.done, at, zone)
    if kind is EntryKind.ACKNOWLEDGED:
        _refuse_acknowledged(incident, new, at, zone)
    _refuse_nothing_new(incident, kind, change, new)
    _refuse_empty(incident, kind, new)
    if kind in (EntryKind.VOIDED, EntryKind.MERGED) and not (new.text or new.other):
        raise UserError(f"Say why: `!incident void {incident.number} opened twice`.")
    if new.started_at and new.started_at > incident.opened_at:
        opened = tell_when(incident.opened_at, at, zone)
        raise UserError(f"#{incident.number} was opened {opened}, so it began by then. Give an earlier --started.")
    entry = _entry(kind, new, at, by)
    _refuse_early_end(incident.with_entry(entry), at, zone)
    return entry


def refuse_another(change: Change, open_now: int) -> None:
    """Raise a UserError for one more incident while very many are open, unless an alert opens it."""
    if open_now >= MOST_OPEN and not change.source.startswith(OF_ALERTS):
        raise UserError(
            f"{open_now:,} incidents are open, and {MOST_OPEN:,} is the most there can be. Nothing was opened. "
            "Resolve some (`!incident list`), or add this to one of them with `!incident update`."
        )


def _refuse_one_more(incident: Incident, kind: EntryKind, change: Change) -> None:
    """Raise a UserError where a timeline is full, unless it is the end of the incident or an alert that is told."""
    needed = kind is EntryKind.RESOLVED or change.source.startswith(OF_ALERTS)
    if len(incident.entries) >= MOST_ENTRIES and not needed:
        number = incident.number
        raise UserError(
            f"#{number} has {len(incident.entries):,} entries, and {MOST_ENTRIES:,} is the most there can be. "
            f"Resolve it with `!incident resolve {number}` and open another that begins with #{number}."
        )


def _refuse_changed_since(incident: Incident, at: datetime, zone: tzinfo) -> None:
    """Raise a UserError where anybody has written about an incident since `at`."""
    if incident.written_at > at:
        since = f"#{incident.number} has changed since you typed that ({tell_when(incident.written_at, at, zone)})"
        raise UserError(f"{since}: type it again if it still holds. `!incident show {incident.number}` tells more.")


def _cleaned(change: Change) -> Change:
    title, reported_by = _one_line(change.title), _one_line(change.reported_by)
    return replace(
        change,
        title=_fit(title, TITLE_LIMIT, "A title", "Put the details on a line of their own below it.") or None,
        text=_fit(change.text, TEXT_LIMIT, "A text", "Send it in parts."),
        reported_by=_fit(reported_by, TITLE_LIMIT, "A name", "Put the details into the text.") or None,
    )


def fitting(text: str) -> str:
    """Return a text from elsewhere as it is kept, cut to what an entry holds."""
    return guard.clean(text).strip()[:TEXT_LIMIT]


def _one_line(text: str | None) -> str:
    return " ".join((text or "").splitlines())


def _fit(text: str, limit: int, name: str, instead: str) -> str:
    text = guard.clean(text).strip() if text else ""
    if len(text) > limit:
        raise UserError(f"{name} has at most {limit:,} characters, this one has {len(text):,}. {instead}")
    return text


def _news(incident: Incident, change: Change) -> Change:
    """Return `change` without what the incident says already."""
    same: dict[str, Any] = {name: None for name in STATE if getattr(change, name) == getattr(incident, name)}
    return replace(change, **same)


def _entry(kind: EntryKind, change: Change, at: datetime, by: Person, *, taken: bool = False) -> Entry:
    return Entry(
        at=change.happened_at or at,
        by=by,
        kind=kind,
        typed_at=at if change.happened_at else None,
        text=change.text,
        source=change.source,
        pinned_by=change.pinned_by,
        other=change.other,
        taken=taken,
        action=change.action,
        done=change.done,
        **{name: getattr(change, name) for name in STATE},
    )


def _refuse_future(moment: datetime, at: datetime, zone: tzinfo) -> None:
    if moment > at:
        example = as_option("at", tell_when(at - timedelta(minutes=20), at, zone))
        passed = f"Give a time that has passed, such as `{example}`, or none."
        raise UserError(f"{tell_when(moment, at, zone)} is still to come. {passed}")


def refuse_aside(incident: Incident, kind: EntryKind, at: datetime, zone: tzinfo) -> None:
    """Raise a UserError where an incident counts no more: it can be opened again, and a void one be noted about."""
    end, number = incident.aside, incident.number
    if not end or kind is EntryKind.REOPENED or (kind is EntryKind.NOTED and not end.other):
        return
    again = f"`!incident reopen {number} why` takes that back."
    by = f"by {end.by.name} {tell_when(end.at, at, zone)}"
    if end.other:
        raise UserError(f"#{number} was merged into #{end.other} {by}: type it for #{end.other}. {again}")
    raise UserError(f"#{number} was voided {by} ({words.shortened(end.text, LONGEST_REASON)}). {again}")


def refuse_resolved(incident: Incident, kind: EntryKind, at: datetime, zone: tzinfo, text: str = "") -> None:
    """Raise a UserError where an incident is over; `text` may be what ended it, where nobody has said so."""
    end, number = incident.resolution, incident.number
    if not end:
        return
    already = "already " if kind is EntryKind.RESOLVED else ""
    over = f"#{number} was {already}resolved by {end.by.name} {tell_when(end.at, at, zone)}."
    if already and text and not end.text:
        raise Unsure(Offering(f"{literal(over)} Did you mean {{}}?", (Offer("incident_note", f"{number} {text}"),)))
    noting = f"`!incident note {number} ...` adds to its timeline"
    raise UserError(f"{over} {noting}, `!incident reopen {number} why` opens it again.")


def _refuse_acknowledged(incident: Incident, change: Change, at: datetime, zone: tzinfo) -> None:
    """Raise a UserError where somebody has it in hand already, and there is nothing else to say."""
    if incident.acknowledged_at and incident.acknowledged_by and not change.text:
        when = tell_when(incident.acknowledged_at, at, zone)
        number, by = incident.number, incident.acknowledged_by.name
        raise UserError(
            f"#{number} was acknowledged by {by} {when} already. "
            f"`!incident update {number} ...` says what is new, `!incident assign {number} me` takes it."
        )


def _refuse_reopening(incident: Incident, change: Change, at: datetime, zone: tzinfo) -> None:
    number = incident.number
    if incident.is_open:
        raise UserError(f"#{number} is open ({incident.status}). `!incident update {number} ...` says what is new.")
    if change.status is None:  # as it is now
        raise UserError(f"#{number} is to be opened again: leave out --status resolved.")
    if incident.resolved_at and change.happened_at and change.happened_at < incident.resolved_at:
        resolved = tell_when(incident.resolved_at, at, zone)
        raise UserError(
            f"#{number} was resolved {resolved}: it cannot be reopened before that. Give a later --at, or none."
        )


def _refuse_early_end(incident: Incident, at: datetime, zone: tzinfo) -> None:
    """Raise a UserError where `incident`, with the new entry, would be over before it began."""
    end = incident.resolved_at
    if end is None:
        return
    reopened = (entry.at for entry in incident.entries if entry.kind is EntryKind.REOPENED)
    begun = max([incident.started_at, *reopened])
    if end >= begun:
        return
    number, since, until = incident.number, tell_when(begun, at, zone), tell_when(end, at, zone)
    if begun != incident.started_at:
        raise UserError(
            f"#{number} was reopened {since}: it cannot be resolved before that. Give a later --at, or none."
        )
    raise UserError(
        f"#{number} began {since}: it cannot be resolved before that. If it began earlier, "
        f"type `!incident update {number} {as_option('started', until)}` first, with the time it did."
    )


def _refuse_nothing_new(incident: Incident, kind: EntryKind, change: Change, new: Change) -> None:
    """Raise a UserError where an update sets only what `incident` says already."""
    known = {name: value for name in STATE if (value := getattr(change, name)) is not None}
    if kind is not EntryKind.UPDATED or new.text or not known or _sets(new):
        return
    already = " and ".join(
        ALREADY[name].format(value.name if isinstance(value, Person) else value) for name, value in known.items()
    )
    raise UserError(
        f"#{incident.number} {already} already. Type what is new: `!incident update {incident.number} two sites now`."
    )


def _sets(change: Change) -> bool:
    return any(getattr(change, name) is not None for name in STATE)


def _refuse_empty(incident: Incident, kind: EntryKind, change: Change) -> None:
    """Raise a UserError where `change` adds nothing, each kind with what to type instead."""
    number = incident.number
    owner = incident.owner.name if incident.owner else "nobody"
    if kind is EntryKind.UPDATED and not change.text and not _sets(change):
        typed = f"`!incident update {number} what you know --status identified`"
        raise UserError(f"What is new with #{number}? Type {typed}.")
    if kind is EntryKind.ASSIGNED and change.owner is None:
        raise UserError(f"#{number} is {owner}'s already. `!incident assign {number} @somebody` gives it to another.")
    if kind is EntryKind.NOTED and not change.text:
        raise UserError(f"What is worth noting about #{number}? Type `!incident note {number} your words`.")
    if kind is EntryKind.LINKED and not links_in(change.text):
        raise UserError(f"There is no link in that. Type `!incident link {number} https://...`.")
    if kind is EntryKind.LINKED and set(links_in(change.text)) <= set(incident.links):
        raise UserError(f"#{number} has that link already. `!incident note {number} ...` adds words.")
    if kind is EntryKind.NOTED and incident.holds_note(change.source):
        raise UserError(f"That message is in the timeline of #{number} already.")
    if kind is EntryKind.WITHDRAWN and not incident.holds_note(change.source):
        raise UserError(f"That message is not in the timeline of #{number}.")
