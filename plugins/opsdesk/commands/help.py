"""The desk's own help: what people do, one group of commands, or one command with its options and examples."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from opsdesk.commands.line import Line
from opsdesk.commands.meanings import Question, Reading, groups
from opsdesk.commands.reading import read
from opsdesk.commands.vocabulary import SPOKEN, Risk, Spoken
from opsdesk.errors import quoted
from opsdesk.incidents import typed
from opsdesk.patterns import regex

MANY_WORDS = 4  # other words for a command that are told
OF_WHAT = regex(r"\b(?:an?|the|my|some) (incident|alert)\b", re.IGNORECASE)
GREETINGS = ("hello", "hi", "hey", "help", "me")  # may stand where a subject could

FURTHER = {  # examples of what a command takes besides what its own shows
    "incident_open": ('!incident open Claims rejected --at "yesterday 4:10pm" --owner @bob',),
    "incident_update": ("!incident update 12 --sev 1", "!incident 12 monitoring"),
    "incident_assign": ("!incident assign 12 me",),
    "incident_list": ("!incident list mine", "!incident list week", "!incident list resolved", "!incident list vista"),
    "incident_show": ("!incident show 12",),
    "incident_export": ("!incident export week",),
    "incident_notice": ("!incident notice 12",),
    "incident_action": ("!incident action 12 done 1", "!incident action 12 list", "!incident action list mine"),
    "incident_snooze": ("!incident snooze 12 until 6pm",),
    "incident_metrics": ("!incident metrics month",),
    "alerts": ("!alerts yesterday", "!alerts week"),
    "stats": ("!stats yesterday", "!stats week", "!stats last week", "!stats check-ins completed"),
    "stats_chart": ("!stats chart today", "!stats chart month"),
    "stats_record": ("!stats record yesterday check-ins clicked 1765", "!stats record check-ins clicked none"),
    "traces": ("!traces", "!traces 2h"),
    "summary": ("!summary today",),
    "report": ("!report last week", "!report sprint", "!report month", "!report 2026-11"),
    "oncall": ("!oncall tomorrow", "!oncall friday"),
    "oncall_calendar": ("!oncall calendar new",),
    "desk_board": ("!desk board revoke",),
    "whois": ("!whois charley", "!whois RPC timeout"),
    "links": ("!links vets-api",),
    "runbook": ("!runbook sidekiq",),
}


class HelpSource(msgspec.Struct, frozen=True):
    """What help is written from: each command's sentence by its name, when the day's post is due, who asks."""

    sentences: Mapping[str, str]
    due: str
    is_admin: bool

    def about(self, subject: str) -> str:
        """Return the help on what was asked for: a group of commands, a command, or all in short."""
        line = Line(subject)
        words = [line.word(at) for at in range(len(line)) if line.word(at) not in GREETINGS]
        if not words:
            return self.first()
        if group := groups().get(tuple(words)):
            return self.group(group)
        return self._nearest(" ".join(words))

    def first(self) -> str:
        """Return the first page: the six things people do, and where the rest is."""
        lines = [
            "*An incident* `!incident open VistA is slow --sev 2` · `!incident update 1 two sites` · "
            "`!incident resolve 1 restarted`",
            "*Whom to ask* `!whois vista` · `!runbook vista-api` · `!links sidekiq`",
            "*Counts* `!stats today` · `!stats chart week`",
            "*Alerts* `!alerts` · what fails where: `!traces` · what the desk watches: `!watch`",
            f"*The day's post*, at {self.due} by itself `!summary` · for the next shift: "
            "`!summary note Watch the VEText backlog`",
            "*On call* `!oncall` · `!shift accept`",
            "In an incident's thread no number is needed, and 📌 on a message there keeps it. "
            "✅ on what you are asked, or `!yes`, accepts it.",
            "A typing error? Edit the message within two minutes. In a direct message no ! is needed.",
            "More: `!help incident`, `!help alerts`, `!help stats`, `!help summary`, `!help oncall`, `!help whois`, "
            "or one command: `!help incident open`",
        ]
        return "\n".join([*lines, *self._for_admins()])

    def group(self, group: str) -> str:
        """Return the help on a group of commands: an example of each, and what it does."""
        names = [name for name, one in SPOKEN.items() if one.group == group and name in self.sentences]
        lines = [f"`{example}`: {does}" for name in names for does, example in (parted(self.sentences[name]),)]
        if group == "incident":
            lines.append(f"Options, anywhere in the line: {_listed(typed.option_examples('update'))}")
        with_more = next((one.typed for one in map(SPOKEN.__getitem__, names) if one.verb), "")
        return "\n".join([*lines, *([f"One of them: `!help {with_more.removeprefix('!')}`"] if with_more else [])])

    def command(self, name: str) -> str:
        """Return the help on one command: what it does, its options, further examples, other words for it."""
        spoken = SPOKEN[name]
        does, example = parted(self.sentences[name])
        lines = [f"`{example}`: {does}"]
        if options := typed.option_examples(spoken.verb) if spoken.group == "incident" else ():
            lines.append(f"Options, anywhere in the line: {_listed(options)}")
        if name in FURTHER:
            lines.append(f"Also: {_listed(FURTHER[name])}")
        if others := _other_words(spoken):
            lines.append(f"Other words for it: {', '.join(others)}")
        return "\n".join(lines)

    def _nearest(self, subject: str) -> str:
        changes = (meant for meant in map(read, _with_number(subject)) if _changes(meant))
        meant = next(changes, None) or read(subject)
        if isinstance(meant, Reading) and meant.name in self.sentences:
            return self.command(meant.name)
        if isinstance(meant, Question):
            return meant.text
        return f"There is no help on {quoted(subject)}. `!help` shows what people do, and where the rest is."

    def _for_admins(self) -> Iterable[str]:
        if self.is_admin:
            yield "Admins: `!desk status` · the bot itself: `!help plugins`, `!help health`"


def _changes(meant: Reading | Question | None) -> bool:
    return isinstance(meant, Reading) and meant.spoken.risk is not Risk.READS


def _with_number(subject: str) -> Iterator[str]:
    """Yield what is asked about as it would be typed: "add a note to an incident" as "add a note to incident 1: x"."""
    numbered = OF_WHAT.sub(r"\1 1", subject)
    if numbered != subject:
        yield numbered
        yield f"{numbered}: x"


def knows(subject: str) -> bool:
    """Return whether the desk has help of its own on this, or nothing is named."""
    line = Line(subject)
    words = tuple(line.word(at) for at in range(len(line)) if line.word(at) not in GREETINGS)
    return not words or words in groups() or read(" ".join(words)) is not None


def parted(sentence: str) -> tuple[str, str]:
    """Return what a command does and its example, from "End it: !incident resolve 12 gone"."""
    does, _, example = sentence.strip().rpartition(": ")
    return does[:1].lower() + does[1:], example


def _other_words(spoken: Spoken) -> Sequence[str]:
    """Return what else is typed for a command's word, or for all of it."""
    others = (one.partition("|")[0] for one in (*spoken.verbs, *spoken.alone) if "|" not in one)
    return [word for word in dict.fromkeys(others) if word != spoken.verb][:MANY_WORDS]


def _listed(examples: Iterable[str]) -> str:
    return ", ".join(f"`{one}`" for one in examples)


def examples_in(page: str) -> list[str]:
    """Return the commands that a page shows."""
    return re.findall(r"`(![^`]+)`", page)
