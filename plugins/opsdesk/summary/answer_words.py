"""What people are answered about the summary: shown, noted, left out, and what became of the last ones."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from opsdesk.clock import day_of
from opsdesk.posts import STATE_AFTER, PostEntry, PostRecord, PostStep, PostWords, State, sentence
from opsdesk.summary.commands import DayNotes, Noted, Past, ShownSummary
from opsdesk.text import tell_date, tell_day, tell_time, tell_when

LEFT_OUT = "; what was carried over may be missing if it was resolved more than two weeks later"
UNCHANGED = "This chat cannot change it, and no other post follows today: `!summary` shows the day as it goes on."


def shown(post: ShownSummary, zone: ZoneInfo) -> str:
    """Return the summary's text; above it stands if it was not or will not be sent."""
    state, skipped = post.record.state, post.record.last(PostStep.SKIPPED)
    head = ""
    if state is State.SKIPPED and skipped:
        head = f"(left out by {skipped.by}: {skipped.text})\n"
    elif post.over and state is State.WAITING:
        head = f"(no post was made that day: this is what there is to tell of it{LEFT_OUT if post.long_ago else ''})\n"
    elif state is State.GIVEN_UP:
        head = "(this could not be posted)\n"
    elif post.record.closed and not post.over:
        head = "(this can no longer be changed in the channel, which may say less)\n"
    return head + PostWords(zone).text(post.lines, post.day)


def posted(record: PostRecord, at: datetime, zone: ZoneInfo, *, edits: bool) -> str:
    """Tell where the summary stands and since when; `edits` is whether the chat lets the desk change it."""
    proof, edited = record.proof, record.last(PostStep.EDITED)
    if not proof:
        return "The post was sent, but the chat did not say where."
    since = tell_when(record.stands_since or proof.at, at, zone)
    stands = "Posted." if proof.step is PostStep.POSTED and proof.at == at else f"It stands since {since}."
    if edited and edited.at == at:
        done = f"It stands since {since} and is brought up to date."
    elif not edits:
        done = f"{stands} {UNCHANGED}"
    elif proof.at == at:
        done = f"{stands} What changes is brought up to date there."
    else:
        done = f"It stands since {since}: nothing is new since."
    return " ".join(filter(None, (done, proof.permalink)))


def noted(note: Noted, at: datetime, zone: ZoneInfo) -> str:
    """Tell that a note is kept and where it will be read."""
    if note.record.state is State.POSTED:
        return "Noted: it is added to the post that stands."
    if note.day != day_of(at, zone):
        return f"Noted under Handing over in the post of {tell_day(note.day)}."
    if note.due <= at:
        return "Noted under Handing over in today's post, which is still being sent."
    return f"Noted under Handing over: the next post is due {tell_when(note.due, at, zone)}."


def skipped(day: date) -> str:
    """Tell that a day's summary is left out, and how to take that back."""
    return f"The post of {tell_day(day)} is left out. `!summary resume {day}` takes that back."


def resumed(day: date) -> str:
    """Tell that a day's summary is sent after all."""
    return f"The post of {tell_day(day)} is sent after all."


def withdrawn(note: PostEntry, record: PostRecord, *, edits: bool) -> str:
    """Tell that a note is taken back, and what that does to a summary that stands."""
    told = f'Taken back: "{note.text}" is no longer handed over.'
    if record.state is not State.POSTED:
        return told
    return f"{told} {'It is taken out of the post that stands.' if edits else 'The post that stands keeps it.'}"


def notes(noted: Sequence[DayNotes], before: DayNotes | None, at: datetime, zone: ZoneInfo) -> str:
    """List the notes that the last summary handed over, and those that are, with by whom, and how to take one back."""
    today, lines = day_of(at, zone), list[str]()
    if before:
        lines.append(f"*Handed over* {tell_date(before.day, today)}")
        lines += [f"• {note.text} ({_by(note, at, zone)})" for note in before.notes.values()]
    for one in noted:
        lines.append(f"*Handing over* in the post of {tell_date(one.day, today)}")
        lines += [f"{number}. {note.text} ({_by(note, at, zone)})" for number, note in one.notes.items()]
    if not noted:
        return "\n".join([*lines, "Nothing is noted to hand over. `!summary note <text>` adds to it."])
    return "\n".join([*lines, f"`!summary note undo {max(noted[-1].notes)}` takes one back."])


def _by(note: PostEntry, at: datetime, zone: ZoneInfo) -> str:
    return ", ".join(filter(None, (note.by, tell_when(note.at, at, zone))))


def status(
    due: datetime | None,
    left_out: Sequence[tuple[date, PostEntry]],
    past: Sequence[Past],
    at: datetime,
    zone: ZoneInfo,
) -> str:
    """Tell when the next summary is due, which ones are left out, and what became of the last ones."""
    today = day_of(at, zone)
    head = f"Next post: {tell_when(due, at, zone)}." if due else "No working day is in sight: no post is due."
    skips = [
        f"Left out {tell_date(day, today)} by {skip.by}: {sentence(skip.text)} "
        f"`!summary resume {day}` sends it after all."
        for day, skip in left_out
    ]
    lines = [f"{tell_date(one.day, today)}: {_became(one, zone)}" for one in past if one.day not in dict(left_out)]
    return "\n".join((head, *skips, *(lines or ["None was due yet."])))


def _became(past: Past, zone: ZoneInfo) -> str:
    record = past.record
    reason = record.last(*STATE_AFTER)
    if record.state is State.POSTED and record.proof:
        return _stands(past, record.proof, zone)
    if record.state is State.DELETED and reason:
        return f"deleted from the channel, as the desk found at {tell_time(reason.at, zone)}"
    if record.state is State.ABSENT:
        return "not in the channel when the desk was first started: `!summary post` sends today's"
    if record.state is State.UNCONFIRMED:
        return _unconfirmed(reason, zone)
    if record.state is State.WAITING:
        return _waiting(past, reason)
    if record.may_stand and reason:
        return f"given up: {sentence(reason.text)} It may stand there: the desk follows it if it finds it there"
    return f"{record.state.value}: {reason.text}" if reason and reason.text else record.state.value


def _stands(past: Past, proof: PostEntry, zone: ZoneInfo) -> str:
    """Return since when a summary stands, where, and what else is to be known of it."""
    record, since = past.record, tell_time(past.record.stands_since or proof.at, zone)
    edits = len([entry for entry in record.entries if entry.step is PostStep.EDITED])
    told = [f"posted {since}"]
    if edits:
        told.append(f"edited {edits} times" if edits > 1 else "edited once")
    if record.taken_over:
        told.append("not by this desk alone")
    if record.closed:
        changed = f"; changed since: {', '.join(past.changed)}" if past.changed else ""
        told.append(f"can no longer be changed ({record.closed.text}){changed}")
    others = [entry.permalink for entry in record.entries if entry.step is PostStep.OTHER]
    beside = f"beside it stands {' and '.join(others)}" if others else ""
    return " ".join(filter(None, (", ".join(told), proof.permalink, beside)))


def _unconfirmed(reason: PostEntry | None, zone: ZoneInfo) -> str:
    """Return that a summary may stand, why that is not known, and when the desk looks again."""
    if not reason or not reason.text:
        return "unconfirmed: it may stand there, and the desk looks for it now"
    when = f" at {tell_time(reason.retry_at, zone)}" if reason.retry_at else ""
    return f"unconfirmed: {sentence(reason.text)} It may stand there: the desk looks for it again{when}"


def _waiting(past: Past, reason: PostEntry | None) -> str:
    if past.starts_late:
        return "being looked for in the channel: the desk was first started after it was due"
    if reason and reason.step in (PostStep.REFUSED, PostStep.UNWRITTEN):
        return f"being tried: {reason.text}"
    return "not posted: nothing was tried"
