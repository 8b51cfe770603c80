"""The front door: every message that reaches the bot is read here before Errbot, which knows commands to the letter."""

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from opsdesk.bot.host import greet, is_own
from opsdesk.bot.somebody import known_to
from opsdesk.chat import Command, Reply
from opsdesk.commands import (
    ANSWERS,
    SPOKEN,
    YES,
    by_subject,
    called_so,
    help,
    line,
    lines,
    meanings,
    named_so,
    offers,
    reading,
)
from opsdesk.desk import Desk
from opsdesk.errors import UserError, quoted
from opsdesk.latest import LatestValues
from opsdesk.settings import looking_once
from opsdesk.workers import ANSWERING, Lanes

log = logging.getLogger(__name__)

THREADS = 10
MOST_TOLD = 1_000  # people of whom it is known which tip they had last
TIPS = (
    "That is no command that I know. `help` shows what I do.",
    "I took nothing from that. I know commands, such as `incident list` or `who is on call`; `help` shows more.",
    "I do not know what to do with that. Whom to ask about something: `whois vista`. All else: `help`.",
)
ALSO_OURS = ("history", "status")  # Errbot's own of that name take no words: "history of timeouts", "status of 12"
READ_AS = "desk_reading"  # where a message carries what it was read as


class Front:
    """Hands Errbot the commands that a message holds, in Errbot's own words.

    What is no command of the desk is Errbot's, with whatever other plugins it has.
    """

    def __init__(self, bot: Any, desk: Desk) -> None:
        self._bot, self._desk, self._errbot = bot, desk, bot.process_message
        self._lanes, self._tips = Lanes(THREADS, "commands"), Tips()
        if is_own(bot.bot_config):
            bot.unknown_command = self._unknown

    def __call__(self, message: Any) -> bool:
        """Do what the message asks, and return whether Errbot may show it to the plugins.

        Where Errbot would do commands at the same time, those of one person are done in the order of their typing.
        """
        with ANSWERING:
            return self._take(message)

    def _take(self, message: Any) -> bool:
        if (known := read_as(message)[0]) and known.name in self._bot.commands:
            self._run(message, known)
            return True
        calls = (self._bot.bot_config.BOT_PREFIX, *self._bot.bot_alt_prefixes)
        others = self._bot.commands.keys() - SPOKEN.keys() if "\n" in message.body else ()
        commands = lines.commands_in(message.body, calls, others)
        heard = commands[0].called or message.is_direct
        if message.delayed or self._bot.is_from_self(message) or not heard:
            return bool(self._errbot(message))
        if self._bot.bot_config.BOT_ASYNC:
            room = str(getattr(message.frm, "room", ""))
            about = self._desk.incidents.meant_in(room, "", " ".join(typed.text for typed in commands))
            self._lanes.add((str(message.frm.person), *about), partial(self._do_all, message, commands))
        else:
            self._do_all(message, commands)
        return True

    def _do_all(self, message: Any, commands: "Sequence[lines.Typed]") -> None:
        for place, typed in enumerate(commands):
            with looking_once(), ANSWERING:
                self._do(message, typed, place)

    def _do(self, message: Any, typed: "lines.Typed", place: int) -> None:
        if typed.called and not line.is_word(typed.text):
            return
        is_for_few = self._is_for_few(typed)
        if elsewhere := self._elsewhere(message, typed, is_for_few=is_for_few):
            self._bot._process_command(message, *elsewhere, match=None)
            return
        meant = None if is_for_few else self._read(message, typed)
        if isinstance(meant, meanings.Question):
            self._reply(message, self._desk.questions.ask(self._command(message), meant))
        elif meant and meant.name in self._bot.commands:
            self._run(_with(message, message.body, {READ_AS: (meant, place)}), meant)
        elif typed.called or not is_own(self._bot.bot_config):
            self._errbot(message if place == 0 else _with(message, typed.text, {}))
        else:
            self._reply(message, Reply(self._tips.next(str(message.frm.person))))

    def _read(self, message: Any, typed: "lines.Typed") -> "meanings.Reading | meanings.Question | None":
        """Return what is meant; where that is no command, or words to find an incident by, it may be counters."""
        meant = reading.read(typed.text, called=typed.called)
        is_ours = typed.called or is_own(self._bot.bot_config)
        if isinstance(meant, meanings.Question) and meant.is_chat and not is_ours:
            return None  # somebody may be talking with another plugin
        if isinstance(meant, meanings.Reading) and meant.name in ANSWERS and not is_ours:
            return meant if self._desk.questions.is_asked(self._command(message)) else None
        if _may_be_counters(meant):
            asked = reading.shown(typed.text)
            if self._desk.counts.names(asked, self._desk.now()):
                return meanings.Reading("stats", asked)
        meant = self._by_subject(message, typed.text, meant) if is_ours else meant
        if meant is None or (isinstance(meant, meanings.Reading) and meant.name not in named_so.OF_SUBJECTS):
            return meant
        known = known_to(self._desk, self._command(message))
        meant = named_so.known_so(typed.text, meant, known)
        if not isinstance(meant, meanings.Question):
            return meant
        return called_so.for_people(typed.text, meant, known.is_somebody)

    def _by_subject(
        self, message: Any, line: str, meant: "meanings.Reading | meanings.Question | None"
    ) -> "meanings.Reading | meanings.Question | None":
        """Return what is meant where an incident is named by what it is about; the same where none can be read."""
        if not by_subject.may_be_meant(line, meant):
            return meant
        try:
            return by_subject.meaning.meant_in(self._desk.incidents, self._command(message), line, meant)
        except UserError as unreadable:
            log.warning("What is open cannot be read: %s", unreadable)
            return meant

    def _is_for_few(self, typed: "lines.Typed") -> bool:
        """Return whether a command that somebody may not use is called, by a name that begins no sentence."""
        name = typed.text.split(maxsplit=1)[0].casefold() if typed.called else ""
        return name in self._bot.commands and name not in SPOKEN and not reading.is_known_word(name)

    def _run(self, message: Any, meant: "meanings.Reading") -> None:
        """Run a command, or the one that a yes is said to, as Errbot does: what it lets nobody do stays undone."""
        try:
            if meant.name == YES and (offer := self._desk.questions.take(self._command(message, meant.text))):
                meant = meanings.reading((offer.name, ""), offer.text)
        except UserError as refusal:  # that it was answered cannot be kept: done now, it could be done again
            self._reply(message, Reply(str(refusal)))
            return
        message, name, text = self._bot._process_command_filters(message, meant.name, meant.text)
        if message is not None:
            self._bot._execute_and_send(cmd=name, args=text, match=None, msg=message)

    def _command(self, message: Any, text: str = "") -> Command:
        return self._desk.chat.command(message, text, self._desk.now())

    def _reply(self, message: Any, reply: Reply) -> None:
        answer = self._desk.chat.answer(message, reply, refused=True)
        if answer:
            self._bot.send_simple_reply(message, answer)

    def _elsewhere(self, message: Any, typed: "lines.Typed", *, is_for_few: bool) -> tuple[str, str] | None:
        """Return the command of Errbot's, or of another plugin's, that is called by its very name, and its arguments.

        Of those that only admins may use, nobody else has any, but for one whose name can mean nothing else: Errbot
        asks who may use it, once, and says so.
        """
        if not typed.called:
            return None
        first = typed.text.split(maxsplit=1)[0].casefold()
        for name, rest in lines.named_in(typed.text, self._bot.commands):
            if not self._is_ours(name, rest) and ((is_for_few and name == first) or self._may(message, name)):
                return name, rest
        return None

    def _is_ours(self, name: str, rest: str) -> bool:
        """Return whether a command is the desk's own; so is Errbot's help on what the desk has help on.

        In somebody's own bot, help on nothing in particular is that bot's.
        """
        if name in ALSO_OURS and rest.strip() and not (name == "history" and rest.strip().isdecimal()):
            return is_own(self._bot.bot_config)
        if name != "help":
            return name in SPOKEN
        if not rest.strip() or help.knows(rest):
            return bool(rest.strip()) or is_own(self._bot.bot_config)
        return not self._has_help(rest.strip().casefold())

    def _has_help(self, subject: str) -> bool:
        """Return whether Errbot's own help tells of this: the name of a plugin or of a command."""
        plugins = {plugin.name.casefold() for plugin in self._bot.plugin_manager.get_all_active_plugins()}
        return subject in plugins or subject.replace(" ", "_") in self._bot.all_commands

    def _unknown(self, message: Any, command: str, args: str | None) -> str | None:
        """Answer what is no command, as Errbot's own answer would, but without naming what few may use."""
        if offers.is_thanks(f"{command} {args or ''}"):
            return self._desk.chat.answer(message, Reply("You're welcome."))
        text = f"I know no {quoted(command)}. `!help` shows what people do."
        return self._desk.chat.answer(message, Reply(text), refused=True)

    def _may(self, message: Any, name: str) -> bool:
        allowed, _, _ = self._bot._process_command_filters(message, name, "", dry_run=True)
        return allowed is not None


class Tips:
    """What is said to somebody who types no command in a direct message: a line of help, another one each time."""

    def __init__(self) -> None:
        self._said = LatestValues[str, int](MOST_TOLD)

    def next(self, person: str) -> str:
        """Return the line that this person has not just had."""
        last = self._said.get(person)
        following = 0 if last is None else (last + 1) % len(TIPS)
        self._said.set(person, following)
        return TIPS[following]


def stand_before(bot: Any, desk: Desk) -> None:
    """Have every message of `bot` read by the desk first, once."""
    greet(bot)
    if not isinstance(bot.process_message, Front):
        bot.process_message = Front(bot, desk)


def _may_be_counters(meant: "meanings.Reading | meanings.Question | None") -> bool:
    """Return whether a line may be the name of counters: none of the desk's own words is surely meant."""
    if isinstance(meant, meanings.Question):
        return meant.is_chat
    return meant is None or meant.name in ("incident_show", "stats")


def _with(message: Any, body: str, extras: dict[str, Any]) -> Any:
    """Return the message with another text, and more known of it."""
    given = {"frm": message.frm, "to": message.to, "parent": message.parent}
    return type(message)(body, **given, extras={**message.extras, **extras})


def read_as(message: Any) -> "tuple[meanings.Reading | None, int]":
    """Return what a message was read as, and which of its commands this is, from 0."""
    meant: tuple[meanings.Reading | None, int] = message.extras.get(READ_AS, (None, 0))
    return meant
