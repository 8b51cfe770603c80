"""The answers to `!incident action`."""

from datetime import tzinfo

from opsdesk.chat import Command
from opsdesk.incidents import action_words as words
from opsdesk.incidents.action_typed import Done, Listed, read_action
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.rules import Change
from opsdesk.incidents.typed import IncidentReader


def answer(log: IncidentLog, reader: IncidentReader, command: Command) -> str:
    """Add an action item, keep that one is done, or list them; return the answer. Raises a UserError."""
    asked, zone = read_action(command, reader), log.zone
    if isinstance(asked, Listed):
        return _listed(log, asked, command, zone)
    if isinstance(asked, Done):
        change = Change(done=asked.item, late=command.late)
        return words.done(log.done(asked.number, change, at=command.at, by=command.by), asked.item)
    incident = log.act(asked.number, asked.change, at=command.at, by=command.by)
    return words.added(incident, command.by)


def _listed(log: IncidentLog, asked: Listed, command: Command, zone: tzinfo) -> str:
    if asked.number:
        return words.of_incident(log.get(asked.number), command.at, zone)
    each = words.owed(log.with_actions())
    if asked.mine:
        each = [one for one in each if one[1].owner.id == command.by.id]
    return words.listed(each, " of yours" if asked.mine else "", command.at, zone)
