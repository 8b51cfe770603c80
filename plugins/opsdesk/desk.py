"""The desk put together: one per process and state folder, shared by all plugins through every reload."""

import logging
import os
import threading
from collections import deque
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import structs

from opsdesk import clock
from opsdesk import files as log_file
from opsdesk.chat.chat import Chat, Person
from opsdesk.chat.console import ErrbotChat
from opsdesk.clock import day_of
from opsdesk.contacts import file as team_files
from opsdesk.contacts.directory import Directory
from opsdesk.counts import file as counts_file
from opsdesk.counts import words as counts_words
from opsdesk.counts.source import CountSource
from opsdesk.datadog.client import Datadog
from opsdesk.datadog.gathering import QueryPool
from opsdesk.errors import SettingsError, UserError
from opsdesk.incidents.cards import Cards
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.log import IncidentLog, passed_over
from opsdesk.incidents.reminders import Reminders, ReminderWords
from opsdesk.incidents.words import card
from opsdesk.oncall import file as rotation_file
from opsdesk.oncall.acceptances import Acceptances
from opsdesk.oncall.handover import Handover, Sources
from opsdesk.oncall.handover_words import HandoverWords
from opsdesk.oncall.roster import Roster
from opsdesk.oncall.shifts import Calendar
from opsdesk.oncall.takeovers import Takeovers
from opsdesk.oncall.words import RotationWords
from opsdesk.posts.post import PostRecord
from opsdesk.posts.rehearsal import rehearsed
from opsdesk.posts.scheduler import PostScheduler
from opsdesk.posts.words import PostWords
from opsdesk.settings import settings
from opsdesk.settings.settings import Settings
from opsdesk.store import Store, open_store
from opsdesk.summary import heartbeat
from opsdesk.summary.commands import SummaryCommands
from opsdesk.summary.counts import PostCountsWords, SummaryCounts
from opsdesk.summary.notice_words import DayWords
from opsdesk.summary.notices import SummaryNotices
from opsdesk.summary.plan import FirstStart, SummaryPlan, first_start

if TYPE_CHECKING:
    from opsdesk.counts.answers import CountAnswers

log = logging.getLogger(__name__)

_desks: dict[Path, "Desk"] = {}
_lock = threading.Lock()


class Desk:
    """What plugins ask: the parts of the library, joined to one store, one chat and one clock."""

    def __init__(self, told: Settings, chat: Chat, now: clock.Now, store: Store) -> None:
        self.settings, self.chat, self.now, self.store = told, chat, now, store
        self.zone = told.zone
        self._complaints: deque[str] = deque()
        self.contact_files = team_files.follow(told.data_dir, self.complain)
        # The day's post reads these two: whatever chat it is, telling the admins must not hold it up.
        self.rotation_file = rotation_file.follow(told.data_dir / "rotation.toml", told.zone, self.complain_later)
        self.count_file = counts_file.follow(told.data_dir / "counts.toml", self.complain_later)
        self._followed = (self.contact_files, self.rotation_file, self.count_file)
        self.incidents = IncidentLog(self.store, self.zone)
        self.rotation = Roster(self.rotation_file, self.store, told.admins)
        self.acceptances = Acceptances(self.rotation, self.store)
        self.incidents.on_call = self._is_on_call
        self.asking = QueryPool(Datadog(told.environment))
        self.counts = self._counts()
        self.day_posts, self.posts = self._posts(), self._posts()
        self.day_plan = self._day_plan()
        self.day_post = SummaryCommands(self.day_plan, self.day_posts, lambda: self.calendar)
        self.heartbeat = self._heartbeat()
        self.handover = self._handover()
        words = partial(RotationWords, zone=self.zone)
        self.takeovers = Takeovers(self.rotation, self.acceptances, self.handover, chat, words, now)
        self.reminders = Reminders(self.incidents, self.rotation, self.store, ReminderWords())
        self._schedule()
        self.cards = Cards(self.incidents, chat, self._card, now, self.tell_admins)
        self._refresh_cards()
        if not self.hears_trouble:
            log.warning("Nobody hears of trouble: set DESK_ADMINS, or put people into data/rotation.toml.")
        self._warned: set[str] = set()

    @property
    def hears_trouble(self) -> bool:
        """Whether there is anybody to tell what cannot be done: an admin, or a person on call."""
        try:
            return bool(self.settings.admins or self.rotation.to_tell(self.now()).ids)
        except UserError:  # who is on call cannot be read: the desk starts all the same, and posts
            return False

    @property
    def contacts(self) -> Directory:
        """Whom to ask and where to look, as the team's files have it now."""
        return self.contact_files()

    @property
    def subsystems(self) -> Directory:
        """The same, for what contacts.toml alone tells: which subsystems there are, and whom to ask about them."""
        return self.contact_files.itself()

    @cached_property
    def count_answers(self) -> "CountAnswers":
        """The answers to whatever is asked about counts."""
        # Boards, dashboards and pictures come with it: imported when first asked for, the desk starts sooner.
        from opsdesk.counts.answers import CountAnswers

        return CountAnswers(self.counts, self.asking, self.settings.state_dir / "charts")

    @property
    def calendar(self) -> Calendar:
        """The working days and shifts, as data/rotation.toml has them now."""
        return self.rotation.calendar

    @property
    def mistakes(self) -> list[str]:
        """What is wrong with the team's files as they stand now, each by file, table and key."""
        self._read_files()
        return [wrong for file in self._followed for wrong in file.complaints]

    def complain(self, wrong: SettingsError) -> None:
        """Tells the admins of a mistake in a data file."""
        self.tell_admins(str(wrong))

    def complain_later(self, wrong: SettingsError) -> None:
        """Has them told of it with the next tick."""
        self._complaints.append(str(wrong))

    def tick_post(self) -> None:
        """Does what is due now about the day's post. Nothing else is done here: it may hang, and the post be late."""
        self.day_posts.tick(self.now())

    def tick(self) -> None:
        """Tells the admins what was found wrong since the last time, and does everything else that is due now."""
        self._read_files()
        new = [warning for warning in self.store.warnings() if warning not in self._warned]
        self._warned.update(new)
        self._complaints.extend(new)
        while self._complaints:
            self.tell_admins(self._complaints.popleft())
        self.posts.tick(self.now())
        if self.heartbeat:
            self.heartbeat.tick(self.now())

    def tell_admins(self, text: str) -> None:
        """Logs `text` and tells the admins, as soon as the chat lets it through."""
        self.chat.tell_admins(text)

    def close(self) -> None:
        """Gives the state folder back."""
        self.cards.close()
        for posts in (self.day_posts, self.posts):
            posts.close()
        self.store.close()

    def _read_files(self) -> None:
        """So that a mistake in one is told of before somebody runs into it."""
        for file in self._followed:
            file()

    def _is_on_call(self, person: Person, at: datetime) -> bool:
        """Not known to be where that cannot be read: an incident is opened all the same."""
        try:
            return self.rotation.is_on_call(person, at)
        except UserError as damaged:
            log.warning("Whether %s is on call is not known: %s", person.name, damaged)
            return False

    def _counts(self) -> CountSource:
        samples = isinstance(self.chat, ErrbotChat)  # never on Slack, where people work by them
        holiday = lambda day: self.calendar.holiday(day)  # noqa: E731  # as the file has it then
        return CountSource(self.count_file, self.asking, self.store, self.zone, holiday=holiday, samples=samples)

    def _posts(self) -> PostScheduler:
        return PostScheduler(self.store.keyed("posts", PostRecord), self.chat, PostWords(self.zone), self.now())

    def _day_plan(self) -> SummaryPlan:
        times = partial(self.settings.file.summary.posting, zone=self.zone)
        return SummaryPlan(
            self.settings,
            lambda: self.calendar,
            self.day_posts,
            self.incidents,
            SummaryCounts(self.counts.window, times, PostCountsWords(self.zone)),
            self.acceptances.who_had,
            DayWords(self.zone, self.settings.quiet_after),
            since=first_start(self.store.keyed("desk", FirstStart), self.now()),
            complain=self._complaints.append,
        )

    def _heartbeat(self) -> heartbeat.Heartbeat | None:
        """None where nobody listens for it, and in a rehearsal, which must not keep an alarm quiet that is due."""
        url = self.settings.heartbeat_url
        if not url or self.settings.rehearsal:
            return None
        return heartbeat.Heartbeat(self.day_posts, self.day_plan.plan, partial(heartbeat.fetch, url))

    def _handover(self) -> Handover:
        return Handover(
            self.rotation,
            self.acceptances,
            self.incidents,
            self.posts,
            HandoverWords(self.zone),
            room=self.settings.file.channels.go_live.id,
            admins=self.settings.admins,
            sources=Sources(notes=self.day_post.handed_to, counts=self._counts_so_far),
        )

    def _schedule(self) -> None:
        """Hands every part's plan to the posts, and has the day's look again at whatever changes what was posted."""
        self.day_posts.plans.append(self.day_plan.plan)
        day_words = DayWords(self.zone, self.settings.quiet_after)
        notices = SummaryNotices(self.day_plan, self.rotation.to_tell, day_words, self.settings.admins)
        self.posts.plans.append(notices.plan)
        rehearsal, words = self.settings.file.channels.rehearsal.id, HandoverWords(self.zone)
        for plan in (self.handover.plan, self.reminders.plan):
            self.posts.plans.append(rehearsed(plan, rehearsal, words.rehearsal) if self.settings.rehearsal else plan)
        self.incidents.changed.append(lambda incident: self.day_posts.look_again())
        self.counts.changed.append(self.day_posts.look_again)

    def _refresh_cards(self) -> None:
        today = day_of(self.now(), self.zone)
        try:
            self.cards.refresh(self.incidents.touched(today - timedelta(days=1), today, passed_over))
        except UserError as damaged:  # the desk starts without them: the rest of it is needed all the more
            log.error("The incidents' messages are not brought up to date: %s", damaged)

    def _counts_so_far(self, at: datetime) -> list[str]:
        return counts_words.report(*self.counts.compared(day_of(at, self.zone), at)).splitlines()

    def _card(self, incident: Incident, at: datetime) -> str:
        return card(incident, at, self.zone, self.contacts.ask_line(incident.subsystem))


def open_desk(bot: Any) -> Desk:
    """The desk for this bot; the first caller opens it, the others share it. Raises a SettingsError.

    The bot's configuration may bring an environment (DESK_ENVIRONMENT) and a clock (DESK_NOW) of its own.
    """
    config = bot.bot_config
    environment = getattr(config, "DESK_ENVIRONMENT", os.environ)
    folder = settings.state_dir(environment)
    if file := getattr(config, "BOT_LOG_FILE", None):
        log_file.bound(file)
    with _lock:
        if folder not in _desks:
            told = settings.read(environment)
            if not hasattr(bot, "desk_chat") and not told.admins:
                told = structs.replace(told, admins=tuple(config.BOT_ADMINS))  # of a console: whoever sits at it
            _desks[folder] = start_desk(told, chat_of(bot, told), getattr(config, "DESK_NOW", clock.now))
        return _desks[folder]


def start_desk(told: Settings, chat: Chat, now: clock.Now) -> Desk:
    """A desk on its state folder, which is given back if the desk cannot start. Raises a SettingsError."""
    store = open_store(told.state_dir)
    try:
        return Desk(told, chat, now, store)
    except BaseException:  # whatever it was, the next try must find the folder free
        store.close()
        raise


def cannot_start(wrong: SettingsError) -> SystemExit:
    """What ends the process with the reason: it is raised in the main thread, which starts the desk."""
    log.critical("The desk cannot start: %s", wrong)
    return SystemExit(f"The desk cannot start: {wrong}")


def close_desks() -> None:
    """Closes every desk of this process: at its end, or before the same folder is opened again."""
    with _lock:
        while _desks:
            _desks.popitem()[1].close()


def chat_of(bot: Any, told: Settings) -> Chat:
    """The chat that `bot` runs on: a backend may bring its own (`desk_chat`), else Errbot's sending serves."""
    names = {room.id: room.name for room in told.file.channels.all if room.name}
    return bot.desk_chat() if hasattr(bot, "desk_chat") else ErrbotChat(bot, names, told.admins)
