"""Which incident is meant: by its number, by the thread, or because it is the only one that is open."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date, tzinfo

import msgspec

from opsdesk.chat import Command
from opsdesk.clock import day_of
from opsdesk.errors import UserError, as_option
from opsdesk.incidents import severity
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.log import IncidentLog, passed_over
from opsdesk.patterns import regex
from opsdesk.text import Offer, Offering, Unsure, literal, retyped, tell_list, tell_lost
from opsdesk.text import options as typed

WORDLESS = ("show", "export")
NEED_WORDS = ("update", "note", "link", "assign", "snooze", "void")
ONE_YOU_MEAN = "Type the one you mean"
NAME_FIRST = regex(r"(?:to\s+)?(?!\d)(?P<name>[^\s#]\S*)\s+(?:to\s+)?(?P<number>(?:#|INC-)?\d{1,9})(?!\S)", re.I)
JOINING = regex(r"\A(?:and\b|[&+,])\s*", re.IGNORECASE)
NAMED = regex(r"(?<![\w.:])(?:#|INC-)?(\d{1,9})(?![\w:])", re.IGNORECASE)
MOST_LISTED = 10  # open incidents named where a number is missing


class WhichIncident(msgspec.Struct, frozen=True):
    """Finds the incident that a command is about. `find_lost` looks in a room for incidents' messages not known of."""

    log: IncidentLog
    zone: tzinfo
    find_lost: Callable[[str], bool] = lambda room: False

    def read(self, command: Command, text: str, verb: str) -> tuple[int, str]:
        """Return the incident that `text` begins with, or else the one meant anyway, and the text behind its number.

        Without a number it is the one whose thread this is, or the only one open; a UserError lists several. In an
        incident's own thread a number without # may be the first word of a sentence: where it could be either, a
        UserError asks.
        """
        number, signed, rest = typed.reference(text)
        if number is not None and signed:
            return number, rest
        here = self._here(command)
        if number is not None and (here is None or number == here.number or not rest):
            return number, rest
        if here is None:
            return self._only_open(verb, command), typed.undashed(text)
        if number is not None and 0 < number <= self.log.latest():
            raise _word_or_number(command, verb, number, here.number)
        return here.number, typed.undashed(text)

    def number_first(self, command: Command, text: str) -> str:
        """Return `text` with the number before the name: "to alice 1". In a thread "alice 2 sites" names no number."""
        found = NAME_FIRST.match(text)
        behind = text[found.end() :].strip() if found else ""
        if not found or (behind and found["number"].isdecimal() and self._here(command)):
            return text
        return f"{found['number']} {found['name']} {behind}".strip()

    def severity_of(self, first: str, second: str) -> str:
        """Return "sev 2 3" as it is meant, for #3 or for #2; raise a UserError where both are open."""
        known = {str(incident.number) for incident in self.log.open_ones(passed_over)}
        pairs = ((second, first), (first, second))
        meant = [f"{n} --sev {sev}" for n, sev in pairs if n in known and re.fullmatch(severity.PATTERN, sev)]
        if len(set(meant)) > 1:
            offers = tuple(Offer("incident_update", one) for one in meant)
            raise Unsure(Offering("{} or {}?", offers, ONE_YOU_MEAN))
        return meant[0] if meant else f"{second} --sev {first}"

    def refuse_several(self, command: Command, found: typed.ParsedText, verb: str, number: int, text: str) -> None:
        """Raise a UserError where `text`, which stands behind `number`, begins with more open incidents.

        Behind `resolve` they need no sign, or the first alone would be resolved; not so in the thread of `number`,
        where a number without # is a word.
        """
        here = self._here(command)
        bare = verb == "resolve" and not (here and here.number == number)
        known = {incident.number for incident in self.log.open_ones(passed_over)} - {number}
        others, text = _several(text, known, bare=bare)
        if others:
            options = [as_option(name, value) for name, value in found.options.items()]
            again = retyped(f"!incident {verb} {number}", " ".join([text, *options]))
            same = f"then the same for {_numbers(others)}"
            raise UserError(f"One at a time: `{again}`, {same}. A number in your text goes into `backticks`.")

    def _here(self, command: Command) -> Incident | None:
        room, thread = command.place.room, command.place.thread
        here = self.log.by_thread(room, thread)
        return self.log.by_thread(room, thread) if here is None and thread and self.find_lost(room) else here

    def _only_open(self, verb: str, command: Command) -> int:
        """Return the number of the one open incident; raise a UserError where there are several, or none."""
        lost: set[date] = set()
        ones = self.log.open_ones(lost.add) if verb != "reopen" else ()
        if len(ones) != 1 or lost:
            raise self._unnumbered(verb, command, ones, lost)
        return ones[0].number

    def _unnumbered(self, verb: str, command: Command, ones: Sequence[Incident], lost: set[date]) -> UserError:
        if verb == "reopen":
            numbers = "`!incident list resolved` shows the numbers"
            return UserError(f"Which incident? Type `!incident reopen 12 why`; {numbers}.")
        missing = [tell_lost(lost, day_of(command.at, self.zone))] if lost else []
        if not ones:
            nothing = "Nothing that can be read is open" if missing else "Nothing is open"
            which = f"Which incident? {nothing}; `!incident list all` shows the others with their numbers."
            return UserError("\n".join([which, *missing]))
        listed = [f"#{incident.number} {incident.shown_title}" for incident in ones[:MOST_LISTED]]
        if len(ones) > MOST_LISTED:
            listed.append(f"and {len(ones) - MOST_LISTED} more: `!incident list`")
        text = "" if verb in WORDLESS else command.text or "..."
        asked = "\n".join([f"Which incident? Type `{retyped(f'!incident {verb} {ones[0].number}', text)}`", *listed])
        if missing or len(ones) > MOST_LISTED or (not command.text and verb in NEED_WORDS):
            return UserError("\n".join([asked, *missing]))
        words = "" if verb in WORDLESS else command.text
        offers = tuple(Offer(f"incident_{verb}", f"{one.number} {words}".strip(), one.number) for one in ones)
        does = literal(f"does `{retyped(f'!incident {verb}', words)}` for it.\n" + "\n".join(listed))
        return Unsure(Offering(literal(asked), offers, choosing=f"Which incident? {{}} {does}"))


def _word_or_number(command: Command, verb: str, number: int, here: int) -> UserError:
    """Return what is asked of somebody who begins with a number in an incident's thread: it is one, or a word."""
    begins, _, rest = typed.reference(command.text)
    if begins != number:  # options stand before it
        return UserError(
            f"{number} may be an incident or a word. Type `!incident {verb} #{number} ...` for that incident, "
            f"or `!incident {verb} #{here} {number} ...` for this one."
        )
    offers = (Offer(f"incident_{verb}", f"#{number} {rest}"), Offer(f"incident_{verb}", f"#{here} {number} {rest}"))
    return Unsure(Offering(f"{number} may be an incident or a word: {{}} or {{}}?", offers, ONE_YOU_MEAN))


def numbers_meant(log: IncidentLog, room: str, thread: str, text: str) -> set[int]:
    """Return the incidents that a command may be about: those it names, that of its thread, or the only open one."""
    numbers = {int(found) for found in NAMED.findall(text)}
    here = log.by_thread(room, thread)
    open_ones = () if numbers or here else log.open_ones(passed_over)
    return numbers | {one.number for one in (here, *(open_ones if len(open_ones) == 1 else ())) if one}


def _several(text: str, known: Collection[int], *, bare: bool) -> tuple[list[int], str]:
    """Return the `known` incidents that `text` begins with, and the text behind; `bare` ones may be joined by "and"."""
    found: dict[int, None] = {}
    while True:
        number, signed, rest = typed.reference(JOINING.sub("", text) if bare else text)
        if number is None or number not in known or not (signed or bare):
            return list(found), text
        found[number] = None
        text = rest


def _numbers(some: list[int]) -> str:
    """Return "#4", "#4 and #5", "#4, #5 and #6"."""
    return tell_list([f"#{number}" for number in some])
