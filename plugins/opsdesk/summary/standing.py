"""A summary that stands in the channel as this desk did not write it: read, and joined with what the desk has to say.

Another desk may have written it, or this one before its state was put back from a snapshot. Nothing that stands there
is lost: a part gives way only to the desk's own newer version of it, and what it lacks is added.
"""

import html
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from opsdesk.patterns import regex
from opsdesk.posts import PostLine
from opsdesk.summary.counts import MISSING, PART, WHOLE
from opsdesk.summary.words import GAP, event_key, left_out

LONGEST = 3_900  # characters of all lines, as Slack counts them: it edits 4,000 as one message
LONGEST_ADDED = 240  # of a line that is added
UPDATED = regex(r" \(updated [^()]*\)$")
PARTS = (  # how each part of a summary begins, and its key
    ("(late: ", "late"),
    ("(possibly repeated: ", "repeated"),
    ("(rehearsal: ", "rehearsal"),
    ("*Production support summary", "head"),
    ("*Production events*", "events"),
    ("No production events", "none"),
    ("*Carried over*", "carried"),
    ("*Counts*", "counts"),
    ("Counts unavailable", "counts"),
    ("*Incidents*", "numbers"),
    ("*Handing over*", "notes"),
    ("…and ", "left out"),
)
OTHER_PART = regex(r"\*([A-Z][a-z ]*)\* ")  # of another wing, called by its title
Lines = Sequence[PostLine]


def read(text: str) -> list[PostLine]:
    """Return the parts of a summary as it stands in the channel."""
    lines: list[PostLine] = []
    for line in text.split("\n"):
        if lines and line and lines[-1].key == "counts":  # the only part of several lines
            lines[-1] = replace(lines[-1], text=f"{lines[-1].text}\n{line}")
        else:
            lines.append(_part(line))
    return lines


def join(standing: Lines, before: Lines, now: Lines) -> list[PostLine]:
    """Return what should stand: the `standing` lines, and what the desk has to say `now`, in `before`'s place.

    `before` is what the desk itself had to say when it last looked.
    """
    was, said = _by_part(before), _by_part(now)
    added = _lacking_events(standing, now)
    kept = [one for line in standing if (one := _kept(line, was.get(_key(line)), said.get(_key(line))))]
    if added:
        kept = [line for line in kept if line.key != "none"]
    joined = _with_counts(_with_notes(kept, was.get("notes"), said.get("notes")), said.get("counts"))
    joined = _with_parts(joined, now)
    return _with_numbers(_with_events(joined, added, _room(joined)), standing, said.get("numbers"), now)


def _part(line: str) -> PostLine:
    if line.startswith("• #"):
        return PostLine(event_key(line), line, marked=True)
    other = OTHER_PART.match(line)
    known = other[1].casefold() if other else line or GAP.key
    key = next((key for beginning, key in PARTS if line.startswith(beginning)), known)
    return PostLine(key, line, marked=key in ("counts", "notes", known))


def _key(line: PostLine) -> str:
    """Return the key of the part that a line is; the counts' own tells how much is known."""
    return "counts" if line.key.startswith((WHOLE, PART, MISSING)) else line.key


def _by_part(lines: Lines) -> dict[str, PostLine]:
    return {_key(line): line for line in lines}


def _said(line: PostLine) -> str:
    """Return what a line says, without when it was updated."""
    first, rest, others = (line.whole or line.text).partition("\n")
    return UPDATED.sub("", first) + rest + others


def _kept(standing: PostLine, before: PostLine | None, now: PostLine | None) -> PostLine | None:
    """Return the newer of a standing part and the desk's own; None if the desk itself put it there and has it no more.

    Known numbers are never replaced by an error.
    """
    if _key(standing) in (GAP.key, "notes", "numbers"):
        return standing
    if now and _key(now) == "counts" and _lacks(standing) != _lacks(now):
        return now if _lacks(standing) else standing
    if before and now:
        return standing if before.same_as(now) else now
    return None if before and _said(before) == _said(standing) else standing


def _lacks(counts: PostLine) -> bool:
    return counts.key.startswith((PART, MISSING)) or "unavailable" in counts.text


def _is_event(line: PostLine) -> bool:
    return line.key.startswith("#")


def _lacking_events(standing: Lines, now: Lines) -> list[tuple[str, PostLine]]:
    """Return the incidents of `now` that do not stand, each with the heading that it belongs below."""
    there = {line.key for line in standing}
    heading, lacking = "events", []
    for line in now:
        heading = "carried" if line.key == "carried" else heading
        if _is_event(line) and line.key not in there:
            text = line.text if len(line.text) <= LONGEST_ADDED else f"{line.text[: LONGEST_ADDED - 1].rstrip()}…"
            lacking.append((heading, replace(line, text=text)))
    return lacking


def _with_events(joined: list[PostLine], added: Sequence[tuple[str, PostLine]], room: int) -> list[PostLine]:
    """Return the lines with incidents added below their headings, as many as there is room for."""
    fitting = list(_fitting(added, room))
    for heading in ("events", "carried"):
        lines = [line for below, line in fitting if below == heading]
        if lines and not any(line.key == heading for line in joined):
            lines.insert(0, PostLine("carried", "*Carried over*") if heading == "carried" else _EVENTS)
        joined[_end_of(joined, heading) : _end_of(joined, heading)] = lines
    if len(fitting) < len(added):
        end = _end_of(joined, "carried")
        joined[end:end] = [PostLine("left out", left_out(len(added) - len(fitting)))]
    return joined


_EVENTS = PostLine("events", "*Production events*")


def _fitting(added: Iterable[tuple[str, PostLine]], room: int) -> Iterator[tuple[str, PostLine]]:
    for heading, line in added:
        room -= _length([line])
        if room >= 0:
            yield heading, line


def _end_of(lines: Lines, heading: str) -> int:
    """Return where the lines below a heading end; without the heading, where the incidents do."""
    start = next((at for at, line in enumerate(lines) if line.key == heading), None)
    if start is None:
        start = next((at for at, line in enumerate(lines) if line.key == "events"), len(lines))
        return next((at for at in range(start, len(lines)) if lines[at].key == GAP.key), len(lines))
    ends = ("carried", GAP.key)
    return next((at for at in range(start + 1, len(lines)) if lines[at].key in ends), len(lines))


def _with_notes(kept: list[PostLine], before: PostLine | None, now: PostLine | None) -> list[PostLine]:
    """Return the lines with the desk's notes beside those that stand, or in place of its own earlier ones."""
    others = [line for line in kept if line.key != "notes" or not before or _said(line) != _said(before)]
    told = [_said(line) for line in others if line.key == "notes"]
    if now and not any(_said(now).removeprefix("*Handing over* ") in one for one in told):
        return [*others, now]
    return others


def _with_counts(kept: list[PostLine], now: PostLine | None) -> list[PostLine]:
    if now and not any(_key(line) == "counts" for line in kept):
        return [*kept, GAP, now]
    return kept


def _with_parts(joined: list[PostLine], now: Lines) -> list[PostLine]:
    """Return the lines with the parts of other wings that are lacking."""
    there = {line.key for line in joined}
    lacking = [line for line in now if OTHER_PART.match(line.text) and _key(line) not in (*there, "notes", "numbers")]
    end = next((at for at, line in enumerate(joined) if line.key in ("numbers", "notes")), len(joined))
    return [*joined[:end], *lacking, *joined[end:]]


def _with_numbers(joined: list[PostLine], standing: Lines, now: PostLine | None, own: Lines) -> list[PostLine]:
    """Return the lines with numbers that hold for all incidents that stand there."""
    if not any(line.key == "numbers" for line in joined):
        return [*joined, now] if now else joined
    events, before = ([line for line in lines if _is_event(line)] for lines in (joined, standing))
    known = {line.key for line in own}
    if now and events and all(line.key in known for line in events):
        return [now if line.key == "numbers" else line for line in joined]
    if [line.text for line in events] == [line.text for line in before]:
        return joined
    return [_numbers_of(line, events) if line.key == "numbers" else line for line in joined]


def _numbers_of(numbers: PostLine, events: Lines) -> PostLine:
    """Return what holds for incidents of several desks: how many are told of, and the link that stood there."""
    resolved = sum(": *resolved* (" in line.text for line in events)
    _, dot, link = numbers.text.partition(" · ")
    return replace(numbers, text=f"*Incidents* {len(events)} told above, {resolved} of them resolved{dot}{link}")


def _room(lines: Lines) -> int:
    return LONGEST - len(left_out(10_000)) - _length(lines)


def _length(lines: Lines) -> int:
    return sum(len(html.escape(line.text, quote=False)) + 1 + (30 if line.updated_at else 0) for line in lines)
