"""Incidents: what people can say about them."""

from typing import Any

from opsdesk import plugin
from opsdesk.chat import Command, Reply, person_of, reaction_of, with_lines
from opsdesk.clock import day_of
from opsdesk.incidents import (
    Change,
    Incident,
    action_commands,
    exports,
    history,
    likeness,
    list_words,
    lists,
    metrics,
    read_until,
    snoozed,
    typed,
    words,
)
from opsdesk.incidents import timeline_words as timelines
from opsdesk.settings import Sent
from opsdesk.text import read_days, reference


class Incidents(plugin.DeskPlugin):
    """Keep the day's production events: open, update, resolve, list."""

    def begin(self, *, reloaded: bool) -> None:
        """Have at hand what most commands are about."""
        self.log, self.zone = self.desk.incidents.log, self.desk.zone

    def read(self) -> "typed.IncidentReader":
        """Return the reader of what is typed."""
        find_lost = self.desk.incidents.cards.find_lost
        return typed.IncidentReader(self.log, self.zone, self.desk.chat.person, self.subsystem, find_lost)

    def subsystem(self, named: str) -> str:
        """Return the key of a subsystem, by any of its names."""
        return self.desk.contacts.subsystems.subsystem_key(named)

    def name_of(self, person: str) -> str:
        """Return the name of a person by id."""
        return person_of(self.desk.chat, person).name

    @plugin.callback
    def callback_reaction(self, reaction: Any) -> None:
        """Hear of every emoji: 📌 in an incident's thread keeps the message, 👀 or ✅ on a call answers it."""
        self.each(lambda: self.desk.incidents.cards.reacted(reaction))
        if found := reaction_of(reaction):
            by = person_of(self.desk.chat, found.by)
            self.desk.incidents.calls.reacted(found, by)

    @plugin.callback
    def callback_message(self, message: Any) -> None:
        """Hear what is said in threads: an answer by those who were asked for help."""
        event = message.extras.get("slack_event") or {}
        if event.get("user") and self.desk.incidents.calls.hears(event):
            by = person_of(self.desk.chat, event["user"])
            self.desk.incidents.calls.heard(event, by, str(message.body))

    def _opened(self, change: Change, command: Command) -> Incident:
        """Open an incident; one in the thread of an alert, or of a message, is about what that says."""
        if command.place.thread:
            return self.desk.alerts.openings.open(change, command)
        return self.log.open(change, at=command.at, by=command.by, place=command.place)

    @plugin.command
    def incident(self, command: Command) -> str:
        """Show the commands people need, or one incident: !incident 12"""
        if not command.text.strip():
            return words.HELP
        if reference(command.text)[0] is None:
            raise typed.no_command(command.text)
        return self._shown(command)

    @plugin.command
    def incident_open(self, command: Command) -> Reply:
        """Open one: !incident open VistA timeouts --sev 2 --on vista"""
        asked, subsystems = self.read().opening(command), self.desk.contacts.subsystems
        change = likeness.on_by_title(asked, subsystems.keyword_subsystem)
        incident = self._opened(change, command)
        guessed = [likeness.guess_line(incident)] if change is not asked else []
        alike = likeness.alike_lines(self.desk.incidents.alike, incident, command.at, self.zone)
        return with_lines(self.desk.incidents.card(incident, command.at), *guessed, *alike)

    @plugin.command
    def incident_update(self, command: Command) -> str:
        """Say what is new: !incident update 12 two sites, RPC --status identified"""
        about = self.read().update(command)
        incident = self.log.update(about.number, about.change, at=command.at, by=command.by)
        return words.updated(incident, command.at, self.zone)

    @plugin.command
    def incident_resolve(self, command: Command) -> str:
        """End it: !incident resolve 12 vista-api restarted, errors gone"""
        about = self.read().entry(command, "resolve")
        return words.resolved(self.log.resolve(about.number, about.change, at=command.at, by=command.by))

    @plugin.command
    def incident_ack(self, command: Command) -> str:
        """Say that you have it in hand: !incident ack 12"""
        about = self.read().entry(command, "ack")
        incident = self.log.acknowledge(about.number, about.change, at=command.at, by=command.by)
        return words.acknowledged(incident, command.at, self.zone)

    @plugin.command
    def incident_reopen(self, command: Command) -> str:
        """Open a resolved one again: !incident reopen 12 errors are back"""
        about = self.read().entry(command, "reopen")
        incident = self.log.reopen(about.number, about.change, at=command.at, by=command.by)
        return words.reopened(incident, command.at, self.zone)

    @plugin.command
    def incident_assign(self, command: Command) -> str:
        """Give it to somebody, or to me: !incident assign 12 @bob"""
        about = self.read().assignment(command)
        incident = self.log.assign(about.number, about.change, at=command.at, by=command.by)
        return words.assigned(incident, command.by.id)

    @plugin.command
    def incident_note(self, command: Command) -> str:
        """Add to the timeline, resolved or not: !incident note 12 ticket is filed"""
        about = self.read().entry(command, "note")
        incident = self.log.note(about.number, about.change, at=command.at, by=command.by)
        return words.noted(incident, command.at, self.zone)

    @plugin.command
    def incident_link(self, command: Command) -> str:
        """Keep a link: !incident link 12 https://example.org/dashboard"""
        about = self.read().entry(command, "link")
        return words.linked(self.log.link(about.number, about.change, at=command.at, by=command.by))

    @plugin.command
    def incident_void(self, command: Command) -> str:
        """Say that one was opened by mistake: !incident void 12 opened twice"""
        about = self.read().entry(command, "void")
        return words.voided(self.log.void(about.number, about.change, at=command.at, by=command.by))

    @plugin.command
    def incident_merge(self, command: Command) -> str:
        """Say that two are the same: !incident merge 12 into 11"""
        number, into = self.read().merging(command)
        one = self.log.merge(number, into, at=command.at, by=command.by)
        return words.merged(one, self.log.get(into))

    @plugin.command
    def incident_escalate(self, command: Command) -> str:
        """Ask the other team for help: !incident escalate 12 no token since 1:05pm"""
        number, rest = self.read().which(command, "escalate")
        return self.desk.incidents.calls.call(number, rest, by=command.by, at=command.at)

    @plugin.command
    def incident_notice(self, command: Command) -> str:
        """Write its outage notice: !incident notice 12 nobody can check in at two sites"""
        number, impact = self.read().which(command, "notice")
        return self.desk.incidents.notices.ask(number, impact, command)

    @plugin.command
    def incident_announce(self, command: Command) -> str:
        """Send its outage notice to people without Slack: !incident announce 12"""
        number, _ = self.read().which(command, "announce")
        return self.desk.incidents.notices.announce(number, self.desk.targets.names(Sent.NOTICES), command)

    @plugin.command
    def incident_action(self, command: Command) -> str:
        """Keep an action item: !incident action 12 Add a health check @bob by friday"""
        return action_commands.answer(self.log, self.read(), command)

    @plugin.command
    def incident_snooze(self, command: Command) -> str:
        """Keep reminders back for a while: !incident snooze 12 2h"""
        number, rest = self.read().which(command, "snooze")
        until = read_until(rest, number, command.at, self.zone)
        self.desk.incidents.reminders.snooze(number, until, by=command.by, at=command.at)
        return snoozed(number, until, command.at, self.zone)

    @plugin.command
    def incident_list(self, command: Command) -> str:
        """List open ones, or mine, today, week, resolved, all, vista: !incident list today"""
        listing = lists.read_listing(command, self.zone, self.subsystem, self.log.open_ones)
        page = lists.turn_to(self.log, listing, day_of(command.at, self.zone))
        return list_words.listed(page, command.at, self.zone, self.desk.settings.quiet_after)

    @plugin.command
    def incident_show(self, command: Command) -> str:
        """Show one with its timeline, or with all of it: !incident show 12 all"""
        return self._shown(command)

    @plugin.command
    def incident_search(self, command: Command) -> Reply:
        """Search titles and timelines of all history: !incident search RPC socket"""
        return history.search(self.log, command.text, self.desk.chat, command.at, self.zone)

    @plugin.command
    def incident_export(self, command: Command) -> Reply:
        """Write a post-mortem, or a week or month as CSV: !incident export 12"""
        asked = self.read().exported(command)
        return exports.exported(asked, self.log, self.desk.settings.state_dir, command.at, self.name_of)

    @plugin.command
    def incident_metrics(self, command: Command) -> str:
        """Tell how many, and how soon taken and over: !incident metrics week"""
        first, last = read_days(command.text or "month", day_of(command.at, self.zone))
        return metrics.measured(metrics.measure(self.log.opened(first, last)), first, last)

    def _shown(self, command: Command) -> str:
        number, page = self.read().shown(command)
        incident = self.log.get(number)
        if page:
            return timelines.whole(incident, page, command.at, self.zone)
        return timelines.shown(incident, command.at, self.zone)
