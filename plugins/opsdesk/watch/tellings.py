"""The watch's messages: one for each thing it found, in the alert channel and to the person on call, kept right.

Each is handed to the alerts as well, with where it stands, so that it can be acknowledged like any other.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

from opsdesk.alerts import Alert
from opsdesk.chat import MessageRef
from opsdesk.clock import day_of, moment
from opsdesk.errors import UserError, done
from opsdesk.ground import Ground
from opsdesk.posts import PostLine, PostRecord, PostScheduler, Scheduled, State, saying
from opsdesk.text import tell_hour
from opsdesk.watch.messages import Messages, WatchMessage
from opsdesk.watch.pauses import Pause, Pauses

log = logging.getLogger(__name__)

TRY_FOR = timedelta(hours=2)
ONE_DAY = timedelta(days=1)

# Takes an alert, an id that is the same if it comes again, and the message that tells it, None for none.
Raise = Callable[[Alert, str, MessageRef | None], object]


class Tellings:
    """Plans the messages of `sources`; those of chats that cannot change a message come below it."""

    def __init__(
        self, ground: Ground, sources: Sequence[Messages], pauses: Pauses, posts: PostScheduler, raised: Raise
    ) -> None:
        self._ground, self._sources, self._pauses = ground, sources, pauses
        self._posts, self._raised = posts, raised
        self._handed: set[str] = set()
        rooms = ground.settings.file.channels.alerts
        self._room = rooms[0].id if rooms else ""

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield the messages of today, and that a pause is over."""
        for message in self._watched(day_of(at, self._ground.zone)):
            yield from self._messages(message)
        last = self._pauses.latest()
        if last and self._room and not last.ended_at and last.until <= at < last.until + ONE_DAY:
            yield self._over(last)

    def tick(self, at: datetime) -> None:
        """Hand what was told, and where it stands, to the alerts: each once, and once that it is over."""
        for message in self._watched(day_of(at, self._ground.zone)):
            if message.alert_id in self._handed or (place := self._place(message)) is None:
                continue
            try:
                self._raised(message.alert, message.alert_id, place if place.ts else None)
            except UserError as refused:  # a full disk, say: tried again with the next tick
                log.error("What the watch told is not among the alerts: %s", refused)
            else:
                self._handed.add(message.alert_id)

    def _watched(self, day: date) -> list[WatchMessage]:
        return [message for source in self._sources for message in done(partial(source, day)) or ()]

    def _messages(self, message: WatchMessage) -> Iterator[Scheduled]:
        if self._room:
            yield self._scheduled(message, room=self._room)
        if message.for_person:
            people = self._ground.trouble.person_on_call(message.due)
            yield from (self._scheduled(message, person=person, why=people.why) for person in people.ids)
        if not self._posts.edits and message.over_at:
            yield self._below(message, message.over_at)

    def _scheduled(self, message: WatchMessage, *, room: str = "", person: str = "", why: str = "") -> Scheduled:
        midnight = moment(message.day + ONE_DAY, time(0), self._ground.zone)

        def compose(at: datetime, before: PostRecord) -> Sequence[PostLine]:
            now = next((one for one in self._watched(message.day) if one.key == message.key), message)
            return [*([PostLine("why", why)] if why else []), PostLine("words", now.text)]

        return Scheduled(
            key=f"{message.key}:{person or 'channel'}",
            day=message.day,
            due=message.due,
            until=message.due + TRY_FOR,
            lapse=midnight,
            compose=compose,
            room=room,
            person=person,
            edits_until=midnight,
            stale=lambda record, at, looked: looked is None,  # a change has everything looked at again
        )

    def _below(self, message: WatchMessage, due: datetime) -> Scheduled:
        """Return that it is over, as a message of its own, in the thread of the first where that has one."""
        proof = self._posts.record(self._scheduled(message, room=self._room)).proof
        return Scheduled(
            key=f"{message.key}:back",
            day=message.day,
            due=due,
            until=due + TRY_FOR,
            lapse=moment(message.day + ONE_DAY, time(0), self._ground.zone),
            compose=saying([PostLine("words", message.over_text)]),
            room=self._room,
            thread=proof.ts if proof else "",
        )

    def _over(self, pause: Pause) -> Scheduled:
        zone = self._ground.zone
        since = tell_hour(pause.at, zone)
        text = f"The watch is on again. It was off from {since} on ({pause.by}: {pause.reason})."
        return Scheduled(
            key=f"watch on:{pause.at:%Y-%m-%dT%H:%M:%SZ}",
            day=day_of(pause.until, zone),
            due=pause.until,
            until=pause.until + TRY_FOR,
            lapse=pause.until + ONE_DAY,
            compose=saying([PostLine("words", text)]),
            room=self._room,
        )

    def _place(self, message: WatchMessage) -> MessageRef | None:
        """Return where the message stands; one without an id where it stands nowhere, None while that is open."""
        if not self._room:
            return MessageRef("")
        record = self._posts.record(self._scheduled(message, room=self._room))
        if record.proof:
            return MessageRef(record.proof.room, record.proof.ts)
        return MessageRef("") if record.state is State.GIVEN_UP else None
