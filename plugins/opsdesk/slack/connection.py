"""The desk's connection to Slack, from signing in to the reason why it ended."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
from slack_sdk.web import SlackResponse

from opsdesk import clock, guard
from opsdesk.chat import ClockWatch, HomePage
from opsdesk.slack import mrkdwn
from opsdesk.slack.admins import AdminNotices
from opsdesk.slack.api import SLACK, SlackWeb
from opsdesk.slack.call_limit import SHORT_TIMEOUT, TIMEOUT
from opsdesk.slack.chat import SlackChat
from opsdesk.slack.clock_checks import ClockChecks, SlacksTime, time_told
from opsdesk.slack.doubles import Doubles
from opsdesk.slack.doubt import DOUBTED_FOR, TokenDoubt
from opsdesk.slack.events import Event, asks_nothing
from opsdesk.slack.failures import FAILED, trouble_of
from opsdesk.slack.gaps import Gaps
from opsdesk.slack.intake import About, Intake
from opsdesk.slack.interactions import Interactions, Offers
from opsdesk.slack.listening import Listening
from opsdesk.slack.lookups import Answer
from opsdesk.slack.outages import OutageWatch
from opsdesk.slack.read_back import GapReadBack, Meanwhile
from opsdesk.slack.scopes import advice_on_scopes, lacking
from opsdesk.slack.seen import SeenEvents
from opsdesk.slack.transport import PING, HttpTransport, SocketTransport, Transport
from opsdesk.store import Store
from opsdesk.workers import Repeating

if TYPE_CHECKING:
    from opsdesk.slack.home_tab import HomeTab

log = logging.getLogger(__name__)

WIND_UP = timedelta(seconds=15)  # that commands in hand have when the desk is stopped


class Access(msgspec.Struct, frozen=True):
    """How the desk reaches Slack. With an `app_token` it is by Socket Mode, else by the Events API.

    `timeout` is how many seconds a call may take, `ping` how many pass between the pings of a socket, `doubt` for how
    many a token must be refused before that is believed.
    """

    token: str
    app_token: str | None
    signing_secret: str | None
    api_url: str = SLACK
    timeout: int = TIMEOUT
    ping: float = PING
    doubt: float = DOUBTED_FOR

    def web(self, stopping: threading.Event, doubt: TokenDoubt, doubles: Doubles) -> SlackWeb:
        """Return what calls Slack's Web API, until `stopping`."""
        url, timeout = self.api_url, self.timeout
        return SlackWeb(self.token, base_url=url, timeout=timeout, stopping=stopping, doubt=doubt, doubles=doubles)


def access_of(
    config: Any, token: str, app_token: str | None, signing_secret: str | None, *, shared: bool = False
) -> Access:
    """Return how the desk reaches Slack by Errbot's configuration; where others share the work, it waits less long."""
    return Access(
        token,
        app_token,
        signing_secret,
        getattr(config, "SLACK_API_URL", "") or SLACK,
        getattr(config, "SLACK_TIMEOUT", SHORT_TIMEOUT if shared else TIMEOUT),
        getattr(config, "SLACK_PING", PING),
        getattr(config, "SLACK_DOUBT", DOUBTED_FOR),
    )


class Connection:
    """Signs in, receives events and hands them to `handle`, and tells the admins what goes wrong.

    A message that begins with one of `calls()` calls the desk; `hears` tells of a room, and of how a message there
    begins, whether it may be a command; `admits` tells whether its sender may give one, `can_act` whether somebody whom
    Slack tells of can do anything here.
    """

    def __init__(
        self,
        access: Access,
        admins: Sequence[str],
        handle: Callable[[Event], None],
        calls: Callable[[], tuple[str, ...]],
        hears: Callable[[str, str], bool],
        admits: Callable[[Event], bool],
        can_act: Callable[[Answer], bool],
        now: clock.Now = clock.now,
    ) -> None:
        self.active, self.asked_to_stop, self._stopping = threading.Event(), threading.Event(), threading.Event()
        self.why_ended, self.lacking, self.has_buttons = "", "", False
        self._doubles = Doubles(self.tell_admins)
        self._doubt, self._doubted_for = TokenDoubt(self.end), access.doubt
        self.web = access.web(self._stopping, self._doubt, self._doubles)
        self.intake = Intake(
            handle,
            hears=hears,
            tell_admins=self.tell_admins,
            reply=lambda below, text: self.chat.reply(below, text),
            admits=admits,
            active=self.active,
            stopping=self._stopping,
            is_idle=self._is_idle,
            now=now,
        )
        self.chat = SlackChat(self.web, tell_admins=self.tell_admins, refused=self.intake.failed.add, can_act=can_act)
        self.interactions = Interactions(self.intake, self.chat, self.web.without_retries(), admits, now)
        self._calls = calls
        self.transport = _transport(access, self.web, self.intake, self.interactions)
        self._slacks_time: SlacksTime | None = None
        self._checking: Repeating | None = None
        self._notices, self._outages, self._now = AdminNotices(self.chat, admins), OutageWatch(now), now

    def tell_admins(self, text: str) -> None:
        """Log `text`, and send it to the admins once Slack takes it: masked, for it may quote what went wrong."""
        self._notices.add(guard.mask(text, guard.team()).text)

    def told(self, end: SystemExit) -> SystemExit:
        """Tell the admins why the desk cannot start, once a day however often it is tried, and return that."""
        told = f"{end}\nThis is told once a day, until it is mended."
        self._notices.tell_now(guard.mask(told, guard.team()).text)
        return end

    def sign_in(self) -> SlackResponse:
        """Return the answer of auth.test. Raises what slack_sdk raises, and SystemExit if a retry cannot help."""
        try:
            auth = self.web.auth_test()
        except FAILED as failed:
            _exit_if_refused(failed, "SLACK_BOT_TOKEN")
            raise
        self._slacks_time = time_told(auth.headers)
        if advice := advice_on_scopes(auth.headers.get("x-oauth-scopes")):
            raise _exit(advice)
        self.lacking = lacking(auth.headers.get("x-oauth-scopes"))
        self.has_buttons = bool(auth.headers.get("x-oauth-scopes")) and not self.lacking
        self.chat.show_buttons(self.has_buttons)
        if self.lacking:
            log.warning("%s", self.lacking)
        return auth

    def show_home(self, person: str, page: HomePage) -> None:
        """Show somebody the desk's page in their Home tab. Raises a SendError."""
        self._home_tab.publish(person, page)

    @cached_property
    def _home_tab(self) -> "HomeTab":
        from opsdesk.slack.home_tab import HomeTab  # nobody may ever open it

        write = partial(mrkdwn.write, name_of=self.web.lookups.name)
        web = self.web.without_retries()
        return HomeTab(web, write, self.tell_admins, has_buttons=lambda: self.has_buttons)

    def open(self, store: Store, about: About, offers: Offers, meanwhile: Meanwhile) -> Listening:
        """Start receiving events, each noted in `store`; `about` gives what a command is about, `offers` what is asked.

        What is returned reads back what was typed `meanwhile`, since the desk last listened. Raises what slack_sdk
        raises, and SystemExit if a retry cannot help.
        """
        gaps = Gaps(store, self._now)
        seen = SeenEvents(store, self._now, gaps.needed_since)
        read_back = GapReadBack(
            self.web,
            gaps,
            seen,
            meanwhile=meanwhile,
            calls=self._calls,
            tell_admins=self.tell_admins,
            stopping=self._stopping,
        )
        self.intake.open(seen, about)
        self._doubles.open(self.web.without_retries(), store, self._now())
        self.interactions.open(offers)
        try:
            self.transport.open()
        except FAILED as failed:
            _exit_if_refused(failed, "SLACK_APP_TOKEN")
            raise
        return Listening(store.desks, self.transport, self.intake, gaps, read_back, self.active, self._now)

    def begin(self, user: str) -> None:
        """Handle events from now on, as the bot called `user`; tell of commands that the last end cut short."""
        self._doubt.begin(self._doubted_for)
        self.active.set()
        log.info("The desk is ready: on Slack by %s as @%s.", self.transport.name, user)
        self.intake.tell_unfinished()

    def is_ready(self) -> bool:
        """Return whether commands typed now are answered."""
        return self.active.is_set() and self.transport.is_open() and not self._doubt.exists

    def mend(self) -> None:
        """Replace a connection that fell silent, tell the admins of an outage and people of the end of a flood.

        Called every half second.
        """
        self.transport.mend()
        if self._doubt.is_to_ask():
            self.ask_about_token()
        self.intake.tell_left_out()
        if news := self._outages.check(self.transport.is_open()):
            self.tell_admins(news)
        self.chat.gaps = self._outages.gaps

    def ask_about_token(self) -> None:
        """Ask Slack whether it takes the bot's token, and leave the answer to the doubt."""
        with suppress(*FAILED):
            self.web.without_retries().auth_test()

    def watch_clock(self, now: clock.Now, zone: ZoneInfo) -> None:
        """Tell the admins, in times of `zone`, once `now` differs from Slack's time: at once, then once an hour."""
        ask = self.web.without_retries().auth_test
        self._checking = ClockChecks(ClockWatch(self.tell_admins, zone), now, self._slacks_time, ask).begin()

    def end(self, reason: str) -> None:
        """Ask the desk to stop: Slack no longer accepts its token."""
        if self.active.is_set():
            self.why_ended = f"Slack does not take the desk's token any more ({reason})."
            self.asked_to_stop.set()

    def _is_idle(self, event: Event) -> bool:
        own = self.web.lookups.own_ids()
        return asks_nothing(event, own.user, own.bot)

    def wind_up(self) -> None:
        """Receive no more events, and let commands in hand be answered."""
        self.transport.close()
        self.active.set()  # events that wait for the plugins to be active must end, too
        if not self.intake.finish(WIND_UP.total_seconds()):
            self._stopping.set()
            self.intake.finish(WIND_UP.total_seconds())
        self._stopping.set()

    def close(self) -> None:
        """Send no more."""
        if self._checking:
            self._checking.close()
        self._notices.close()
        self._doubles.close()

    def exit_if_ended(self) -> None:
        """Raise SystemExit if Slack ended the desk."""
        if self.why_ended:
            raise _exit(self.why_ended)


def _transport(access: Access, web: SlackWeb, intake: Intake, asked: Interactions) -> Transport:
    if access.app_token:
        impatient = web.without_retries()
        return SocketTransport(access.app_token, impatient, intake.receive, asked.receive, ping=access.ping)
    return HttpTransport(access.signing_secret or "", intake.receive, asked.receive)


def _exit_if_refused(failed: Exception, variable: str) -> None:
    trouble = trouble_of(failed)
    if trouble.wait is None or trouble.token:
        raise _exit(f"Slack does not take {variable} ({trouble.reason}).")


def _exit(why: str) -> SystemExit:
    log.critical("%s", why)
    return SystemExit(1)
