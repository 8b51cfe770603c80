"""What stands behind each command that a sentence is likely meant for."""

import re
from collections.abc import Callable, Mapping

from opsdesk.commands.guesses.counted import counts_named
from opsdesk.commands.guesses.filling import Filling
from opsdesk.commands.sentences.about_shifts import DAYS_OF, HOURS, hours_named, who_is_asked
from opsdesk.commands.sentences.merging import merging
from opsdesk.commands.sentences.parts import date_of, day_of, days_of, severity_of, with_reason
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.sentences.supposed import whole
from opsdesk.commands.word_lists.lexicon import words_in
from opsdesk.commands.word_lists.titles import title_of
from opsdesk.patterns import regex

LINK = regex(r"https?://\S+")
ONLY = regex(r"\b(?:only|just)\b(?: the)? (?P<pre>pre[ -]?)?check[ -]?ins?\b", re.IGNORECASE)
CLOSED = words_in("closed resolved solved fixed finished done")
SPANS = ("sprint", "month", "week")
BACK = regex(
    r"\b(?:last|past|previous) (?:half an? |couple of |few |\w{1,9} ?)?(?:hours?|hrs?|minutes?|mins?|h|m)\b",
    re.IGNORECASE,
)
BOARD = regex(r"(?<![\w-])[a-z0-9]{3}-[a-z0-9]{3}-[a-z0-9]{3}(?![\w-])")  # a dashboard's id
TO_DO = regex(r"\bto (?!me\b|us\b|the\b)[a-z]+", re.IGNORECASE)  # "poke me in 20 to check sidekiq"
COUNTER = regex(r"\b(?P<pre>pre[ -]?)?check[ -]?ins?\s+(?P<what>clicked|completed)\b", re.IGNORECASE)
FIGURE = regex(r"(?<![\w.,:/-])\d[\d,]{0,9}(?![\w.:/-])")


def filled(said: Sentence, name: str) -> str | None:
    """Return what stands behind a command that a sentence is taken for; None where it lacks what makes it that."""
    return FILLED.get(name, _nothing)(Filling(said, name))


def _nothing(_: Filling) -> str:
    return ""


def _day(one: Filling) -> str:
    return day_of(one.said)


def _counted(one: Filling) -> str:
    """Return the day, or the counters that alone are asked for: "only the pre-check-ins"."""
    if found := ONLY.search(one.said.text):
        return f"{'pre-' if found['pre'] else ''}check-ins {day_of(one.said)}".strip()
    return day_of(one.said)


def _numbered(one: Filling) -> str:
    return one.number


def _explained(one: Filling) -> str:
    """Return the number, and why."""
    return f"{one.number} {one.reason}".strip() if one.number else ""


def _kept(one: Filling) -> str:
    """Return the number, and what is said of it: all, where the number stands in the midst of it."""
    if not one.number:
        return one.text
    is_before = one.numbers[0] < one.told
    return f"{one.number} {one.text}" if is_before and one.numbers[0] else whole(one.said, one.number)


def _updated(one: Filling) -> str:
    """Return the number with the severity that is named, or what is said of it."""
    digit = (severity_of(one.said) or ("", 0))[0] if one.numbers else ""
    return f"{one.number} --sev {digit}" if digit else _kept(one)


def _given(one: Filling) -> str:
    who = one.person or ("me" if one.is_of_me else "@somebody")
    return f"{one.number} {who}".strip()


def _called(one: Filling) -> str:
    who = f"to {one.person}" if one.person else ""
    return " ".join(filter(None, (one.number, who, one.reason)))


def _until(one: Filling) -> str | None:
    """Return the number and how long; None where it is something else that somebody is to be reminded of."""
    if not one.number and TO_DO.search(one.said.text):
        return None
    return f"{one.number} {one.end}".strip()


def _muted(one: Filling) -> str:
    """Return the number, until when, and why; what is said of the end is no reason."""
    reason = "" if one.end and one.end in one.reason else one.reason
    return " ".join(filter(None, (one.number, one.end or "...", reason)))


def _merged(one: Filling) -> str | None:
    two = merging(one.said) if len(one.numbers) > 1 else None
    return f"{two[0]} into {two[1]}" if two else None


def _linked(one: Filling) -> str | None:
    found = LINK.search(one.said.text)
    return f"{one.number} {found[0]}".strip() if found else None


def _listed(one: Filling) -> str:
    if (
        one.said.has("my")
        or any(piece.words == "mine" for piece in one.pieces)
        or (one.is_of_me and one.said.has("what", "is"))
    ):
        return "mine"
    if one.said.has("resolved ones") or (
        one.said.words & CLOSED and not one.said.has("not", "open ones") and not one.said.day
    ):
        return "resolved"
    return one.said.day or one.subject


def _wanted(one: Filling) -> str | None:
    return one.subject or None


def _spanned(one: Filling) -> str:
    """Return what is to be told of, and how far back: "chip in last 30 minutes"."""
    back = BACK.search(one.said.text)
    return f"{one.subject} in {back[0]}".strip() if back else one.subject


def _written(one: Filling) -> str:
    return one.number or one.said.day


def _of_a_span(one: Filling) -> str:
    named = next((span for span in SPANS if one.said.words & {span, f"{span}ly", f"{span}s"}), "")
    return one.said.day if named and named in one.said.day else named


def _skipped(one: Filling) -> str:
    return with_reason(one.said, one.reason)


def _quiet(one: Filling) -> str:
    reason = "" if one.end and one.end in one.reason else one.reason
    return f"{one.end} {reason}".strip()


def _somebody(one: Filling) -> str | None:
    return one.person or one.subject or None


def _swapped(one: Filling) -> str | None:
    found = DAYS_OF.search(one.said.text)
    day = date_of(one.said.text) or (found[0] if found else "")
    return f"{who_is_asked(one.said.text) or one.person or '@somebody'} {day}" if day else None


def _covered(one: Filling) -> str | None:
    day, hours = DAYS_OF.search(one.said.text), HOURS.search(one.said.text)
    if not hours:
        return one.end or None
    return " ".join(filter(None, (day[0] if day else "", hours_named(hours))))


def _recorded(one: Filling) -> str | None:
    """Return the counter and what it came to: "yesterday check-ins clicked 1765"."""
    if several := counts_named(one.said.text):
        return f"{one.said.day} {several}".strip()
    counter, figure = COUNTER.search(one.said.text), FIGURE.search(one.said.text)
    if not counter or not figure:
        return None
    which = f"{'pre-' if counter['pre'] else ''}check-ins {counter['what'].casefold()}"
    return f"{one.said.day} {which} {figure[0].replace(',', '')}".strip()


def _titled(one: Filling) -> str:
    return title_of(one.title.rstrip(" .!"))


def _noted(one: Filling) -> str:
    return one.text


FILLED: Mapping[str, Callable[[Filling], str | None]] = {
    **dict.fromkeys(("alerts", "alerts_open", "alerts_undo", "alerts_unmute", "incident", "incident_show"), _numbered),
    **dict.fromkeys(("incident_notice", "incident_announce"), _numbered),
    **dict.fromkeys(("incident_resolve", "incident_ack", "incident_reopen", "incident_void"), _explained),
    **dict.fromkeys(("alerts_ack", "alerts_noise", "alerts_handled", "alerts_escalate"), _explained),
    **dict.fromkeys(("stats_chart", "summary", "oncall", "summary_resume"), _day),
    **dict.fromkeys(("whois", "whois_escalate", "runbook", "incident_search"), _wanted),
    "incident_metrics": lambda one: days_of(one.said),
    "stats": _counted,
    "incident_open": _titled,
    "incident_update": _updated,
    "incident_note": _kept,
    "incident_action": _kept,
    "incident_assign": _given,
    "incident_escalate": _called,
    "incident_snooze": _until,
    "incident_merge": _merged,
    "incident_link": _linked,
    "incident_list": _listed,
    "incident_export": _written,
    "alerts_mute": _muted,
    "links": lambda one: one.subject,
    "traces": _spanned,
    "report": _of_a_span,
    "summary_note": _noted,
    "summary_skip": _skipped,
    "watch_off": _quiet,
    "stats_record": _recorded,
    "stats_discover": lambda one: found[0] if (found := BOARD.search(one.said.text)) else None,
    "oncall_when": _somebody,
    "oncall_swap": _swapped,
    "oncall_cover": _covered,
}
