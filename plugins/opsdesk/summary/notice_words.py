"""What people are told about the summary by themselves: its draft, and what they have to do about it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from opsdesk.posts import STATE_AFTER, PostEntry, PostLine, PostRecord, PostStep, PostWords, State, sentence
from opsdesk.summary.summary import Events
from opsdesk.text import tell_age, tell_day, tell_list, tell_time

UNHEARD = (
    "The desk has something to say about the day's post, and nobody to say it to: "
    "set DESK_ADMINS, or put people into data/rotation.toml."
)
NAMED = 4  # posts that are told one by one
MOST_MISSING = 10  # lines about what a summary lacks: a draft has room for the summary itself, too


def draft(day: date, text: Sequence[PostLine], missing: Sequence[str], why: str, zone: ZoneInfo) -> str:
    """Return the draft as the person on call gets it."""
    head = "Draft of today's post. You need not do anything: it is posted at its time."
    more = "`!summary note <text>` adds to Handing over, `!summary skip <reason>` leaves today out."
    return "\n".join(filter(None, (why, head, lacks(missing), more))) + "\n\n" + PostWords(zone).text(text, day)


def lacks(missing: Sequence[str]) -> str:
    """Return what a summary lacks, a line each, and how many more there are of them."""
    shown = missing[:MOST_MISSING]
    rest = [f"• and {len(missing) - len(shown)} more"] if len(shown) < len(missing) else []
    asked = [*(f"• {one}" for one in shown), *rest] or ["• nothing: it is sent at its time as it stands"]
    return "\n".join(["*Missing*", *asked])


def missing(events: Events, at: datetime, quiet_after: timedelta) -> Iterator[str]:
    """Yield a line for each open incident without an owner or without news, with what to type."""
    for one in (*events.events, *events.carried):
        if one.is_open and not one.owner:
            yield f"#{one.number} {one.shown_title}: no owner. `!incident assign {one.number} @name`"
        if one.is_open and one.quiet_for(at) >= quiet_after:
            quiet = tell_age(one.quiet_for(at))
            yield f"#{one.number} {one.shown_title}: no news for {quiet}. `!incident update {one.number} <text>`"


def unknown(title: str) -> str:
    """Return that it is not known what a part of the summary still waits for."""
    return f"{title}: what still waits cannot be told"


def left_out(day: date, skipped: PostEntry, why: str) -> str:
    """Tell the person on call that the summary is left out, by whom and why."""
    told = f"The post of {tell_day(day)} is left out by {skipped.by}: {sentence(skipped.text)}"
    return _below(why, told, "`!summary resume` sends it after all.")


def not_posted(days: Sequence[date], record: PostRecord, why: str, zone: ZoneInfo) -> str:
    """Tell that the summaries of `days` were given up and why, with the text of the last one, which tells of all."""
    given_up = record.last(PostStep.GIVEN_UP)
    reason = sentence(given_up.text if given_up else "unknown")
    posts, text = _posts_of(days), PostWords(zone).text(record.lines, days[-1])
    if record.may_stand:
        head = (
            f"Whether {posts} stands in the channel is *not known*: {reason} If it does not, here is its text to paste:"
        )
    elif len(days) > 1:
        head = f"{_begun(posts)} were *not posted*: {reason} Here is a text to paste that tells of all of them:"
    else:
        head = f"{_begun(posts)} was *not posted*: {reason} Here is its text to paste:"
    return f"{_below(why, head)}\n\n{text}"


def refused(day: date, record: PostRecord, until: datetime, why: str, zone: ZoneInfo) -> str:
    """Tell that the summary is refused for a reason that somebody has to mend, with its text to paste."""
    last = record.last(*STATE_AFTER)
    reason = sentence(last.text if last else "unknown")
    tries = f"Somebody has to mend that: the desk goes on trying until {tell_time(until, zone)}."
    if record.state is State.UNCONFIRMED:
        head = f"Whether {_posts_of([day])} stands in the channel is *not known*: {reason} {tries}"
    else:
        head = f"{_begun(_posts_of([day]))} is *not posted yet*: {reason} {tries}"
    if not record.lines:
        return _below(why, head)
    return f"{_below(why, head, 'If it cannot be mended by then, here is its text to paste:')}\n\n" + PostWords(
        zone
    ).text(record.lines, day)


def posted_after_all(day: date, proof: PostEntry, why: str) -> str:
    """Tell those who have the text to paste that it is not needed."""
    return _below(why, f"{_begun(_posts_of([day]))} was posted after all: nothing is to be pasted. {proof.permalink}")


def not_edited(day: date, record: PostRecord, why: str) -> str:
    """Tell that the summary could not be brought up to date, and why."""
    last = record.last(PostStep.EDIT_REFUSED)
    reason = sentence(last.text if last else "unknown")
    head = f"The post of {tell_day(day)} could not be changed: {reason} The desk goes on trying."
    return _below(why, head, "`!summary` shows what it should say.")


def closed(day: date, entry: PostEntry, why: str) -> str:
    """Tell that the summary can never be edited again, and where to see what has changed."""
    head = f"The post of {tell_day(day)} can no longer be changed: {sentence(entry.text)} It stays as it stands."
    return _below(why, head, "`!summary` shows what it should say, and the next post tells what has changed since.")


def deleted(day: date, why: str, *, again: bool) -> str:
    """Tell that somebody deleted the summary, and what happens now; `again`: it was sent before it was due."""
    if again:
        head = f"The post of {tell_day(day)} was deleted from the channel. It is sent anew at its time."
        return _below(why, head, "`!summary skip <reason>` leaves it out.")
    head = f"The post of {tell_day(day)} was deleted from the channel. The desk does not post it again by itself."
    return _below(
        why, head, "`!summary post` does, as long as its day lasts; else the next post tells of that day too."
    )


def taken_over(day: date, entry: PostEntry, why: str) -> str:
    """Tell the admins that the desk found a summary that it has no proof of having written."""
    head = f"The post of {tell_day(day)} stood in the channel as this desk did not write it. {entry.permalink}"
    more = "Another desk may be running, or this desk's state was put back to an earlier one or lost."
    return _below(why, head, f"{more} Nothing it says is lost: what it lacks is added.")


def another(day: date, record: PostRecord, entry: PostEntry, why: str) -> str:
    """Tell the admins that two summaries of a day stand, with links to both."""
    own = record.proof.permalink if record.proof else ""
    head = f"The post of {tell_day(day)} stands twice: {own} is this desk's, and {entry.permalink} it did not send."
    return _below(why, head, "Both stay. If another desk is running, stop it; then delete the post that is not needed.")


def repeated(day: date, record: PostRecord, entry: PostEntry, why: str) -> str:
    """Tell the admins that a second summary could not be deleted."""
    own = record.proof.permalink if record.proof else ""
    head = f"The post of {tell_day(day)} was sent twice: {own} counts, and {entry.permalink} could not be removed: "
    return _below(why, f"{head}{sentence(entry.text)} Please delete it.")


def absent(day: date, entry: PostEntry, started: datetime, why: str, zone: ZoneInfo) -> str:
    """Ask the admins whether to send a summary that was due before the desk's first start."""
    head = (
        f"This desk was started for the first time at {tell_time(started, zone)}, after the post of {tell_day(day)} "
        f"was due, and "
    )
    seen = (
        f"whether it is in the channel cannot be seen: {sentence(entry.text)}"
        if entry.text
        else "the channel has none."
    )
    return _below(why, head + seen, "If it is to be posted, type `!summary post`.")


def _posts_of(days: Sequence[date]) -> str:
    """Return "the post of Monday, November 23, 2026", or several posts by their days, many by the first and last."""
    if len(days) == 1:
        return f"the post of {tell_day(days[0])}"
    if len(days) > NAMED:
        return f"the posts of the {len(days)} evenings from {tell_day(days[0])} to {tell_day(days[-1])}"
    return f"the posts of {tell_list([tell_day(day) for day in days], between='; ')}"


def _begun(words: str) -> str:
    """Return words as a sentence begins."""
    return words[0].upper() + words[1:]


def _below(*lines: str) -> str:
    return "\n".join(filter(None, lines))
