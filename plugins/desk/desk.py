"""Desk: what people can ask about the desk itself."""

from typing import TYPE_CHECKING, Any

from errbot import webhook

from opsdesk import plugin, status, web
from opsdesk.bot import is_admin, sentences_of
from opsdesk.chat import Command, Reply, reaction_of, tell_alone
from opsdesk.clock import day_of
from opsdesk.commands import help
from opsdesk.errors import UserError
from opsdesk.text import tell_hour

if TYPE_CHECKING:
    from opsdesk.board import Board
    from opsdesk.web import WebServer


class Desk(plugin.DeskPlugin):
    """How the desk itself stands: connected or not, its store, its warnings."""

    server: "WebServer | None" = None
    made_board: "Board | None" = None

    def board(self) -> "Board":
        """Return the board. Raise a SettingsError where DESK_WEB_ACCESS cannot be read.

        It is no property: Errbot looks at each of a plugin's when it starts the plugin, and would load the board.
        """
        from opsdesk.board import Board  # only where there is one, or somebody asks for it

        self.made_board = self.made_board or Board(self.desk)
        return self.made_board

    def begin(self, *, reloaded: bool) -> None:
        """Start the web server if DESK_WEB names a place for it."""
        if self.desk.settings.environment.get("DESK_WEB"):
            self.made_board = None
            self.board()
        self.server = web.serve(self.desk.settings.environment.get("DESK_WEB", ""), self._bot)

    def deactivate(self) -> None:
        """Stop it."""
        if self.server:
            self.server.close()
        super().deactivate()

    @plugin.callback
    def callback_reaction(self, reaction: Any) -> None:
        """Do what somebody was asked about, or typed while nobody listened, once they mark that with ✅."""
        if (found := reaction_of(reaction)) and hasattr(self._bot, "do_late"):
            self.each(
                lambda: self.desk.unheard.reacted(found, self._bot.do_late),
                lambda: self.desk.questions.reacted(found, self._bot.do_yes),
            )

    @plugin.command
    def desk_status(self, command: Command) -> str:
        """Show whether the desk is connected, and what it warns of: !desk status"""
        desk, readiness = self.desk, status.readiness_of(self._bot, self.answering(), self.desk.store.away())
        posts = status.next_posts(*desk.next_posts(command.at), command.at, desk.zone)
        further = status.further(desk.chat, desk.counts.datadog(command.at), posts)
        others = status.desk_lines(desk.store.desks.all(), command.at, desk.zone)
        return status.answer(
            readiness,
            desk.settings,
            desk.store.warnings(),
            [*desk.mistakes, *desk.targets.mistakes],
            [*others, *further],
        )

    @plugin.command
    def desk_audit(self, command: Command) -> Reply:
        """Show the admins what was refused to whom: !desk audit [person] [day] [csv]"""
        return self.desk.access.show(command, self.desk.zone)

    @plugin.command
    def desk_backup(self, command: Command) -> str:
        """Have the admins make a copy of all that is kept: !desk backup"""
        return status.backed_up(self.desk.store.back_up(command.at.astimezone(self.desk.zone)))

    @plugin.command
    def desk_targets(self, command: Command) -> str:
        """List who is told by Teams or e-mail, and what of: !desk targets"""
        return self.desk.targets.listed()

    @plugin.command
    def desk_try(self, command: Command) -> str:
        """Send one of those targets a message to try it: !desk try VISN leads"""
        return self.desk.targets.try_out(command.text, command.by)

    @plugin.command
    def desk_help(self, command: Command) -> str:
        """Show what people do, or the help on one command: !desk help incident open"""
        zone = self.desk.zone
        due = self.desk.settings.file.summary.on(day_of(command.at, zone), "due", zone)
        page = help.HelpSource(sentences_of(self._bot), tell_hour(due, zone), is_admin(self._bot, command.by.id))
        return page.about(command.text)

    @plugin.command
    def undo(self, command: Command) -> str:
        """Take back what you changed in the last ten minutes: !undo"""
        return self.desk.undoing.undo(command.by, command.at)

    @plugin.command
    def yes(self, command: Command) -> str:
        """Do what you were asked about in the last ten minutes: !yes"""
        raise UserError(self.desk.questions.why_not(command))  # a yes that does something is read as that

    @plugin.command
    def no(self, command: Command) -> str:
        """Leave what you were asked about: !no"""
        return self.desk.questions.leave(command)

    @plugin.command
    def desk_board(self, command: Command) -> str:
        """Give you a link to the board, or end those you had: !desk board"""
        told = self.board().told(command)
        return tell_alone(self.desk.chat, command, told, "Your link to the board is in a direct message from me.")

    @webhook("/board", methods=("GET",), raw=True)  # type: ignore[untyped-decorator]  # errbot is not typed
    def board_first(self, request: Any) -> Any:
        """Show whoever may read it the board's first page."""
        return self.board_page(request, "")

    @webhook("/board/<path:page>", methods=("GET",), raw=True)  # type: ignore[untyped-decorator]  # errbot is not typed
    def board_page(self, request: Any, page: str) -> Any:
        """Show whoever may read it a page of the board."""
        from opsdesk.board import asked_of

        return ("", 503) if self.waiting else self.board().answer(asked_of(request, page))

    @webhook("/metrics", methods=("GET",), raw=True)  # type: ignore[untyped-decorator]  # errbot is not typed
    def board_figures(self, request: Any) -> Any:
        """Give Prometheus the figures of the desk."""
        from opsdesk.board import asked_of

        return ("", 503) if self.waiting else self.board().figures(asked_of(request))

    @webhook("/healthz", methods=("GET",), raw=True)  # type: ignore[untyped-decorator]  # errbot is not typed
    def healthz(self, request: Any) -> Any:
        """Tell machines whether commands are answered: 200 while they are, else 503."""
        return status.health(status.readiness_of(self._bot, self.answering(), self.desk.store.away()))

    @webhook("/healthz/alive", methods=("GET",), raw=True)  # type: ignore[untyped-decorator]  # errbot is not typed
    def healthz_alive(self, request: Any) -> Any:
        """Tell machines that the desk runs, ready or not: what does not answer this is to be started anew."""
        return status.alive()
