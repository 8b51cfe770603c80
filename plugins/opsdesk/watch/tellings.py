"""The watch's messages: one for each thing it found, in the alert channel and to the person on call, kept right.

Each is handed to the alerts as well, with where it stands, so that it can be acknowledged like any other.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from opsdesk.alerts import Alert
from opsdesk.chat import MessageRef
from opsdesk.clock import day_of, moment
from opsdesk.errors import UserError
from opsdesk.ground import Ground
from opsdesk.posts import PostLine, PostRecord, PostScheduler, Scheduled, State
from opsdesk.text import tell_hour
from opsdesk.watch.notices import Notice, Notices
from opsdesk.watch.pauses import Pause, Pauses

log = logging.getLogger(__name__)

TRY_FOR = timedelta(minutes=30)
ONE_DAY = timedelta(days=1)

# Takes an alert, an id that is the same if it comes again, and the message that tells it, None for none.
Raise = Callable[[Alert, str, MessageRef | None], object]


class Tellings:
    """Plans the messages of `sources`; those of chats that cannot change a message come below it."""

    def __init__(
        self, ground: Ground, sources: Sequence[Notices], pauses: Pauses, posts: PostScheduler, raised: Raise
    ) -> None:
        self._ground, self._sources, self._pauses = ground, sources, pauses
        self._posts, self._raised = posts, raised
        self._handed: set[str] = set()
        rooms = ground.settings.file.channels.alerts
        self._room = rooms[0].id if rooms else ""

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield the messages of today, and that a pause is over."""
        for notice in self._notices(day_of(at, self._ground.zone)):
            yield from self._messages(notice)
        last = self._pauses.latest()
        if last and self._room and not last.ended_at and last.until <= at < last.until + ONE_DAY:
            yield self._over(last)

    def tick(self, at: datetime) -> None:
        """Hand what was told, and where it stands, to the alerts: each once, and once that it is over."""
        for notice in self._notices(day_of(at, self._ground.zone)):
            if notice.alert_id in self._handed or (place := self._place(notice)) is None:
                continue
            try:
                self._raised(notice.alert, notice.alert_id, place if place.ts else None)
            except UserError as refused:  # a full disk, say: tried again with the next tick
                log.error("What the watch told is not among the alerts: %s", refused)
            else:
                self._handed.add(notice.alert_id)

    def _notices(self, day: date) -> list[Notice]:
        return [notice for source in self._sources for notice in source(day)]

    def _messages(self, notice: Notice) -> Iterator[Scheduled]:
        if self._room:
            yield self._message(notice, room=self._room)
        if notice.for_person:
            people = self._ground.trouble.person_on_call(notice.due)
            yield from (self._message(notice, person=person, why=people.why) for person in people.ids)
        if not self._posts.edits and notice.over_at:
            yield self._below(notice, notice.over_at)

    def _message(self, notice: Notice, *, room: str = "", person: str = "", why: str = "") -> Scheduled:
        midnight = moment(notice.day + ONE_DAY, time(0), self._ground.zone)

        def compose(at: datetime, before: PostRecord) -> Sequence[PostLine]:
            now = next((one for one in self._notices(notice.day) if one.key == notice.key), notice)
            return [*([PostLine("why", why)] if why else []), PostLine("words", now.text)]

        return Scheduled(
            key=f"{notice.key}:{person or 'channel'}",
            day=notice.day,
            due=notice.due,
            until=notice.due + TRY_FOR,
            lapse=midnight,
            compose=compose,
            room=room,
            person=person,
            edits_until=midnight,
            stale=lambda record, at, looked: looked is None,  # a change has everything looked at again
        )

    def _below(self, notice: Notice, due: datetime) -> Scheduled:
        """Return that it is over, as a message of its own, in the thread of the first where that has one."""
        proof = self._posts.record(self._message(notice, room=self._room)).proof
        midnight = moment(notice.day + ONE_DAY, time(0), self._ground.zone)
        said, thread = _saying(notice.over_text), proof.ts if proof else ""
        key = f"{notice.key}:back"
        return Scheduled(key, notice.day, due, due + TRY_FOR, midnight, said, room=self._room, thread=thread)

    def _over(self, pause: Pause) -> Scheduled:
        zone = self._ground.zone
        since = tell_hour(pause.at, zone)
        text = f"The watch is on again. It was off from {since} on ({pause.by}: {pause.reason})."
        day, key = day_of(pause.until, zone), f"watch on:{pause.at:%Y-%m-%dT%H:%M:%SZ}"
        return Scheduled(key, day, pause.until, pause.until + TRY_FOR, pause.until + ONE_DAY, _saying(text), self._room)

    def _place(self, notice: Notice) -> MessageRef | None:
        """Return where the message stands; one without an id where it stands nowhere, None while that is open."""
        if not self._room:
            return MessageRef("")
        record = self._posts.record(self._message(notice, room=self._room))
        if record.proof:
            return MessageRef(record.proof.room, record.proof.ts)
        return MessageRef("") if record.state is State.GIVEN_UP else None


def _saying(text: str) -> Callable[[datetime, PostRecord], Sequence[PostLine]]:
    return lambda at, before: [PostLine("words", text)]
