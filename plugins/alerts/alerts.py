"""Alerts: what people can say about them, and how they come in."""

from typing import Any

from errbot import webhook

from opsdesk import alerts as wing
from opsdesk import plugin
from opsdesk.chat import Command, Reply, reaction_of, with_lines
from opsdesk.clock import day_of
from opsdesk.errors import UserError


class Alerts(plugin.DeskPlugin):
    """Alerts of Datadog and Sentry: what came, what became of it, what is noise."""

    @plugin.callback
    def callback_message(self, message: Any) -> None:
        """Take what apps post in the alert channels, and what they change there."""
        if event := message.extras.get("slack_event"):
            edited = bool(message.extras.get("edited"))
            self.each(
                lambda: self.desk.alerts.intake.message(event, edited=edited),
                lambda: self.desk.alerts.questions.heard(event, self.desk.now()),
            )

    @plugin.callback
    def callback_reaction(self, reaction: Any) -> None:
        """Hear of every emoji; on an alert or the reply to it some mean something."""
        self.each(lambda: self.desk.alerts.reactions.reacted(reaction))
        if found := reaction_of(reaction):
            self.each(
                lambda: self.desk.alerts.questions.reacted(found, self.desk.now()),
                lambda: self.desk.alerts.reports.reacted(found),
            )

    @webhook("/alerts/<source>", methods=("POST",), raw=True)  # type: ignore[untyped-decorator]  # errbot is not typed
    def alert_webhook(self, request: Any, source: str) -> Any:
        """Take an alert that Datadog or Sentry sends."""
        if self.waiting:
            return self.waiting, 503
        return self.desk.alerts.webhooks.receive(source, request.headers, request.get_data())

    @plugin.command
    def alerts(self, command: Command) -> str:
        """List today's alerts, a day's, or show one: !alerts 3"""
        text, zone, ledger = command.text.strip(), self.desk.zone, self.desk.alerts.ledger
        if text.casefold() == "week":
            first, last = self.desk.alerts.commands.week(command.at)
            return wing.words.week(ledger.days(first, last), first, last)
        if text.isdecimal():
            group = ledger.get(int(text))
            return wing.words.shown(group, self.desk.alerts.known(group), command.at, zone)
        day, page = wing.typed.read_list(text, command.at, zone)
        return wing.words.listing(ledger.day(day), day, command.at, zone, page)

    @plugin.command
    def alerts_ack(self, command: Command) -> str:
        """Say that you look at one: !alerts ack 3"""
        number, _ = wing.typed.read_number(command.text, "ack")
        group = self.desk.alerts.commands.acknowledge(number, command.by, command.at)
        return f"{wing.words.acknowledged(group, command.at, self.desk.zone)}: {group.title}"

    @plugin.command
    def alerts_noise(self, command: Command) -> str:
        """Say that one is noise, and why: !alerts noise 3 a deploy"""
        number, reason = wing.typed.read_number(command.text, "noise")
        group = self.desk.alerts.commands.noise(number, command.by, reason, command.at)
        return wing.words.called_noise(group)

    @plugin.command
    def alerts_handled(self, command: Command) -> str:
        """Say that one is dealt with: !alerts handled 3"""
        number, text = wing.typed.read_number(command.text, "handled")
        group = self.desk.alerts.commands.handled(number, command.by, text, command.at)
        return f"✅ Alert {number} is handled: {group.title}"

    @plugin.command
    def alerts_open(self, command: Command) -> Reply:
        """Open an incident from one: !alerts open 3 --sev 2"""
        number, severity = wing.typed.read_opening(command.text)
        if command.seen:
            self.desk.alerts.commands.refuse_opened(number, command.at)
        before = self.desk.alerts.ledger.get(number).incident
        incident = self.desk.alerts.commands.open_incident(number, command.by, command.at, command.place, severity)
        card = self.desk.incidents.card(incident, command.at)
        return with_lines(
            card, wing.words.became_already(number, incident, severity) if before == incident.number else ""
        )

    @plugin.command
    def alerts_escalate(self, command: Command) -> Reply:
        """Ask the other team about one, which becomes an incident: !alerts escalate 3"""
        number, words_typed = wing.typed.read_number(command.text, "escalate")
        incident = self.desk.alerts.commands.open_incident(number, command.by, command.at, command.place)
        try:
            told = self.desk.incidents.calls.call(incident.number, words_typed, by=command.by, at=command.at)
        except UserError as refusal:  # the incident is open all the same
            told = str(refusal)
        shown = Reply(f"#{incident.number} {incident.shown_title}")
        return with_lines(shown if incident.card else self.desk.incidents.card(incident, command.at), told)

    @plugin.command
    def alerts_mute(self, command: Command) -> str:
        """Mute all that come like one, for a while: !alerts mute 3 2h a deploy"""
        number, length, reason = wing.typed.read_mute(command.text, command.at, self.desk.zone)
        group = self.desk.alerts.ledger.get(number)
        _, mute = self.desk.alerts.mutes.mute(group, command.by, length, reason, command.at)
        return wing.words.muted(group, mute.rule, command.at, self.desk.zone)

    @plugin.command
    def alerts_unmute(self, command: Command) -> str:
        """End a mute: !alerts unmute 3"""
        number, _ = wing.typed.read_number(command.text, "unmute")
        self.desk.alerts.mutes.unmute(number, command.at)
        return f"Alert {number} is no longer muted."

    @plugin.command
    def alerts_undo(self, command: Command) -> str:
        """Take back what you did about one: !alerts undo 3"""
        number, _ = wing.typed.read_number(command.text, "undo")
        group = self.desk.alerts.commands.undo(number, command.by, command.at)
        return wing.words.taken_back(group, command.at, self.desk.zone)

    @plugin.command
    def alerts_try(self, command: Command) -> str:
        """Tell what a noise rule would have muted in a week: !alerts try title=Puma"""
        rule = wing.typed.read_rule(command.text, command.by.name)
        first, last = self.desk.alerts.commands.week(command.at)
        return wing.words.tried(rule, self.desk.alerts.ledger.days(first, last), 7)

    @plugin.command
    def alerts_questions(self, command: Command) -> str:
        """List today's questions in the go-live channel: !alerts questions"""
        day = day_of(command.at, self.desk.zone)
        return wing.questions.listing(self.desk.alerts.questions.day(day), self.desk.contacts.directory, self.desk.zone)

    @plugin.command
    def alerts_rules(self, command: Command) -> str:
        """List what is muted, by whom and why: !alerts rules"""
        told = wing.words.rules(self.desk.alerts.mutes.rules(command.at), command.at, self.desk.zone)
        return "\n".join([told, *self.desk.alerts.unused.lines(command.at)])
