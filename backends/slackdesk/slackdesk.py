"""Slack through errbot-backend-slackv3: each message is looked at once, and nothing that fails is passed over."""

import logging
import signal
import sys
import threading
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
from opsdesk.errors import SettingsError
from opsdesk.process import cannot_start, close_desks, open_desk
from opsdesk.slack import (
    FAILED,
    PING,
    SLACK,
    TIMEOUT,
    AdminNotices,
    Event,
    EventKind,
    HttpTransport,
    InertMarkdown,
    Intake,
    OutageWatch,
    SlackChat,
    SlackWeb,
    SocketTransport,
    Transport,
    kind_of,
    message_in,
    scopes_lacked,
    trouble_of,
    typed_in,
)
from opsdesk.status import Readiness
from opsdesk.text import pages

log = logging.getLogger(__name__)

AWAKE = 0.5  # seconds: a signal that comes just as the main thread falls asleep is seen when it wakes
LAST_WORDS = 15.0  # seconds that commands in hand have when the desk is stopped


class SlackDesk(slackv3.SlackBackend):  # type: ignore[misc]  # slackv3 is not typed
    """slackv3's backend with its ways of hearing, answering and ending replaced; what it knows of Slack is kept."""

    def __init__(self, config: Any) -> None:
        # Events are dealt with in threads of their own here: commands that run in those are waited for at the end.
        config.BOT_ASYNC = False
        super().__init__(config)
        self._active, self._asked_to_stop, self._stopping = threading.Event(), threading.Event(), threading.Event()
        self._why_ended = ""
        self.slack_web = SlackWeb(
            self.token,
            base_url=getattr(config, "SLACK_API_URL", "") or SLACK,
            timeout=getattr(config, "SLACK_TIMEOUT", TIMEOUT),
            stopping=self._stopping,
            token_refused=self._end,
        )
        self.md: Any = InertMarkdown(self.md)
        self._intake = Intake(
            Path(config.BOT_DATA_DIR) / "handled.jsonl",
            self._handle,
            prefixes=lambda: (self.bot_config.BOT_PREFIX, *self.bot_alt_prefixes),
            tell_admins=self.warn_admins,
            active=self._active,
            stopping=self._stopping,
        )
        self._chat = SlackChat(self.slack_web, tell_admins=self.warn_admins, refused=self._intake.failed.note)
        self._notices = AdminNotices(self._chat, config.BOT_ADMINS)
        self._delivery = self._way_in()
        self._hearing = OutageWatch(getattr(config, "DESK_NOW", clock.now))

    # -- what the library and the plugins ask --

    def desk_chat(self) -> SlackChat:
        """The chat of the desk's library."""
        return self._chat

    def desk_readiness(self) -> Readiness:
        """Whether commands are heard now."""
        ready = self._active.is_set() and self._delivery.is_open()
        state = "connected" if ready else "not connected"
        return Readiness(ready, (f"Slack: {state} by {self._delivery.name} as @{self.auth['user']}",))

    def desk_started(self, seconds: float) -> bool:
        """Whether every plugin was activated, waited for."""
        return self._active.wait(seconds)

    def warn_admins(self, warning: str) -> None:
        """Logs the warning, and sends it once Slack lets it through."""
        self._notices.add(warning)

    # -- from start to end --

    def serve_once(self) -> bool:
        """Runs until asked to stop. True: there is no other round."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # like Ctrl-C, wherever the main thread is
        try:
            self._sign_in()
            self._start_desk()
            self._open()
            self.connect_callback()
            self._ready()
            while not self._asked_to_stop.wait(AWAKE):
                self._look_after_hearing()
        except KeyboardInterrupt:
            log.info("Asked to stop.")
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        except SystemExit:  # something that the desk cannot do without could not be started
            self._wind_up()
            raise
        self._wind_up()
        return True

    def shutdown(self) -> None:
        """Closes the store and everything else; the exit status tells where Slack sent the desk away."""
        self._intake.done_in_hand()
        close_desks()
        self._notices.close()
        self._intake.close()
        super().shutdown()
        if self._why_ended:
            self._give_up(self._why_ended)

    def split_and_send_message(self, msg: Message) -> None:
        """Cuts Errbot's own long answers, such as that to !help, between lines: within one a mark would be cut open."""
        for body in pages(msg.body.split("\n"), self.message_size_limit):
            part = msg.clone()
            part.body, part.partial = body, True
            self.send_message(part)

    def update_alternate_prefixes(self) -> None:
        """The desk is called by mentioning it, too."""
        self.bot_alt_prefixes = (f"<@{self.auth['user_id']}>",)
        self.bot_config.BOT_ALT_PREFIXES = self.bot_alt_prefixes

    def _sign_in(self) -> None:
        try:
            self.auth = self.slack_web.auth_test()
        except FAILED as failed:
            self._give_up_if_refused(failed, "SLACK_BOT_TOKEN")
            raise
        if lack := scopes_lacked(self.auth.headers.get("x-oauth-scopes")):
            self._give_up(lack)
        self.bot_identifier = SlackPerson(self.slack_web, self.auth["user_id"])
        self.update_alternate_prefixes()

    def _start_desk(self) -> None:
        """Before events arrive: what a desk that cannot start takes from Slack, nobody answers."""
        try:
            open_desk(self)
        except SettingsError as wrong:
            raise cannot_start(wrong) from wrong

    def _open(self) -> None:
        try:
            self._delivery.open()
        except FAILED as failed:
            self._give_up_if_refused(failed, "SLACK_APP_TOKEN")
            raise

    def _ready(self) -> None:
        self.reset_reconnection_count()
        self._active.set()
        log.info("The desk is ready: on Slack by %s as @%s.", self._delivery.name, self.auth["user"])
        self._intake.tell_unfinished(self._chat.reply)

    def _look_after_hearing(self) -> None:
        self._delivery.look_after()
        if news := self._hearing.look(self._delivery.is_open()):
            self.warn_admins(news)

    def _give_up_if_refused(self, failed: Exception, variable: str) -> None:
        trouble = trouble_of(failed)
        if trouble.wait is None:
            self._give_up(f"Slack does not take {variable} ({trouble.reason}).")

    def _give_up(self, why: str) -> None:
        log.critical("%s", why)
        raise SystemExit(1)

    def _end(self, reason: str) -> None:
        """Slack sends the desk away while it runs: nothing it does can succeed any more."""
        if self._active.is_set():
            self._why_ended = f"Slack does not take the desk's token any more ({reason})."
            self._asked_to_stop.set()

    def _way_in(self) -> Transport:
        if self.app_token:
            ping = getattr(self.bot_config, "SLACK_PING", PING)
            return SocketTransport(self.app_token, self.slack_web.without_retries(), self._intake.take, ping=ping)
        delivery = HttpTransport(self.signing_secret, self._intake.take)

        def slack_events() -> tuple[str, int]:
            return delivery.receive(request.get_data(), dict(request.headers))

        flask_app.add_url_rule("/slack/events", view_func=slack_events, methods=["POST"])
        return delivery

    def _wind_up(self) -> None:
        """Takes no more events, lets commands in hand be answered, and stops the plugins."""
        self._delivery.close()
        self._active.set()  # those that wait for plugins to be active must end, too
        if not self._intake.finish(LAST_WORDS):
            self._stopping.set()
            self._intake.finish(LAST_WORDS)
        self._stopping.set()
        self.disconnect_callback()

    # -- events --

    def _handle(self, event: Event) -> None:
        handle = getattr(self, f"_handle_{event.get('type')}", None)
        if handle:
            handle(self.slack_web, event)

    def _handle_message(self, webclient: Any, event: Event) -> None:
        kind = kind_of(event, self.auth["user_id"], self.auth.get("bot_id") or "")
        if kind is EventKind.NOTHING:
            return
        message = self._message(message_in(event))
        if kind is EventKind.TYPED or (kind is EventKind.RETYPED and self._intake.failed.take(event)):
            self.callback_message(message)
            self._tell_of_mention(message)
        elif kind in (EventKind.POSTED, EventKind.REPOSTED):
            message.extras["edited"] = kind is EventKind.REPOSTED
            self._dispatch_to_plugins("callback_message", message)

    def _message(self, event: Event) -> Message:
        """Errbot's message with what was typed, made fit to be logged and repeated."""
        extras = {"attachments": event.get("attachments"), "slack_event": event}
        message = Message(typed_in(event), extras=extras)
        channel, user = event["channel"], event.get("user")
        if not user or event.get("subtype") == "bot_message":
            name = event.get("username", "")
            message.frm = SlackRoomBot(self.slack_web, event.get("bot_id"), name, channel, self)
            message.to = SlackRoom(self.slack_web, channelid=channel, bot=self)
        elif channel.startswith("D"):
            message.frm = message.to = SlackPerson(self.slack_web, user, channel)
        else:
            message.frm = SlackRoomOccupant(self.slack_web, user, channel, self)
            message.to = message.frm.room
        return message

    def _tell_of_mention(self, message: Message) -> None:
        if f"<@{self.auth['user_id']}>" in message.body:
            self.callback_mention(message, [self.bot_identifier])

    def unknown_command(self, message: Message, command: str, args: str | None) -> str:
        """Errbot's words; the message may be put right by editing it."""
        self._intake.failed.note(message.extras["slack_event"])
        return str(super().unknown_command(message, command, args))

    # -- what changes at Slack --

    def _handle_user_change(self, webclient: Any, event: Event) -> None:
        self.slack_web.lookups.forget(event["user"]["id"])

    def _handle_channel_rename(self, webclient: Any, event: Event) -> None:
        self.slack_web.lookups.forget(event["channel"]["id"])
        self.channelid_to_channelname.cache_clear()

    _handle_group_rename = _handle_channel_rename

    def _handle_tokens_revoked(self, webclient: Any, event: Event) -> None:
        self._end("it was revoked")

    def _handle_app_uninstalled(self, webclient: Any, event: Event) -> None:
        self._end("the app was uninstalled")

    # -- what Errbot itself says --

    def send_message(self, msg: Message) -> Message:
        """Sends Errbot's own answers; nobody is called by them, and one that Slack did not take is told of."""
        msg.extras["link_names"] = False
        super().send_message(msg)
        if not msg.extras.get("ts"):
            self.warn_admins(f"An answer was not sent to {msg.to}: {msg.body}")
        return msg
