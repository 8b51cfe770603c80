"""Whom to ask, where to look, what to do: what people can say about it."""

from functools import partial

from opsdesk import plugin
from opsdesk.chat import Command
from opsdesk.contacts import guide_words, words
from opsdesk.incidents import escalation, escalation_words, list_words
from opsdesk.oncall import words as rotation_words


class Contacts(plugin.DeskPlugin):
    """Whom to ask, where to look, what to do: from the files the team edits."""

    def begin(self, *, reloaded: bool) -> None:
        """Read the team's files again after a reload; if they are wrong, the admins are told, as at the start."""
        if reloaded:
            self.desk.contacts.file.reread()

    @plugin.command
    def whois(self, command: Command) -> str:
        """Show whom to ask about what: !whois vista"""
        open_ones = escalation.open_ones(self.desk.incidents.log)
        roster = self.desk.oncall.roster
        colleague = roster.colleague(command.text, self.desk.chat.person, command.at)
        rotation = rotation_words.RotationWords(command.at, self.desk.zone)
        view = words.ContactView(
            self.desk.contacts.directory,
            command.at,
            self.desk.zone,
            open_on=partial(list_words.open_on, open_ones, command.at),
            colleague=rotation.colleague(colleague) if colleague else "",
            nearly=lambda: rotation.nearly(roster.nearly(command.text, command.at)),
        )
        return words.whois(view, command.text)

    @plugin.command
    def whois_escalate(self, command: Command) -> str:
        """Show whom to ask when nobody answers: !whois escalate vista"""
        directory = self.desk.contacts.directory
        told = escalation.read(command.text, command.place, directory, self.desk.incidents.log)
        return escalation_words.escalation(told, directory, command.at, self.desk.zone)

    @plugin.command
    def links(self, command: Command) -> str:
        """List or find dashboards and documents: !links sidekiq"""
        return guide_words.links(self.desk.contacts.directory.usable(), command.text, command.at)

    @plugin.command
    def runbook(self, command: Command) -> str:
        """Show what to do, step by step: !runbook vista-api"""
        return guide_words.runbook(self.desk.contacts.directory.usable(), command.text, command.at)
