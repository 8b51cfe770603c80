"""Slack through errbot-backend-slackv3: each message is handled once, and no failure passes in silence."""

import logging
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

from errbot.backends.base import Message
from errbot.core_plugins import flask_app
from flask import request
from slackv3 import slackv3
from slackv3.person import SlackPerson
from slackv3.room import SlackRoom, SlackRoomBot, SlackRoomOccupant

# Errbot loads backends before it puts the plugins' folder on the path.
sys.path.append(str(Path(__file__).resolve().parents[2] / "plugins"))

from opsdesk import clock
from opsdesk.access import Door
from opsdesk.bot import READ_AS, edited, environment_of, home_page, presses
from opsdesk.chat import MessageRef
from opsdesk.commands import lines, meanings
from opsdesk.desk import Desk
from opsdesk.errors import SettingsError, do_each
from opsdesk.process import cannot_start, close_desks, is_shared, open_desk
from opsdesk.slack import (
    Connection,
    Event,
    EventKind,
    HttpTransport,
    InertMarkdown,
    Meanwhile,
    SlackChat,
    access_of,
    asked_in,
    changed_in,
    edit_in,
    is_direct,
    kind_of,
    message_in,
    typed_in,
    whisper,
)
from opsdesk.status import Readiness
from opsdesk.text import pages

log = logging.getLogger("slackdesk")

LONGEST_KEPT = 80  # characters of a command that is refused
AWAKE = 0.5  # seconds: a signal that comes just as the main thread falls asleep is seen when it wakes


class SlackDesk(slackv3.SlackBackend):  # type: ignore[misc]  # slackv3 is not typed
    """slackv3's backend, which receives and sends by the desk's own connection to Slack."""

    def __init__(self, config: Any) -> None:
        # The connection has threads of its own: commands that run in those are waited for at the end.
        config.BOT_ASYNC = False
        super().__init__(config)
        shared = is_shared(environment_of(config))
        self._slack = Connection(
            access_of(config, self.token, self.app_token, self.signing_secret, shared=shared),
            config.BOT_ADMINS,
            self._handle,
            self._calls,
            lambda room, beginning: lines.may_be_heard(beginning, self._calls(), direct=is_direct(room)),
            lambda event: self._admits(event, "More, or longer, than can be followed"),
            lambda user: self._door.is_member(str(user["id"])),
            getattr(config, "DESK_NOW", clock.now),
        )
        self.slack_web = self._slack.web
        self.md: Any = InertMarkdown(self.md)
        if isinstance(self._slack.transport, HttpTransport):
            self._serve_events(self._slack.transport)

    # -- what the library and the plugins ask --

    def desk_chat(self) -> SlackChat:
        """Return the chat of the desk's library."""
        return self._slack.chat

    def desk_readiness(self) -> Readiness:
        """Return whether commands typed now are answered."""
        ready = self._slack.is_ready()
        state = "Slack: connected" if ready else "⚠ Slack: not connected"
        connected = f"{state} by {self._slack.transport.name} as @{self.auth['user']}"
        return Readiness(ready, (connected, *filter(None, (self._slack.lacking,))))

    def desk_started(self, seconds: float) -> bool:
        """Wait up to `seconds` until all plugins are active, and return whether they are."""
        return self._slack.active.wait(seconds)

    def warn_admins(self, warning: str) -> None:
        """Log the warning, and send it to the admins once Slack takes it."""
        self._slack.tell_admins(warning)

    # -- from start to end --

    def serve_once(self) -> bool:
        """Run until asked to stop. Return True: Errbot must not start another round."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # like Ctrl-C, wherever the main thread is
        try:
            self._start()
            while not self._slack.asked_to_stop.wait(AWAKE):
                do_each(self._slack.mend, self._listening.mend)
        except KeyboardInterrupt:
            log.info("Asked to stop.")
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        except SystemExit:  # something that the desk cannot do without could not be started
            self._wind_up()
            raise
        self._wind_up()
        return True

    def shutdown(self) -> None:
        """Close the store and everything else; exit with status 1 if Slack sent the desk away."""
        self._slack.intake.mark_current_done()
        close_desks()
        self._slack.close()
        super().shutdown()
        self._slack.exit_if_ended()

    def split_and_send_message(self, msg: Message) -> None:
        """Cut Errbot's own long answers, such as that to !help, between lines: inside one a mark would be cut open."""
        for body in pages(msg.body.split("\n"), self.message_size_limit):
            part = msg.clone()
            part.body, part.partial = body, True
            self.send_message(part)

    def build_reply(self, msg: Message, *text: Any, **more: Any) -> Message:
        """Return an answer of Errbot's own, which keeps what it answers if that was asked without a message."""
        reply = super().build_reply(msg, *text, **more)
        if asked_in(msg.extras["slack_event"]):
            reply.extras["asked"] = msg.extras["slack_event"]
        return reply

    def update_alternate_prefixes(self) -> None:
        """Make a mention of the desk a prefix of commands."""
        self.bot_alt_prefixes = self.bot_config.BOT_ALT_PREFIXES = (f"<@{self.auth['user_id']}>",)

    def _start(self) -> None:
        self.auth = self._slack.sign_in()
        self.bot_identifier = SlackPerson(self.slack_web, self.auth["user_id"])
        self.update_alternate_prefixes()
        try:
            desk = open_desk(self)  # before events arrive, which a desk that cannot start would not answer
        except SettingsError as wrong:
            raise self._slack.told(cannot_start(wrong)) from wrong
        self._source_changed = desk.incidents.cards.source_changed
        self._desk, self._door = desk, self._new_door(desk)
        meanwhile = Meanwhile(desk.unheard.places, self._door.is_member, desk.unheard.found)
        offers = presses.pressing(desk, self.bot_config.BOT_PREFIX)
        self._home = home_page.PageAtHand(desk, self._door.why_not, self._slack.show_home, self._slack.is_ready)
        self._listening = self._slack.open(desk.store, desk.incidents.meant_in, offers, meanwhile)
        self.do_late, self.do_yes = self._listening.do_late, self._listening.do_yes
        self.connect_callback()
        self.reset_reconnection_count()
        self._slack.begin(self.auth["user"])
        self._slack.watch_clock(desk.now if desk.store.desks.shared else clock.now, desk.zone)
        self._listening.follow()

    def _wind_up(self) -> None:
        self._slack.wind_up()
        self.disconnect_callback()

    def _serve_events(self, transport: HttpTransport) -> None:
        def slack_events() -> tuple[str, int, dict[str, str]]:
            text, status = transport.respond(request.get_data(), dict(request.headers))
            return text, status, {"Content-Type": "application/json" if text.startswith("{") else "text/plain"}

        flask_app.add_url_rule("/slack/events", view_func=slack_events, methods=["POST"])

    # -- events --

    def _new_door(self, desk: Desk) -> Door:
        lookups, tell = self.slack_web.lookups, partial(whisper, self.slack_web.without_retries())
        access, user_of = desk.access, lambda user: lookups.user(user)["user"]
        return Door(user_of, lookups.workspace, tell, access.standings, access.audit, desk.now)

    def _handle(self, event: Event) -> None:
        handle = getattr(self, f"_handle_{event.get('type')}", None)
        if handle and self._may_react(event):
            handle(self.slack_web, event)

    def _may_react(self, event: Event) -> bool:
        """Return whether the event is none of an emoji, or of one by somebody who may have things done by it."""
        what, user = str(event.get("type")), str(event.get("user") or "")
        if what not in ("reaction_added", "reaction_removed") or user == self.auth["user_id"]:
            return True
        return self._door.admits_emoji(user, str((event.get("item") or {}).get("channel") or ""), self._asked_by(event))

    def _asked_by(self, event: Event) -> str:
        """Return what an emoji asks of the desk, as the audit log calls it; "" for nothing."""
        name, author = str(event.get("reaction")), event.get("item_user") or self.auth["user_id"]
        asks = self._desk.access.emoji.asks(name, on_a_person_s=author != self.auth["user_id"])
        return f":{name}:" if asks and event.get("type") == "reaction_added" else ""

    def _may_ask(self, message: Message) -> bool:
        """Return whether the message is no command, or is by somebody who may give one."""
        event = message.extras["slack_event"]
        is_command = lines.is_heard(message.body, self._calls(), direct=is_direct(str(event["channel"])))
        return not is_command or self._admits(event, message.body)

    def _admits(self, event: Event, command: str) -> bool:
        """Return whether the sender may give a command, of which the beginning of the first line is kept if not."""
        what = command.partition("\n")[0][:LONGEST_KEPT]
        return self._door.admits(str(event["user"]), str(event["channel"]), what)

    def _handle_message(self, webclient: Any, event: Event) -> None:
        if changed := changed_in(event):
            self._source_changed(*changed)
        kind = kind_of(event, self.auth["user_id"], self.auth.get("bot_id") or "")
        if kind is EventKind.NOTHING:
            return
        message = self._message(message_in(event))
        if kind is EventKind.TYPED:
            self._take(message)
        elif kind is EventKind.RETYPED:
            self._take_edit(event, message)
        elif kind in (EventKind.POSTED, EventKind.REPOSTED):
            message.extras["edited"] = kind is EventKind.REPOSTED
            self._dispatch_to_plugins("callback_message", message)

    def _calls(self) -> tuple[str, ...]:
        return self.bot_config.BOT_PREFIX, *self.bot_alt_prefixes

    def _take(self, message: Message) -> None:
        if self._may_ask(message):
            self.callback_message(message)
            if f"<@{self.auth['user_id']}>" in message.body:
                self.callback_mention(message, [self.bot_identifier])

    def _take_edit(self, event: Event, message: Message) -> None:
        """Do a message as it reads now, or say below it why that is not done."""
        edit = edit_in(event, self.slack_web.lookups.name)
        decision = edited.decide(edit, self._calls(), self.commands)
        if self._slack.intake.failed.retry(event) or decision is edited.EditDecision.RUN:
            self._take(message)
        elif edit and decision is not edited.EditDecision.NOTHING and self._door.is_member(edit.by.id):
            told = edited.asked(self._desk, edit, decision, self._calls())
            self._slack.chat.answer_below(MessageRef(str(event["channel"]), edit.ts, edit.place.thread), told)

    def _message(self, event: Event) -> Message:
        """Return Errbot's message with what was typed, cleaned so that it can be logged and repeated."""
        extras = {"attachments": event.get("attachments"), "slack_event": event}
        if (asked := asked_in(event)) and asked.name:
            extras[READ_AS] = (meanings.Reading(asked.name, asked.text), 0)
        message = Message(typed_in(event), extras=extras)
        channel, user, name = event["channel"], event.get("user"), event.get("username", "")
        if not user or event.get("subtype") == "bot_message":
            message.frm = SlackRoomBot(self.slack_web, event.get("bot_id"), name, channel, self)
            message.to = SlackRoom(self.slack_web, channelid=channel, bot=self)
        elif is_direct(channel):
            message.frm = message.to = SlackPerson(self.slack_web, user, channel or None)
        else:
            message.frm = SlackRoomOccupant(self.slack_web, user, channel, self)
            message.to = message.frm.room
        return message

    def _handle_app_home_opened(self, webclient: Any, event: Event) -> None:
        if event.get("tab") == "home":
            self._home.opened(str(event["user"]))

    # -- what changes at Slack --

    def _handle_user_change(self, webclient: Any, event: Event) -> None:
        self.slack_web.lookups.forget(event["user"]["id"])
        self._door.hear(event["user"])

    def _handle_channel_rename(self, webclient: Any, event: Event) -> None:
        self.slack_web.lookups.forget(event["channel"]["id"])
        self.channelid_to_channelname.cache_clear()

    _handle_group_rename = _handle_channel_rename

    def _handle_tokens_revoked(self, webclient: Any, event: Event) -> None:
        self._slack.ask_about_token()  # it may be a person's that was revoked

    def _handle_app_uninstalled(self, webclient: Any, event: Event) -> None:
        self._slack.end("the app was uninstalled")

    # -- what Errbot itself says --

    def send_message(self, msg: Message) -> Message:
        """Send an answer of Errbot's own, which notifies nobody; tell the admins if Slack did not take it.

        It goes to whoever asked alone where it was asked without a message.
        """
        if asked := msg.extras.get("asked"):
            self._slack.chat.whisper(asked, self.md.convert(msg.body), written=True)
            return msg
        msg.extras["link_names"] = False
        super().send_message(msg)
        if not msg.extras.get("ts"):
            self.warn_admins(f"An answer was not sent to {msg.to}: {msg.body}")
        return msg
