"""Whom to ask, where to look, what to do: what people can say about it."""

from opsdesk import plugin
from opsdesk.chat.chat import Command
from opsdesk.contacts import words
from opsdesk.contacts.guide_words import links as linked
from opsdesk.contacts.guide_words import runbook as steps
from opsdesk.incidents import escalation
from opsdesk.incidents.escalation_words import escalation as ladder


class Contacts(plugin.DeskPlugin):
    """Whom to ask, where to look, what to do: from the files the team edits."""

    def activate(self) -> None:
        """Once reloaded, reads the team's files again; if they are wrong, the admins are told, as at the start."""
        reloaded = hasattr(self, "desk")
        super().activate()
        if reloaded:
            self.desk.contact_files.reread()

    @plugin.command
    def whois(self, command: Command) -> str:
        """Show whom to ask about what: !whois vista"""
        known = escalation.open_ones(self.desk.incidents)
        colleague = self.desk.rotation.colleague(command.text, self.desk.chat.person, command.at)
        return words.whois(words.View(self.desk.contacts, command.at, self.desk.zone, known, colleague), command.text)

    @plugin.command
    def whois_escalate(self, command: Command) -> str:
        """Show whom to ask when nobody answers: !whois escalate vista"""
        directory = self.desk.contacts
        told = escalation.read(command.text, command.place, directory, self.desk.incidents)
        return ladder(told, directory, command.at, self.desk.zone)

    @plugin.command
    def links(self, command: Command) -> str:
        """List or find dashboards and documents: !links sidekiq"""
        return linked(self.desk.contacts.usable(), command.text, command.at)

    @plugin.command
    def runbook(self, command: Command) -> str:
        """Show what to do, step by step: !runbook vista-api"""
        return steps(self.desk.contacts.usable(), command.text, command.at)
