"""What people type behind `!incident ...`, read into what they want said of which incident."""

import re
from collections.abc import Callable
from datetime import date, datetime, tzinfo

import msgspec
from msgspec.structs import replace

from opsdesk.chat import Command, Person
from opsdesk.clock import day_of
from opsdesk.errors import UserError, as_option, near, quoted
from opsdesk.incidents import severity
from opsdesk.incidents.incident import Status, source_of
from opsdesk.incidents.lateness import OF_FORMS
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.rules import Change
from opsdesk.incidents.severity import Severity
from opsdesk.incidents.which import WhichIncident
from opsdesk.patterns import regex
from opsdesk.text import AGO, MOMENT, Misspelt, Offer, Offering, Option, Unsure, any_of, literal, read_days, read_moment
from opsdesk.text import options as typed

PASSED = rf"{AGO}|{MOMENT}"
ANYBODY = r"@\S+|<@[^>]+>|me"
OPTIONS = {
    "sev": Option(rf"{severity.PATTERN}[,.;:]?", "2", loose=True, also=("severity", "prio", "priority")),
    "on": Option(r"[A-Za-z][\w./-]*", "vista", also=("subsystem", "system")),
    "status": Option(rf"(?i:{'|'.join(Status)})", "identified"),
    "owner": Option(ANYBODY, "@bob", also=("assign", "assignee")),
    "at": Option(PASSED, "12:50pm"),
    "started": Option(PASSED, "12:30pm"),
    "title": Option(typed.QUOTED, "VistA timeouts at two sites", long=True),
    "reporter": Option(rf"{ANYBODY}|{typed.QUOTED}", '"site 688"'),
}
OPENING = ("sev", "on", "status", "owner", "at", "reporter")
UPDATING = ("status", "sev", "on", "owner", "at", "title", "started", "reporter")
TAKEN = {  # the options of each command that takes any
    "open": OPENING,
    "update": UPDATING,
    "reopen": ("at", "status"),
    **dict.fromkeys(("resolve", "ack", "assign", "note", "link"), ("at",)),
}
COMMANDS = (
    "open",
    "update",
    "resolve",
    "ack",
    "reopen",
    "assign",
    "note",
    "link",
    "void",
    "merge",
    "action",
    "notice",
    "announce",
    "snooze",
    "list",
    "show",
    "search",
    "export",
    "metrics",
)
MERGE = regex(r"(?:(?:#|INC-)?(\d{1,9})\s*)?(?:\b(?:into|in|to|with)\b)?\s*(?:#|INC-)?(\d{1,9})", re.IGNORECASE)
TO = regex(r"to\s+(?=\S)", re.IGNORECASE)
ALONE = regex(r"(?:please|pls|plz|again|now|for me(?: to \w+)?)?", re.IGNORECASE)  # behind a number that is no title
SEV_AND_NUMBER = regex(r"sev(?:erity)?\s*(\d{1,9})\s+(\d{1,9})", re.IGNORECASE)
BRACKETED = regex(r"\A\s*[(\[](sev(?:erity)?[ -]?\d)[)\]]:?", re.IGNORECASE)  # "[SEV2] VistA is slow"
GRADED = regex(  # "travel pay fails, sev 2 i think, since noon"
    r"[,;][ \t]*sev(?:erity)?[ -]?(?P<sev>[1-3])"
    r"(?:[ \t]+(?:i (?:think|guess)|maybe|prob(?:ably)?|or so|ish|for now|imo))?"
    r"(?=[ \t]*(?:[,;.!]|\Z))",
    re.IGNORECASE,
)
LONGEST_WORD = 60  # characters of what was typed that are repeated


class NumberedChange(msgspec.Struct, frozen=True):
    """An incident's number, and what is to be written about it."""

    number: int
    change: Change


class IncidentReader(msgspec.Struct, frozen=True):
    """Reads what was typed. `person` and `subsystem` find whom and what a name means; each may raise a UserError.

    `find_lost` looks in a room for incidents' messages that are not known of.
    """

    log: IncidentLog
    zone: tzinfo
    person: Callable[[str], Person | None]
    subsystem: Callable[[str], str]
    find_lost: Callable[[str], bool] = lambda room: False

    def which(self, command: Command, verb: str) -> tuple[int, str]:
        """Return the incident that is meant, and the text behind its number."""
        return self._which.read(command, command.text, verb)

    def opening(self, command: Command) -> Change:
        """Return what a new incident is opened with: the first line is its title, the others its first text.

        It has the message as its source, so that a message delivered twice opens one incident.
        """
        found = self._read(_graded(command.text), OPENING, glued=True)
        title, _, text = found.text.partition("\n")
        title = typed.undashed(title.rstrip(" \t,;"))  # "— VistA is slow, sev2"
        _refuse_number_alone(title, text)
        change = self._change(command, found, title=title, text=text)
        source = source_of(command.place.room or command.by.id, command.ts, command.place_in_message)
        return replace(change, started_at=change.happened_at, happened_at=None, source=change.source or source)

    def update(self, command: Command) -> NumberedChange:
        """Return an update: which incident, the text, and what it sets."""
        if found := SEV_AND_NUMBER.fullmatch(command.text.strip()):
            return self._numbered(
                replace(command, text=self._which.severity_of(found[1], found[2])), "update", UPDATING
            )
        return self._numbered(command, "update", UPDATING)

    def entry(self, command: Command, verb: str) -> NumberedChange:
        """Return which incident and a text: for the commands that take little else."""
        return self._numbered(command, verb, TAKEN.get(verb, ()))

    def assignment(self, command: Command) -> NumberedChange:
        """Return which incident, and whom to give it to; words behind the name are the text."""
        found = self._read(command.text, TAKEN["assign"])
        number, rest = self._which.read(command, self._which.number_first(command, found.text), "assign")
        name, _, text = TO.sub("", rest, count=1).partition(" ")
        if not name:
            raise UserError(
                f"Who shall own #{number}? Type `!incident assign {number} @somebody`, or `me` for yourself."
            )
        return NumberedChange(number, self._change(command, found, owner=self.named(name, command.by), text=text))

    def merging(self, command: Command) -> tuple[int, int]:
        """Return which incident is to be merged, without a number that of the thread, and which one goes on."""
        found = MERGE.fullmatch(command.text.strip())
        here = self.log.by_thread(command.place.room, command.place.thread)
        one = found[1] or (here.number if here else None) if found else None
        if not found or one is None:
            raise UserError("Which two? Type `!incident merge 7 into 1`: #7 is kept, and goes on as #1.")
        return int(one), int(found[2])

    def shown(self, command: Command) -> tuple[int, int]:
        """Return which incident to show, and the page of its whole timeline; 0 for the short form."""
        number, rest = self._which.read(command, command.text, "show")
        found = re.fullmatch(r"(?:(?:all|page)\s*)*(\d{1,6})?", rest.strip(), re.IGNORECASE)
        if not found:
            raise UserError(f"{quoted(rest)} is more than I can show. Type `!incident show {number}`, or with `all`.")
        return number, int(found[1] or 1) or 1 if rest.strip() else 0

    def exported(self, command: Command) -> int | tuple[date, date]:
        """Return what to write into a file: an incident's number, or the first and last of some days."""
        number, _, rest = typed.reference(command.text)
        if command.text.strip() and (number is None or rest):
            return self._exported_days(command)
        return self._which.read(command, command.text, "export")[0]

    def _exported_days(self, command: Command) -> tuple[date, date]:
        try:
            return read_days(command.text, day_of(command.at, self.zone))
        except UserError as unread:
            raise UserError(f"{unread} One incident: `!incident export 12`.") from None

    @property
    def _which(self) -> WhichIncident:
        return WhichIncident(self.log, self.zone, self.find_lost)

    def _numbered(self, command: Command, verb: str, options: tuple[str, ...]) -> NumberedChange:
        found = self._read(command.text, options)
        number, text = self._which.read(command, found.text, verb)
        self._which.refuse_several(command, found, verb, number, text)
        return NumberedChange(number, self._change(command, found, title=found.options.get("title"), text=text))

    def _read(self, text: str, options: tuple[str, ...], *, glued: bool = False) -> typed.ParsedText:
        known = {name: OPTIONS[name] for name in options}
        return typed.read(text, known, _elsewhere(text, options), glued=glued)

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
            owner=self.named(given["owner"], command.by) if "owner" in given else owner,
            reported_by=self._reporter(given.get("reporter"), command.by),
            started_at=self._moment(given.get("started"), command.at),
            happened_at=self._moment(given.get("at"), command.at),
            late=command.late,
            source=f"{OF_FORMS}{command.form}" if command.form else "",
            seen=command.seen,
        )

    def _moment(self, text: str | None, now: datetime) -> datetime | None:
        return None if text is None else read_moment(text.rstrip(",;"), now, self.zone)

    def named(self, name: str, by: Person) -> Person:
        """Return the person that was typed, `by` for "me"; raise a UserError for nobody."""
        name = name.rstrip(",.;:")
        is_name = any(letter.isalpha() for letter in name)  # 12 may be an incident, or hours
        found = by if name.casefold() == "me" else self.person(name) if is_name else None
        if found is None:
            raise UserError(f"I know nobody called {quoted(name)}. Type the name as @bob, or me for yourself.")
        return found

    def _reporter(self, name: str | None, by: Person) -> str | None:
        return self.named(name, by).name if name and re.fullmatch(ANYBODY, name) else name


def _refuse_number_alone(title: str, text: str) -> None:
    """Raise a UserError where the title is but a number: an incident that was opened before may be meant."""
    number, _, rest = typed.reference(title)
    if number is not None and ALONE.fullmatch(rest) and not text:
        shown, again = f"`!incident show {number}` shows #{number}", f"`!incident reopen {number} why` opens it again"
        raise UserError(
            f"{title.strip()} is no title. {shown}, {again}; a title is words: `!incident open VistA is slow`."
        )


def _elsewhere(text: str, options: tuple[str, ...]) -> dict[str, str]:
    """Return what to type instead of each option that this command does not take."""
    if options is OPENING:
        return {"title": "The first line is the title.", "started": "`--at 12:30pm` says when it began."}
    update = f"!incident update {typed.reference(text)[0] or 12}"
    others = {name: option.example for name, option in OPTIONS.items() if name not in options}
    return {name: f"`{update} --{name} {example}` sets it." for name, example in others.items()}


def _graded(text: str) -> str:
    """Return an opening with the severity as an option that stands in brackets before, or between commas in, its title.

    Of a title that speaks of several severities nothing is taken.
    """
    title, more, behind = text.partition("\n")
    if title.casefold().count("sev") == 1 and (found := GRADED.search(title)):
        return f"--sev {found['sev']} {title[: found.start()]}{title[found.end() :]}{more}{behind}"
    return BRACKETED.sub(r"\1", text)


def option_examples(verb: str) -> list[str]:
    """Return the options of a command as people type them, each with a value: "--sev 2", '--reporter "site 688"'."""
    examples = ((name, OPTIONS[name].example.strip('"')) for name in TAKEN.get(verb, ()))
    return [as_option(name, example) for name, example in examples]


def no_command(text: str) -> UserError:
    """Return what to tell somebody who typed `!incident` and then this: the command they meant, or what there is."""
    word, *rest = text.split(maxsplit=1)
    wrong, shows = f"There is no `!incident {word[:LONGEST_WORD]}`.", "`!incident` shows what there is."
    if likely := near(word, COMMANDS):
        offers = tuple(Offer(f"incident_{command}", "".join(rest)) for command in likely)
        return Unsure(Offering(f"{literal(wrong)} {shows} Did you mean {any_of(['{}'] * len(offers))}?", offers))
    if rest and typed.reference(rest[0])[0] is None:
        asked = f"{literal(wrong)} {shows} To open an incident, type {{}}."
        return Unsure(Offering(asked, (Offer("incident_open", text),)))
    return UserError(f"{wrong} {shows}")


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
    if likely := near(word, list(Status), most=1):
        raise Misspelt(f"{quoted(text)} is not a status.", text, likely[0])
    raise UserError(f"{quoted(text)} is not a status. Type {', '.join(Status)}.")
