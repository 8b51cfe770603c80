"""What people type behind `!incident ...`, read into what they want said of which incident."""

import re
from collections.abc import Callable, Collection
from datetime import date, datetime, tzinfo

import msgspec
from msgspec.structs import replace

from opsdesk.chat import Command, Person
from opsdesk.clock import day_of
from opsdesk.errors import UserError, as_option, near, quoted
from opsdesk.incidents import severity
from opsdesk.incidents.incident import Status, source_of
from opsdesk.incidents.log import IncidentLog, passed_over
from opsdesk.incidents.rules import Change
from opsdesk.incidents.severity import Severity
from opsdesk.text import AGO, MOMENT, Option, read_days, read_moment, tell_lost
from opsdesk.text import options as typed

PASSED = rf"{AGO}|{MOMENT}"
ANYBODY = r"@\S+|<@[^>]+>|me"
OPTIONS = {
    "sev": Option(rf"{severity.PATTERN}[,.;:]?", "2", loose=True),
    "on": Option(r"[A-Za-z][\w./-]*", "vista"),
    "status": Option(rf"(?i:{'|'.join(Status)})", "identified"),
    "owner": Option(ANYBODY, "@bob"),
    "at": Option(PASSED, "12:50pm"),
    "started": Option(PASSED, "12:30pm"),
    "title": Option(typed.QUOTED, "VistA timeouts at two sites", long=True),
    "reporter": Option(rf"{ANYBODY}|{typed.QUOTED}", '"site 688"'),
}
OPENING = ("sev", "on", "status", "owner", "at", "reporter")
UPDATING = ("status", "sev", "on", "owner", "at", "title", "started", "reporter")
COMMANDS = (
    "open",
    "update",
    "resolve",
    "reopen",
    "assign",
    "note",
    "link",
    "snooze",
    "list",
    "show",
    "search",
    "export",
    "metrics",
)
WORDLESS = ("show", "export")
SYNONYMS = {
    **dict.fromkeys(("close", "end", "done", "fix", "fixed"), ("resolve",)),
    **dict.fromkeys(("new", "create", "start"), ("open",)),
    **dict.fromkeys(("edit", "comment"), ("update", "note")),
    **dict.fromkeys(("status", "view", "info"), ("show",)),
}
JOINING = re.compile(r"\A(?:and\b|[&+,])\s*", re.IGNORECASE)
LONGEST_WORD = 60  # characters of what was typed that are repeated
LONGEST_ECHO = 200  # the same, of a text to be typed again
MOST_LISTED = 10  # open incidents named where a number is missing


class NumberedChange(msgspec.Struct, frozen=True):
    """An incident's number, and what is to be written about it."""

    number: int
    change: Change


class IncidentReader(msgspec.Struct, frozen=True):
    """Reads what was typed. `person` and `subsystem` find whom and what a name means; each may raise a UserError."""

    log: IncidentLog
    zone: tzinfo
    person: Callable[[str], Person | None]
    subsystem: Callable[[str], str]

    def opening(self, command: Command) -> Change:
        """Return what a new incident is opened with: the first line is its title, the others its first text.

        It has the message as its source, so that a message delivered twice opens one incident.
        """
        found = self._read(command.text, OPENING)
        title, _, text = found.text.partition("\n")
        change = self._change(command, found, title=title, text=text)
        source = source_of(command.place.room or command.by.id, command.ts)
        return replace(change, started_at=change.happened_at, happened_at=None, source=source)

    def update(self, command: Command) -> NumberedChange:
        """Return an update: which incident, the text, and what it sets."""
        return self._numbered(command, "update", UPDATING)

    def entry(self, command: Command, verb: str, options: tuple[str, ...] = ("at",)) -> NumberedChange:
        """Return which incident and a text: for the commands that take little else."""
        return self._numbered(command, verb, options)

    def assignment(self, command: Command) -> NumberedChange:
        """Return which incident, and whom to give it to; words behind the name are the text."""
        found = self._read(command.text, ("at",))
        number, rest = self.which(command, found.text, "assign")
        name, _, text = rest.partition(" ")
        if not name:
            raise UserError(
                f"Who shall own #{number}? Type `!incident assign {number} @somebody`, or `me` for yourself."
            )
        return NumberedChange(number, self._change(command, found, owner=self._named(name, command.by), text=text))

    def shown(self, command: Command) -> tuple[int, int]:
        """Return which incident to show, and the page of its whole timeline; 0 for the short form."""
        number, rest = self.which(command, command.text, "show")
        found = re.fullmatch(r"(?:(?:all|page)\s*)*(\d{1,6})?", rest.strip(), re.IGNORECASE)
        if not found:
            raise UserError(f"{quoted(rest)} is more than I can show. Type `!incident show {number}`, or with `all`.")
        return number, int(found[1] or 1) or 1 if rest.strip() else 0

    def exported(self, command: Command) -> int | tuple[date, date]:
        """Return what to write into a file: an incident's number, or the first and last of some days."""
        number, _, rest = typed.reference(command.text)
        if command.text.strip() and (number is None or rest):
            return self._exported_days(command)
        return self.which(command, command.text, "export")[0]

    def _exported_days(self, command: Command) -> tuple[date, date]:
        try:
            return read_days(command.text, day_of(command.at, self.zone))
        except UserError as unread:
            raise UserError(f"{unread} One incident: `!incident export 12`.") from None

    def which(self, command: Command, text: str, verb: str) -> tuple[int, str]:
        """Return the incident that `text` begins with, or the one whose thread this is, and the text behind its number.

        In an incident's own thread a number without # may be the first word of a sentence: where it could be either, a
        UserError asks.
        """
        number, signed, rest = typed.reference(text)
        if number is not None and signed:
            return number, rest
        here = self.log.by_thread(command.place.room, command.place.thread)
        if number is not None and (here is None or number == here.number or not rest):
            return number, rest
        if here is None:
            raise self._unnumbered(verb, command)
        if number is not None and 0 < number <= self.log.latest():
            raise UserError(
                f"{number} may be an incident or a word. Type `!incident {verb} #{number} ...` for that incident, "
                f"or `!incident {verb} #{here.number} {number} ...` for this one."
            )
        return here.number, text

    def _numbered(self, command: Command, verb: str, options: tuple[str, ...]) -> NumberedChange:
        found = self._read(command.text, options)
        number, text = self.which(command, found.text, verb)
        self._refuse_several(command, found, verb, number, text)
        return NumberedChange(number, self._change(command, found, title=found.options.get("title"), text=text))

    def _refuse_several(self, command: Command, found: typed.ParsedText, verb: str, number: int, text: str) -> None:
        """Raise a UserError where `text`, which stands behind `number`, begins with more open incidents.

        Behind `resolve` they need no sign, or the first alone would be resolved; not so in the thread of `number`,
        where a number without # is a word.
        """
        here = self.log.by_thread(command.place.room, command.place.thread)
        bare = verb == "resolve" and not (here and here.number == number)
        known = {incident.number for incident in self.log.open_ones(passed_over)} - {number}
        others, text = _several(text, known, bare=bare)
        if others:
            again = _again(verb, number, " ".join([text, *_options(found)]))
            same = f"then the same for {_numbers(others)}"
            raise UserError(f"One at a time: `{again}`, {same}. A number in your text goes into `backticks`.")

    def _read(self, text: str, options: tuple[str, ...]) -> typed.ParsedText:
        return typed.read(text, {name: OPTIONS[name] for name in options}, _elsewhere(text, options))

    def _change(
        self,
        command: Command,
        found: typed.ParsedText,
        *,
        text: str,
        title: str | None = None,
        owner: Person | None = None,
    ) -> Change:
        given = found.options
        return Change(
            text=text,
            title=title,
            status=_status(given["status"]) if "status" in given else None,
            severity=_severity(given["sev"]) if "sev" in given else None,
            subsystem=self.subsystem(given["on"]) if "on" in given else None,
            owner=self._named(given["owner"], command.by) if "owner" in given else owner,
            reported_by=self._reporter(given.get("reporter"), command.by),
            started_at=self._moment(given.get("started"), command.at),
            happened_at=self._moment(given.get("at"), command.at),
        )

    def _moment(self, text: str | None, now: datetime) -> datetime | None:
        return None if text is None else read_moment(text.rstrip(",;"), now, self.zone)

    def _named(self, name: str, by: Person) -> Person:
        name = name.rstrip(",.;:")
        found = by if name.casefold() == "me" else self.person(name)
        if found is None:
            raise UserError(f"I know nobody called {quoted(name)}. Type the name as @bob, or me for yourself.")
        return found

    def _reporter(self, name: str | None, by: Person) -> str | None:
        return self._named(name, by).name if name and re.fullmatch(ANYBODY, name) else name

    def _unnumbered(self, verb: str, command: Command) -> UserError:
        lost: set[date] = set()
        ones = self.log.open_ones(lost.add)
        missing = [tell_lost(lost, day_of(command.at, self.zone))] if lost else []
        if not ones:
            nothing = "Nothing that can be read is open" if missing else "Nothing is open"
            which = f"Which incident? {nothing}; `!incident list all` shows the others with their numbers."
            return UserError("\n".join([which, *missing]))
        listed = [f"#{incident.number} {incident.shown_title}" for incident in ones[:MOST_LISTED]]
        if len(ones) > MOST_LISTED:
            listed.append(f"and {len(ones) - MOST_LISTED} more: `!incident list`")
        again = _again(verb, ones[0].number, "" if verb in WORDLESS else command.text or "...")
        return UserError("\n".join([f"Which incident? Type `{again}`", *listed, *missing]))


def _elsewhere(text: str, options: tuple[str, ...]) -> dict[str, str]:
    """Return what to type instead of each option that this command does not take."""
    if options is OPENING:
        return {"title": "The first line is the title.", "started": "`--at 12:30pm` says when it began."}
    update = f"!incident update {typed.reference(text)[0] or 12}"
    others = {name: option.example for name, option in OPTIONS.items() if name not in options}
    return {name: f"`{update} --{name} {example}` sets it." for name, example in others.items()}


def _several(text: str, known: Collection[int], *, bare: bool) -> tuple[list[int], str]:
    """Return the `known` incidents that `text` begins with, and the text behind; `bare` ones may be joined by "and"."""
    found: dict[int, None] = {}
    while True:
        number, signed, rest = typed.reference(JOINING.sub("", text) if bare else text)
        if number is None or number not in known or not (signed or bare):
            return list(found), text
        found[number] = None
        text = rest


def _again(command: str, number: int, text: str) -> str:
    return _typed(f"{command} {number}", text)


def _typed(command: str, text: str) -> str:
    """Return the command as it might be typed again, with the first line of `text`, LONGEST_ECHO characters at most."""
    first = text.strip().partition("\n")[0][:LONGEST_ECHO].strip()
    left_out = "..." if first != text.strip() else ""
    echo = "..." if "`" in text else f"{first} {left_out}"  # a backtick would end the command in the answer
    return f"!incident {command} {echo}".strip()


def _options(found: typed.ParsedText) -> list[str]:
    return [as_option(name, value) for name, value in found.options.items()]


def _numbers(some: list[int]) -> str:
    """Return "#4", "#4 and #5", "#4, #5 and #6"."""
    named = [f"#{number}" for number in some]
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))


def no_command(text: str) -> UserError:
    """Return what to tell somebody who typed `!incident` and then this: the command they meant, or what there is."""
    word, *rest = text.split(maxsplit=1)
    return UserError(f"There is no `!incident {word[:LONGEST_WORD]}`. {_meant(word, ''.join(rest), text)}")


def _meant(word: str, rest: str, text: str) -> str:
    if same := SYNONYMS.get(word.casefold()):
        return f"Type {' or '.join(f'`{_typed(command, rest)}`' for command in same)}."
    likely = " or ".join(f"`!incident {command}`" for command in near(word, COMMANDS))
    titled = rest and typed.reference(rest)[0] is None
    to_open = f"To open an incident, type `{_typed('open', text)}`. " if titled else ""
    return f"{f'Did you mean {likely}? ' if likely else to_open}`!incident` shows what there is."


def _severity(text: str) -> Severity:
    found = re.fullmatch(rf"(?:sev-?)?({severity.PATTERN})[,.;:]?", text, re.IGNORECASE)
    if not found:
        raise UserError(
            f"{quoted(text)} is not a severity. Type --sev {severity.CHOICES}; {severity.WORST} is the worst."
        )
    return Severity.of(int(found[1]))


def _status(text: str) -> Status:
    word = text.casefold().rstrip(",.;:")
    if word in list(Status):
        return Status(word)
    likely = near(word, list(Status), most=1)
    meant = f"Did you mean {likely[0]}?" if likely else f"Type {', '.join(Status)}."
    raise UserError(f"{quoted(text)} is not a status. {meant}")
