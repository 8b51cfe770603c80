"""The watch's messages: one for each fall, in the alert channel and to the person on call, kept right afterwards.

Each is handed to the alerts as well, with where it stands, so that it can be acknowledged like any other.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from opsdesk.alerts import Alert, AlertState, Source
from opsdesk.chat import MessageRef
from opsdesk.clock import day_of, moment
from opsdesk.counts import half_up
from opsdesk.errors import UserError
from opsdesk.ground import Ground
from opsdesk.posts import PostLine, PostRecord, PostScheduler, Scheduled, State
from opsdesk.text import tell_hour
from opsdesk.watch.counters import CounterWatch
from opsdesk.watch.falls import NO_POINTS, FallKind, Telling, WatchDay
from opsdesk.watch.pauses import Pause, Pauses

log = logging.getLogger(__name__)

TRY_FOR = timedelta(minutes=30)
ONE_DAY = timedelta(days=1)

# Takes an alert, an id that is the same if it comes again, and the message that tells it, None for none.
Raise = Callable[[Alert, str, MessageRef | None], object]


class Tellings:
    """Plans the messages about what `counters` found; those of chats that cannot change a message come below it."""

    def __init__(
        self, ground: Ground, counters: CounterWatch, pauses: Pauses, posts: PostScheduler, raised: Raise
    ) -> None:
        self._ground, self._counters, self._pauses = ground, counters, pauses
        self._posts, self._raised = posts, raised
        self._handed: set[str] = set()
        rooms = ground.settings.file.channels.alerts
        self._room = rooms[0].id if rooms else ""

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield the messages of today, and that a pause is over."""
        day = day_of(at, self._ground.zone)
        watched = self._counters.day(day)
        for telling in watched.tellings:
            yield from self._messages(day, watched, telling)
        last = self._pauses.latest()
        if last and self._room and not last.ended_at and last.until <= at < last.until + ONE_DAY:
            yield self._over(last)

    def tick(self, at: datetime) -> None:
        """Hand what was told, and where it stands, to the alerts: each fall once, and once that it is back."""
        day = day_of(at, self._ground.zone)
        watched = self._counters.day(day)
        for telling in watched.tellings:
            alert, id = self._alert(day, watched, telling)
            place = self._place(day, watched, telling)
            if id in self._handed or place is None:
                continue
            try:
                self._raised(alert, id, place if place.ts else None)
            except UserError as refused:  # a full disk, say: tried again with the next tick
                log.error("What the watch told is not among the alerts: %s", refused)
            else:
                self._handed.add(id)

    def _messages(self, day: date, watched: WatchDay, telling: Telling) -> Iterator[Scheduled]:
        people = self._ground.trouble.person_on_call(self._moment(day, telling.at))
        if self._room:
            yield self._message(day, telling, room=self._room)
        for person in people.ids:
            yield self._message(day, telling, person=person, why=people.why)
        if not self._posts.edits and watched.told(telling.number) and watched.is_back(telling.number):
            yield self._below(day, watched, telling)

    def _message(self, day: date, telling: Telling, *, room: str = "", person: str = "", why: str = "") -> Scheduled:
        due = self._moment(day, telling.at)

        def compose(at: datetime, before: PostRecord) -> Sequence[PostLine]:
            watched = self._counters.day(day)
            told = next((one for one in watched.tellings if one.number == telling.number), telling)
            text = self._counters.words(day).message(watched, told)
            return [*([PostLine("why", why)] if why else []), PostLine("words", text)]

        return Scheduled(
            key=f"watch:{day}:{telling.number}:{person or 'channel'}",
            day=day,
            due=due,
            until=due + TRY_FOR,
            lapse=moment(day + ONE_DAY, time(0), self._ground.zone),
            compose=compose,
            room=room,
            person=person,
            edits_until=moment(day + ONE_DAY, time(0), self._ground.zone),
            stale=lambda record, at, looked: looked is None,  # a change has everything looked at again
        )

    def _below(self, day: date, watched: WatchDay, telling: Telling) -> Scheduled:
        """Return that it is back, as a message of its own, in the thread of the first where that has one."""
        falls = watched.told(telling.number)
        due = self._moment(day, max(fall.back_at or 0 for fall in falls))
        text = self._counters.words(day).back(telling, falls)
        proof = self._posts.record(self._message(day, telling, room=self._room)).proof
        key, lapse = f"watch:{day}:{telling.number}:back", moment(day + ONE_DAY, time(0), self._ground.zone)
        thread = proof.ts if proof else ""
        return Scheduled(key, day, due, due + TRY_FOR, lapse, _saying(text), room=self._room, thread=thread)

    def _over(self, pause: Pause) -> Scheduled:
        zone = self._ground.zone
        since = tell_hour(pause.at, zone)
        text = f"The watch is on again. It was off from {since} on ({pause.by}: {pause.reason})."
        day, key = day_of(pause.until, zone), f"watch on:{pause.at:%Y-%m-%dT%H:%M:%SZ}"
        return Scheduled(key, day, pause.until, pause.until + TRY_FOR, pause.until + ONE_DAY, _saying(text), self._room)

    def _alert(self, day: date, watched: WatchDay, telling: Telling) -> tuple[Alert, str]:
        falls, words = watched.told(telling.number), self._counters.words(day)
        is_back = bool(falls) and watched.is_back(telling.number)
        kinds = {fall.kind for fall in falls if fall.series in telling.named}
        state = AlertState.TRIGGERED if FallKind.NONE in kinds else AlertState.WARNING
        if NO_POINTS in telling.named:
            state = AlertState.NO_DATA
        minute = max((fall.back_at or 0 for fall in falls), default=telling.at) if is_back else telling.at
        key = " ".join(telling.named)
        alert = Alert(
            Source.DESK,
            f"counts:{key}",
            AlertState.RECOVERED if is_back else state,
            words.title(telling, falls),
            self._moment(day, minute),
            link=words.dashboard,
            numbers={
                words.label(one): f"{half_up(found.count)} in {found.minutes} minutes, usually {half_up(found.due)}"
                for one, found in telling.figures.items()
            },
        )
        return alert, f"watch:{day}:{telling.number}:{'back' if is_back else key}"

    def _place(self, day: date, watched: WatchDay, telling: Telling) -> MessageRef | None:
        """Return where the message stands; one without an id where it stands nowhere, None while that is open."""
        if not self._room:
            return MessageRef("")
        record = self._posts.record(self._message(day, telling, room=self._room))
        if record.proof:
            return MessageRef(record.proof.room, record.proof.ts)
        return MessageRef("") if record.state is State.GIVEN_UP else None

    def _moment(self, day: date, minute: int) -> datetime:
        return moment(day, time(*divmod(minute, 60)), self._ground.zone)


def _saying(text: str) -> Callable[[datetime, PostRecord], Sequence[PostLine]]:
    return lambda at, before: [PostLine("words", text)]
