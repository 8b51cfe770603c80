"""What every plugin of the desk is built on: the desk at hand, and commands that return text."""

import functools
import logging
import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

from errbot import BotPlugin, botcmd
from msgspec.structs import replace

from opsdesk import later
from opsdesk.bot import is_own, read_as, stand_before
from opsdesk.chat import Command, Person, Reply, SendError, as_markdown, reaction_of, with_lines
from opsdesk.commands import SPOKEN, Risk, Spoken, instead_of_undo
from opsdesk.desk import Desk
from opsdesk.errors import SettingsError, UserError, done
from opsdesk.process import cannot_start, open_desk, tell_waiting
from opsdesk.text import offering_of

log = logging.getLogger(__name__)

Handler = Callable[[Any, Command], str | Reply]

MISTAKE = "A mistake in the desk: it is in its log. Look whether it was done before you type it again."
NOT_HEARD = (
    "Something that was posted, or marked with an emoji, was not taken in by the plugin {}: {} "
    "Please look at what came just now."
)
AGAIN = 10.0  # seconds until a desk that could not start is tried again


class DeskPlugin(BotPlugin):  # type: ignore[misc]  # errbot is not typed
    """A plugin with the desk at hand. What it does once it has the desk is its `begin`.

    Use it as `plugin.DeskPlugin`: imported by name, Errbot would take it for the plugin itself.

    `waiting` is why there is no desk yet, in somebody's own bot: until that is mended, commands are answered with it.
    """

    desk: Desk
    waiting = ""

    def __dir__(self) -> list[str]:
        """Return the names that the plugin itself brings, without all that Errbot's plugins have.

        At each start and end Errbot looks at every name that it is told of, several times, for commands and webhooks.
        """
        return [name for kind in type(self).__mro__ if issubclass(kind, DeskPlugin) for name in vars(kind)]

    def activate(self) -> None:
        """Open the desk and begin. If the desk cannot start, its own process ends with status 1 and the reason.

        Errbot would go on without the plugin, and answer that no command is known. Somebody's own bot goes on, and
        the plugin tries again.
        """
        reloaded, self.waiting = hasattr(self, "desk"), ""
        try:
            self._open(reloaded=reloaded)
        except SettingsError as wrong:
            if reloaded:  # the desk runs on, and whoever reloads is told
                raise
            if is_own(self.bot_config):
                raise cannot_start(wrong) from wrong
            self.waiting = tell_waiting(self._bot, wrong)
            self.start_poller(AGAIN, self.try_again)
        super().activate()

    def deactivate(self) -> None:
        """Stop, with everything loaded: somebody's own bot may remove the files, and what was begun goes on."""
        if not is_own(self.bot_config):
            done(later.load_all)
        super().deactivate()

    def begin(self, *, reloaded: bool) -> None:
        """Start the plugin's own part, with the desk at hand. It may raise a SettingsError."""

    def try_again(self) -> None:
        """Open the desk and begin, if what kept it from that has been mended."""
        try:
            self._open(reloaded=False)
        except SettingsError as wrong:
            self.waiting = tell_waiting(self._bot, wrong)
        else:
            self.waiting = ""
            self.stop_poller(self.try_again)

    def answering(self) -> dict[str, bool]:
        """Return whether each of the desk's plugins answers commands, by name; what could not be loaded does not."""
        manager = self._bot.plugin_manager
        folder = _folder_of(manager.plugin_infos[self.name])
        ours = (name for name, found in manager.plugin_infos.items() if _folder_of(found) == folder)
        return {name: _answers(manager.plugins.get(name)) for name in ours}

    def each(self, *parts: Callable[[], object]) -> None:
        """Do each part of what is heard, and tell the admins of one that fails: Errbot would tell nobody."""
        for part in parts:
            try:
                part()
            except Exception as failed:  # whatever it was, the others hear it all the same
                log.exception("What was said in the chat was not taken in by %s", self.name)
                self.desk.trouble.tell_admins(NOT_HEARD.format(self.name, _reason(failed)))

    def _open(self, *, reloaded: bool) -> None:
        self.desk = open_desk(self._bot)
        stand_before(self._bot, self.desk)
        self.begin(reloaded=reloaded)


def _reason(failed: Exception) -> str:
    """Return why something was not taken in; of a mistake people read no more than that there was one."""
    if isinstance(failed, SendError):
        return f"{failed.reason}."
    return str(failed) if isinstance(failed, UserError) else "A mistake in the desk: it is in its log."


def _folder_of(info: Any) -> str:
    """Return the folder with the plugin's own folder in it, which a Path would take far longer to tell."""
    return str(info.location).rsplit(os.sep, 2)[0]


def _answers(plugin: Any) -> bool:
    return plugin is not None and plugin.is_activated and not plugin.waiting


def callback(handler: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Make a callback of Errbot's of a method.

    It does nothing while the plugin waits for its desk, nor for an emoji of somebody who may change nothing.
    """

    @functools.wraps(handler)
    def run(self: DeskPlugin, event: Any) -> None:
        found = reaction_of(event) if handler.__name__ == "callback_reaction" and not self.waiting else None
        if not self.waiting and (not found or self.desk.access.may_react(found, self.desk.now())):
            self.each(lambda: handler(self, event))

    return run


def command(handler: Handler) -> Any:
    """Make a chat command of a method that takes a Command and returns the answer.

    A UserError that it raises is answered with its text; of a mistake people read no more than that there was one.
    """

    spoken = SPOKEN.get(handler.__name__, Spoken(handler.__name__))

    @functools.wraps(handler)
    def run(self: DeskPlugin, message: Any, args: str) -> str | None:
        if self.waiting:
            return as_markdown(self.waiting)
        meant, place = read_as(message)
        typed = replace(self.desk.chat.command(message, args, self.desk.now()), place_in_message=place)
        taken = f"({meant.taken}, I take it.)" if meant and meant.taken else ""
        try:
            beside = self.desk.access.check(typed, spoken.typed, spoken.right)
            self.desk.questions.typed(typed, spoken)
            answer = handler(self, typed)
        except UserError as refusal:
            refused = with_lines(_refused(self.desk, typed, spoken, refusal), taken)
            return self.desk.chat.answer(message, refused, refused=True)
        except Exception:  # whatever it was: Errbot would answer with what it says, which is for no person
            log.exception("A command failed: %s", spoken.typed)
            return self.desk.chat.answer(message, Reply(MISTAKE), refused=True)
        remember(self.desk, typed.by, typed.at, instead_of_undo(spoken, typed.text))
        reply = answer if isinstance(answer, Reply) else Reply(answer)
        reply = with_lines(reply, beside, taken, _hint(self.desk, typed, spoken))
        return self.desk.chat.answer(message, replace(reply, alone=spoken.risk is Risk.READS))

    return botcmd(run, historize=False)  # "!!" and "!1" would do it again


def remember(desk: Desk, by: Person, at: datetime, instead: str) -> None:
    """Have `!undo` know of a change that it leaves alone, and what it says instead; nothing changed where that is "".

    Otherwise it would take back something older. The change is made by now: its answer must not be lost for this.
    """
    try:
        if instead:
            desk.undoing.lasts(by, at, instead)
    except Exception:  # whatever it was
        log.exception("What !undo leaves alone cannot be kept")


def _refused(desk: Desk, typed: Command, spoken: Spoken, refusal: UserError) -> Reply:
    """Return the answer to a command that is refused: what may be meant is asked about."""
    offering = offering_of(refusal, spoken.name, typed.text)
    return desk.questions.ask(typed, offering) if offering else Reply(str(refusal))


def _hint(desk: Desk, typed: Command, spoken: Spoken) -> str:
    """Return what is said once a day to each person who made a change: that it can be taken back.

    It is "" where that cannot be found out, as the change is made by now and its answer must not be lost for a hint.
    """
    if spoken.risk is not Risk.UNDOABLE or typed.late:
        return ""
    try:
        return desk.undoing.hint(typed.by, typed.at)
    except Exception:  # whatever it was
        log.exception("Whether to tell of !undo cannot be found out")
        return ""
