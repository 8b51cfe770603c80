"""What is owed to one target: each day's summary, what changed half an hour later, severity-1 incidents."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from opsdesk.clock import day_of
from opsdesk.incidents import Incident, Notice, Notices
from opsdesk.posts import PostLine, PostRecord, Scheduled, State
from opsdesk.settings import Sent, Target
from opsdesk.summary import SummaryPlan
from opsdesk.targets import words
from opsdesk.targets.serious import SeriousIncidents, Spell, spells
from opsdesk.text import tell_day

FOLLOW_UP = timedelta(minutes=30)  # after the summary was due: what has changed is told once
FOLLOWED_FOR = timedelta(minutes=10)  # in which the follow-up is begun, or never
TRIED_FOR = timedelta(hours=1)  # from when a message is due
NEWS_FOR = timedelta(hours=4)  # from when it is due: later it is not sent at all
LOOK_BACK = timedelta(hours=12)  # for incidents that were over since

Record = Callable[[Scheduled], PostRecord]
Compose = Callable[[datetime, PostRecord], Sequence[PostLine]]


class Owed(msgspec.Struct, frozen=True):
    """A message to a target, and what people call it."""

    scheduled: Scheduled
    what: str


class TargetPlan:
    """Plans what a target is sent; `record` gives what became of it. The summary is that of `summaries`."""

    def __init__(
        self,
        target: Target,
        summaries: SummaryPlan,
        serious: SeriousIncidents,
        notices: Notices,
        zone: ZoneInfo,
        record: Record,
    ) -> None:
        self.target, self._summaries, self._serious = target, summaries, serious
        self._notices, self._zone, self._record = notices, zone, record
        self._looked: set[date] = set()  # days whose summary was compared half an hour later

    def owed(self, at: datetime) -> Iterator[Owed]:
        """Yield what is owed around `at`, and what was sent lately."""
        if Sent.SUMMARY in self.target.sends:
            yield from self._of_the_day(day_of(at, self._zone), at)
        if Sent.SEVERE in self.target.sends:
            for incident in self._serious.since(at - LOOK_BACK):
                for spell in spells(incident):
                    yield from (one for one in self._of_spell(incident, spell) if self._is_news(one.scheduled, at))
        if Sent.NOTICES in self.target.sends:
            for notice, incident in self._notices.standing():
                yield from (one for one in self._of_notice(notice, incident) if self._is_news(one.scheduled, at))

    def summary(self, day: date) -> Scheduled:
        """Return a day's summary as it is sent to the target: it may be late, and the chat's never waits for it."""
        return replace(
            self._summaries.scheduled(day),
            key=self._key(f"summary:{day}"),
            room=self.target.name,
            edits_until=None,
            punctual=False,
        )

    def has_summary(self, day: date) -> bool:
        """Return whether a day has a summary that is not left out."""
        return self._summaries.days.has_post(day) and self._summaries.record(day).state is not State.SKIPPED

    def _of_the_day(self, day: date, at: datetime) -> Iterator[Owed]:
        """Yield today's summary, unless it is left out, and what has changed since."""
        if not self.has_summary(day):
            return
        summary = self.summary(day)
        yield Owed(summary, f"the summary of {tell_day(day)}")
        sent = self._record(summary)
        if sent.state is State.POSTED and self._has_changed(follow_up := self._follow_up(summary, sent.id), sent, at):
            yield Owed(follow_up, f"what has changed in the summary of {tell_day(day)}")

    def _follow_up(self, summary: Scheduled, record: str) -> Scheduled:
        def compose(at: datetime, before: PostRecord) -> Sequence[PostLine]:
            return words.changed(summary.day, self._changes(summary.day, self._record(summary), at))

        return self._scheduled(f"summary follow-up:{summary.day}", summary.due + FOLLOW_UP, compose, thread=record)

    def _has_changed(self, follow_up: Scheduled, sent: PostRecord, at: datetime) -> bool:
        """Return whether it has changed by the time of the follow-up, which is looked at once, or that began."""
        if self._record(follow_up).entries:
            return True
        if follow_up.day in self._looked or not follow_up.due <= at < follow_up.due + FOLLOWED_FOR:
            return False
        changes = self._changes(follow_up.day, sent, at)
        if not changes:
            self._looked.add(follow_up.day)
        return bool(changes)

    def _changes(self, day: date, sent: PostRecord, at: datetime) -> list[PostLine]:
        """Return the lines of a day's summary that say something else than was sent."""
        before = {line.key: line for line in sent.lines}
        now = self._summaries.compose(day, at, sent)
        return [line for line in now if line.text and (line.key not in before or not before[line.key].same_as(line))]

    def _of_spell(self, incident: Incident, spell: Spell) -> Iterator[Owed]:
        """Yield that it is open; and that it is over, if it was told of before that."""
        key, what = f"sev 1:{incident.number}:{spell.first}", f"severity 1, #{incident.number} {incident.shown_title},"
        then = spell.of(incident)
        opened = self._scheduled(key, spell.began_at, self._saying(partial(words.opened, then)))
        yield Owed(opened, what)
        told = self._record(opened)
        if spell.ended_at and told.proof and told.proof.at < spell.ended_at:
            over = self._saying(partial(words.over, then))
            yield Owed(self._scheduled(f"{key} over", spell.ended_at, over, thread=told.id), f"the end of {what}")

    def _of_notice(self, notice: Notice, incident: Incident) -> Iterator[Owed]:
        """Yield the outage notice as it is when it is sent; and once it is over, if it was sent before that."""
        if notice.sent_at is None:
            return
        key, what = f"notice:{notice.number}:{notice.sent_at:%Y%m%d%H%M%S}", f"the outage notice of #{notice.number}"
        compose = self._saying(lambda at, zone: self._notices.text(incident, notice, at))
        first = self._scheduled(key, notice.sent_at, compose)
        yield Owed(first, what)
        told, ended = self._record(first), incident.aside or incident.resolution
        if ended and told.proof and told.proof.at < ended.written_at:
            over = self._scheduled(f"{key} over", ended.written_at, compose, thread=told.id)
            yield Owed(over, f"the end of {what}")

    def _saying(self, told: Callable[..., str]) -> Compose:
        return lambda at, before: [PostLine("words", told(at, self._zone))]

    def _scheduled(self, key: str, due: datetime, compose: Compose, *, thread: str = "") -> Scheduled:
        until, lapse = due + TRIED_FOR, due + NEWS_FOR
        day, room = day_of(due, self._zone), self.target.name
        return Scheduled(self._key(key), day, due, until, lapse, compose, room=room, thread=thread)

    def _key(self, key: str) -> str:
        return f"{self.target.key}: {key}"

    def _is_news(self, scheduled: Scheduled, at: datetime) -> bool:
        """Return whether a message is still worth sending, or was begun."""
        return at < scheduled.lapse or bool(self._record(scheduled).entries)
