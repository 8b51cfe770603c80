"""What people read of what they typed while nobody listened."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from opsdesk import guard
from opsdesk.text import tell_when
from opsdesk.unheard.listing import Listing, UnheardMessage

LONGEST_SHOWN = 120  # characters of a command
HEAD = "I was away, or heard nothing from Slack, when you typed this:"
ALL = "React with ✅ within 30 minutes and I do it as of then, where the incident has not changed since."
SOME = "React with ✅ within 30 minutes and I do those marked ✅ as of then, where the incident has not changed since."
OTHERS = "What else you still want done has to be typed again."
TOO_LATE = "That was to be answered within 30 minutes: type again what you still want done."


def told(listing: Listing, at: datetime, zone: tzinfo) -> str:
    """Return what somebody is told at `at`."""
    return "\n".join([HEAD, *_lines(listing, at, zone), *_what_now(listing)])


def did(
    done: Sequence[UnheardMessage], not_done: Sequence[tuple[UnheardMessage, str]], at: datetime, zone: tzinfo
) -> str:
    """Return the answer to a ✅: what is done now, and what is not and why."""
    when = ", ".join(tell_when(line.at, at, zone) for line in done)
    lines = [f"Done as of {when}: the answer stands where you typed it."] if done else []
    lines += [f"{tell_when(line.at, at, zone)}, not done: {_shown(line)}. {why}" for line, why in not_done]
    return "\n".join(lines)


def _lines(listing: Listing, at: datetime, zone: tzinfo) -> Iterator[str]:
    mixed = len({line.is_doable for line in listing.lines}) > 1
    for line in listing.lines:
        mark = " ✅" if mixed and line.is_doable else ""
        yield f"typed {tell_when(line.at, at, zone)}, not done: {_shown(line)}{mark}"
    if listing.more:
        yield f"and {listing.more:,} more, not done"


def _what_now(listing: Listing) -> Iterator[str]:
    doable = [line.is_doable for line in listing.lines]
    if any(doable):
        yield ALL if all(doable) else SOME
    if not all(doable) or listing.more:
        yield OTHERS


def _shown(line: UnheardMessage) -> str:
    text = guard.plain(" ".join(line.text.replace("`", "´").split()))
    return f"`{text if len(text) <= LONGEST_SHOWN else f'{text[: LONGEST_SHOWN - 1]}…'}`"
