"""What people ask of the desk by Slack's own means: slash commands, buttons, forms. Each is acknowledged at once."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from datetime import datetime
from functools import partial
from typing import Any, Protocol

import msgspec

from opsdesk import clock, guard
from opsdesk.chat import Doing, Filled, Form, MessageRef, Misfilled, read_whole
from opsdesk.errors import UserError
from opsdesk.slack import mrkdwn
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.aside import show_form
from opsdesk.slack.asked import Asked, asking, key_by, pressed_event, slash_command
from opsdesk.slack.blocks import filled_in, pressed_in, view_of
from opsdesk.slack.chat import SlackChat
from opsdesk.slack.events import Event, thread_of
from opsdesk.slack.intake import Intake
from opsdesk.slack.own import sent_at
from opsdesk.slack.sent_forms import SentForms
from opsdesk.workers import Workers

log = logging.getLogger(__name__)

SLASH, PRESSED = "slash_commands", "interactive"  # as the envelopes of Socket Mode call them
OPENING = "incident.open"  # the callback_id of the shortcuts
NOT_TAKEN = "invalid_arguments"  # Slack's error for a view that it does not take
SOON = 0.8  # seconds: Slack waits three for an acknowledgement, and tells people what went wrong in its own words
SLOW = "This takes longer than usual. Send it again in a moment: it is done once."
Payload = Mapping[str, Any]
Acknowledgement = dict[str, Any]


class Offers(Protocol):
    """What can be asked. Each function may raise a UserError, `filled` also Misfilled."""

    @property
    def elsewhere(self) -> str:
        """Return the channel for a card that cannot stand where it was asked for."""

    def words(self, command: str, text: str) -> str:
        """Return the line that is typed for a slash command and its text."""

    def form_for(self, command: str, text: str) -> str:
        """Return the form that is shown for a slash command without its words; "" for none."""

    def pressed(self, act: str, about: str) -> Doing:
        """Return what a button does, and to what."""

    def form(self, name: str, about: str) -> Form:
        """Return a form by its name and what it is about."""

    def stands(self, act: str, about: str) -> MessageRef | None:
        """Return the message that shows what a button or a form is about; None where there is none."""

    def opening(self, what: str, link: str, said_at: datetime | None) -> Form:
        """Return the form that opens an incident, with what a message says, its address and when it was sent."""

    def filled(self, filled: Filled, at: datetime) -> Doing:
        """Return what a form that was filled in does."""

    def field_of(self, form: str, refusal: str) -> str:
        """Return the field of a form below which a refusal belongs."""

    def typed(self, command: str, text: str) -> str:
        """Return the line that is typed for a command and its text."""


class Interactions:
    """Hands what was asked to the intake, as if it had been typed: whoever may type it may ask it.

    `admits` tells whether whoever asks may be shown a form at all.
    """

    def __init__(
        self,
        intake: Intake,
        chat: SlackChat,
        web: SlackWeb,
        admits: Callable[[Event], bool],
        now: clock.Now = clock.now,
    ) -> None:
        self._intake, self._chat, self._web, self._admits, self._now = intake, chat, web, admits, now
        self._shown, self._sent, self._told = Workers(8, "slack-forms"), SentForms(), set[str]()

    def open(self, offers: Offers) -> None:
        """Answer by `offers` from now on. To be called before the first is received."""
        self._offers = offers

    def receive(self, kind: str, payload: Payload) -> Acknowledgement:
        """Take what was asked, and return what to acknowledge it with. It is on disk then, unless the store refuses.

        Raises a KeyError where a part is missing.
        """
        if kind == SLASH:
            self._slash(payload)
        elif payload.get("type") == "block_actions":
            self._press(payload)
        elif payload.get("type") == "view_submission":
            return self._submit(payload)
        elif payload.get("type") in ("shortcut", "message_action") and payload.get("callback_id") == OPENING:
            self._open(payload)
        else:
            log.info("Slack delivered %s, which nothing here offers.", payload.get("type"))
        return {}

    def _slash(self, payload: Payload) -> None:
        event = slash_command(payload, self._now(), self._offers.words, self._offers.elsewhere)
        if form := self._offers.form_for(str(payload["command"]), str(payload.get("text") or "")):
            self._shown.do(partial(self._show, event, Doing(form=form), str(payload["trigger_id"])))
        else:
            self._intake.ask(event)

    def _press(self, payload: Payload) -> None:
        """Do what a button does in a thread of its own, or show its form there: that may take a moment."""
        event = pressed_event(payload, self._now(), self._offers.elsewhere)
        act, about = pressed_in(payload["actions"][0])
        try:
            doing = self._offers.pressed(act, about)
        except UserError as refusal:
            self._shown.do(partial(self._chat.whisper, event, str(refusal)))
            return
        if doing.form:
            self._shown.do(partial(self._show, event, doing, str(payload["trigger_id"])))
        elif doing.command:
            event |= {} if doing.thread is None else {"thread_ts": doing.thread}
            self._intake.ask(self._done(event, doing, below=self._below(event, act, doing.about)))

    def _open(self, payload: Payload) -> None:
        """Show the form that opens an incident, from a message with what that says."""
        event, message = pressed_event(payload, self._now(), self._offers.elsewhere), payload.get("message") or {}
        what = next((guard.clean(line) for line in read_whole(message).lines if line.strip()), "")
        ts, channel = str(message.get("ts") or ""), str(event["channel"])
        link = self._chat.link(channel, ts, thread=thread_of(message)) if message else ""
        form = partial(self._offers.opening, what, link, sent_at(ts) if message else None)
        self._shown.do(partial(self._show_form, event, form, str(payload["trigger_id"])))

    def _below(self, event: Event, act: str, about: str) -> MessageRef | None:
        """Return below which message to tell of what was asked in no channel: in the Home tab, or from everywhere."""
        return None if event["channel"] else self._offers.stands(act, about)

    def _done(self, event: Event, doing: Doing, **more: Any) -> Event:
        """Return the event of what was asked with the command that does it."""
        command = {"name": doing.command, "text": doing.text, "seen": doing.seen, **more}
        words = mrkdwn.escape(self._offers.typed(doing.command, doing.text))
        return event | {"text": words, "asked": msgspec.structs.replace(event["asked"], **command)}

    def _show(self, event: Event, doing: Doing, trigger: str) -> None:
        self._show_form(event, partial(self._offers.form, doing.form, doing.about), trigger)

    def _show_form(self, event: Event, make: Callable[[], Form], trigger: str) -> None:
        """Show a form, or tell whoever asked for it why not."""
        if not self._admits(event):
            return
        try:
            form = make()
        except UserError as refusal:
            self._chat.whisper(event, str(refusal))
            return
        view = view_of(form, {"channel": str(event["channel"]), "thread": thread_of(event)})
        if why := show_form(self._web, trigger, view):
            self._tell_once(form.name, why)
            self._chat.whisper(event, f"Slack did not show the form ({why}). Press again, or type `{form.typed}`.")

    def _tell_once(self, form: str, why: str) -> None:
        """Tell the admins of a form that Slack refuses for what is in it: whoever presses again sees it no more."""
        if NOT_TAKEN in why and form not in self._told:
            self._told.add(form)
            self._chat.tell_admins(f"Slack refused a form ({form}: {why}). People are told what to type instead.")

    def _submit(self, payload: Payload) -> Acknowledgement:
        view, user = payload["view"], str(payload["user"]["id"])
        filled, channel, thread = filled_in(view)
        try:
            doing = self._offers.filled(filled, self._now())
        except Misfilled as misfilled:
            return _wrong(misfilled.wrong)
        except UserError as refused:
            return self._refused(filled, str(refused))
        number = str(view["id"])

        def begin(outcome: "Future[str]") -> None:
            said = guard.clean(filled.values.get("words", "").strip())
            elsewhere = self._offers.elsewhere
            asked = Asked(key_by(user, number), elsewhere=elsewhere, form=number, said=said, outcome=outcome)
            event = asking(channel, thread, user, self._now(), "", asked)
            self._intake.ask(self._done(event, doing, below=self._below(event, filled.name, filled.about)))

        try:
            refusal = self._sent.outcome(number, filled, begin).result(SOON)
        except NotYet:
            refusal = SLOW
        return self._refused(filled, refusal) if refusal else {}

    def _refused(self, filled: Filled, refusal: str) -> Acknowledgement:
        return _wrong({self._offers.field_of(filled.name, refusal): refusal})


def _wrong(fields: Mapping[str, str]) -> Acknowledgement:
    """Return the acknowledgement of a form that stays, with what is wrong below its fields."""
    return {"response_action": "errors", "errors": dict(fields)}
