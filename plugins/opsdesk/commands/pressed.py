"""Buttons and forms as the commands that they stand for: nothing is done by a press that cannot be typed."""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo

import msgspec

from opsdesk.chat import Doing, Filled, Form, MessageRef
from opsdesk.commands import slash
from opsdesk.commands.open_questions import PRESSED, YES
from opsdesk.commands.slash import words_of
from opsdesk.commands.vocabulary import SPOKEN
from opsdesk.contacts import Contacts
from opsdesk.errors import UserError
from opsdesk.incidents import IncidentDesk, forms
from opsdesk.patterns import regex
from opsdesk.summary import panels as handover

COMMANDS = {  # what a button does, with what it is about in the place of {}
    "incident.take": ("incident_assign", "#{} me"),
    "incident.reopen": ("incident_reopen", "#{}"),
    "incident.timeline": ("incident_show", "#{}"),
    "incident.escalate": ("incident_escalate", "#{}"),
    "incident.quiet": ("incident_snooze", "#{} 2h"),
    "incident.ack": ("incident_ack", "#{}"),
    "runbook": ("runbook", "{}"),
    "alert.looking": ("alerts_ack", "{}"),
    "alert.noise": ("alerts_noise", "{}"),
    "alert.open": ("alerts_open", "{}"),
    "alert.back": ("alerts_undo", "{}"),
    "shift.accept": ("shift_accept", ""),
    "swap.accept": ("oncall_accept", "{}"),
    "swap.decline": ("oncall_decline", "{}"),
    "summary.preview": ("summary", ""),
    **dict.fromkeys(PRESSED, (YES, "{}")),
}
FORMS = {
    "incident.update": forms.updating,
    "incident.severity": forms.grading,
    "incident.resolve": forms.resolving,
    "incident.note": forms.noting,
}
OPENING, HANDOVER = "incident.open", handover.HANDOVER
ABOUT = regex(r"(?P<about>[\w.-]{0,60})(?:@(?P<seen>\d{1,6}))?")


class Pressing(msgspec.Struct, frozen=True):
    """Tells what a slash command, a press or a form does; `incidents` and `contacts` know what stands in a form.

    `prefix` begins what is typed; `messages` gives the message of an "incident" or an "alert" by its number. A card
    that cannot stand where it was asked for stands in the channel `elsewhere`. `asked_in` gives the thread in which
    somebody was asked what a button answers; None for that of the button.
    """

    incidents: IncidentDesk
    contacts: Contacts
    zone: tzinfo
    now: Callable[[], datetime]
    prefix: str
    elsewhere: str
    messages: Mapping[str, Callable[[int], MessageRef | None]] = {}
    asked_in: Callable[[str], str | None] = lambda about: None

    def words(self, command: str, text: str) -> str:
        """Return the line that is typed for a slash command and its text."""
        return self.prefix + words_of(command, text)

    def form_for(self, command: str, text: str) -> str:
        """Return the form that is shown for a slash command without its words; "" for none."""
        return slash.form_for(command, text)

    def pressed(self, act: str, about: str) -> Doing:
        """Return what a button does; nothing for one that is only a link. Raise a UserError for one that is unknown."""
        found = ABOUT.fullmatch(about)
        name, text = COMMANDS.get(act, ("", ""))
        if name and found and (found["about"] or not text):
            thread = self.asked_in(about) if act in PRESSED else None
            seen = int(found["seen"] or 0)
            return Doing(name, text.format(found["about"]), about=found["about"], seen=seen, thread=thread)
        if act in (*FORMS, OPENING, HANDOVER) and found:
            return Doing(form=act, about=found["about"])
        if act.startswith("link"):
            return Doing()
        raise UserError("That button is of another version of the desk, and does nothing. `!help` shows what does.")

    def stands(self, act: str, about: str) -> MessageRef | None:
        """Return the message that shows what a button or a form is about; None where there is none."""
        message_of = self.messages.get(act.partition(".")[0])
        try:
            return message_of(int(about)) if message_of and about.isdecimal() else None
        except UserError:  # the command itself says so
            return None

    def form(self, name: str, about: str) -> Form:
        """Return a form, filled in with how things are; raise a UserError where it makes no sense any more."""
        if name == OPENING:
            return self.opening("", "", None)
        if name == HANDOVER:
            return handover.noting()
        return FORMS[name](self.incidents.log.get(int(about or 0)), self.now(), self.zone)

    def opening(self, what: str, link: str, said_at: datetime | None) -> Form:
        """Return the form that opens an incident, with what a message says of it, its address, and when it was sent."""
        since = f"{min(said_at, self.now()).astimezone(self.zone):%Y-%m-%d %H:%M}" if said_at else ""
        subsystems = self.contacts.subsystems
        where = subsystems.keyword_subsystem(what) or "" if what else ""
        return forms.opening(sorted(subsystems.subsystems), what, link, since, where)

    def filled(self, filled: Filled, at: datetime) -> Doing:
        """Return what a form that was sent does; raise Misfilled where a field cannot be read."""
        if filled.name == HANDOVER:
            return handover.typed_for(filled)
        if filled.name not in (*FORMS, OPENING):
            raise UserError("That form is of another version of the desk. Nothing was done.")
        return forms.typed_for(filled, at, self.zone)

    def field_of(self, form: str, refusal: str) -> str:
        """Return the field of a form below which a refusal belongs."""
        return forms.field_of(form, refusal)

    def typed(self, command: str, text: str) -> str:
        """Return a command as it is typed."""
        return f"{SPOKEN[command].typed} {text}".strip()
