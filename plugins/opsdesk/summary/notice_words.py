"""What is said about the summary: its draft, its failures, its status."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from opsdesk.clock import day_of
from opsdesk.posts import STATE_AFTER, PostEntry, PostLine, PostRecord, PostStep, PostWords, State
from opsdesk.summary.commands import Noted, Shown
from opsdesk.summary.summary import Events
from opsdesk.text import tell_age, tell_date, tell_day, tell_time, tell_when

LEFT_OUT = "; what was carried over may be missing if it was resolved more than two weeks later"
UNCHANGED = "This chat cannot change it, and no other post follows today: `!summary` shows the day as it goes on."


def draft(day: date, text: Sequence[PostLine], missing: Sequence[str], why: str, zone: ZoneInfo) -> str:
    """Return the draft as the person on call gets it."""
    asked = "\n".join(f"• {one}" for one in missing) or "• nothing: it is sent at its time as it stands"
    head = "Draft of today's post. Doing nothing is fine: it is sent at its time all the same."
    more = "`!summary note <text>` adds to Handing over, `!summary skip <reason>` leaves today out."
    return "\n".join(filter(None, (why, head, "*Missing*", asked, more))) + "\n\n" + PostWords(zone).text(text, day)


def missing(events: Events, at: datetime, quiet_after: timedelta) -> Iterator[str]:
    """Yield a line for each open incident without an owner or without news, with what to type."""
    for one in (*events.events, *events.carried):
        if one.is_open and not one.owner:
            yield f"#{one.number} {one.shown_title}: no owner. `!incident assign {one.number} @name`"
        if one.is_open and one.quiet_for(at) >= quiet_after:
            quiet = tell_age(one.quiet_for(at))
            yield f"#{one.number} {one.shown_title}: no news for {quiet}. `!incident update {one.number} <text>`"


def left_out(day: date, skipped: PostEntry, why: str) -> str:
    """Tell the person on call that the summary is left out, by whom and why."""
    told = f"The post of {tell_day(day)} is left out by {skipped.by}: {skipped.text}."
    return "\n".join(filter(None, (why, told, "`!summary resume` sends it after all.")))


def not_posted(day: date, record: PostRecord, why: str, zone: ZoneInfo) -> str:
    """Tell that the summary was given up and why, with its text to paste."""
    given_up = record.last(PostStep.GIVEN_UP)
    reason = given_up.text if given_up else "unknown"
    paste = "If it is not in the channel, here" if record.may_stand else "Here"
    head = f"The post of {tell_day(day)} was *not posted*: {reason}. {paste} is its text to paste:"
    return "\n".join(filter(None, (why, head))) + "\n\n" + PostWords(zone).text(record.lines, day)


def not_edited(day: date, record: PostRecord, why: str) -> str:
    """Tell that the summary could not be brought up to date, and why."""
    refused = record.last(PostStep.EDIT_REFUSED)
    reason = refused.text if refused else "unknown"
    head = f"The post of {tell_day(day)} could not be changed: {reason}. The desk goes on trying."
    return "\n".join(filter(None, (why, head, "`!summary` shows what it should say.")))


def shown(post: Shown, zone: ZoneInfo) -> str:
    """Return the summary's text; above it stands if it was not or will not be sent."""
    state, skipped = post.record.state, post.record.last(PostStep.SKIPPED)
    head = ""
    if state is State.SKIPPED and skipped:
        head = f"(left out by {skipped.by}: {skipped.text})\n"
    elif post.over and state is State.WAITING:
        head = f"(no post was made that day: this is what there is to tell of it{LEFT_OUT if post.long_ago else ''})\n"
    elif state is State.GIVEN_UP:
        head = "(this could not be posted)\n"
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


def status(
    due: datetime | None,
    left_out: Sequence[tuple[date, PostEntry]],
    past: Sequence[tuple[date, PostRecord]],
    at: datetime,
    zone: ZoneInfo,
) -> str:
    """Tell when the next summary is due, which ones are left out, and what became of the last ones."""
    today = day_of(at, zone)
    head = f"Next post: {tell_when(due, at, zone)}." if due else "No working day is in sight: no post is due."
    skips = [
        f"Left out {tell_date(day, today)} by {skip.by}: {skip.text}. `!summary resume {day}` sends it after all."
        for day, skip in left_out
    ]
    lines = [f"{tell_date(day, today)}: {_became(record, zone)}" for day, record in past if day not in dict(left_out)]
    return "\n".join((head, *skips, *(lines or ["None was due yet."])))


def _became(record: PostRecord, zone: ZoneInfo) -> str:
    proof, reason = record.proof, record.last(*STATE_AFTER)
    if record.state is State.POSTED and proof:
        edits = len([entry for entry in record.entries if entry.step is PostStep.EDITED])
        edited = f", edited {edits} time{'s' if edits > 1 else ''}" if edits else ""
        since = tell_time(record.stands_since or proof.at, zone)
        return " ".join(filter(None, (f"posted {since}{edited}", proof.permalink)))
    if record.state is State.WAITING and reason and reason.step in (PostStep.REFUSED, PostStep.UNWRITTEN):
        return f"being tried: {reason.text}"
    if record.state is State.WAITING:
        return "not posted: nothing was tried"
    return f"{record.state.value}: {reason.text}" if reason and reason.text else record.state.value
