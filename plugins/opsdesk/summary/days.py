"""Which days have a summary, which of those stand, and which days one tells of."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from opsdesk.clock import day_of
from opsdesk.oncall import Calendar
from opsdesk.posts import PostRecord, State

ONE_DAY = timedelta(days=1)
LONGEST = 400  # days looked back over
UNDECIDED = (State.WAITING, State.UNCONFIRMED)


class SummaryDays:
    """Days are those of `zone`. `due` gives when a day's summary is, in UTC; `record` gives what became of it.

    `stands` gives whether a day was told in a summary that stands. Nothing was due before `since`, the desk's first
    start.
    """

    def __init__(
        self,
        calendar: Callable[[], Calendar],
        zone: ZoneInfo,
        since: datetime,
        due: Callable[[date], datetime],
        record: Callable[[date], PostRecord],
        stands: Callable[[date], bool],
    ) -> None:
        self._calendar, self._zone, self.since = calendar, zone, since
        self._due, self._record, self._stands = due, record, stands
        self._first_day = day_of(since, zone)

    def has_post(self, day: date) -> bool:
        """Return whether a day has a summary: a working day since the first start, or one that stands all the same."""
        return self._was_due(day) or self._record(day).state is State.POSTED

    def starts_late(self, day: date) -> bool:
        """Return whether it is a working day on which the desk was first started after its summary was due."""
        return day == self._first_day and self._calendar().is_working_day(day) and self._due(day) < self.since

    def around(self, at: datetime) -> Iterator[date]:
        """Yield the days whose summaries are looked after, latest first.

        Those are today, the last working day, and days before it whose summaries were neither sent nor given up.
        """
        today = day_of(at, self._zone)
        if self.has_post(today) or self.starts_late(today):
            yield today
        day = self._calendar().previous_working_day(today)
        while day and self.has_post(day):
            yield day
            if self._record(day).state not in (*UNDECIDED, State.SKIPPED):
                return
            day = self._calendar().previous_working_day(day)

    def last_standing(self, day: date) -> date | None:
        """Return the last day before `day` whose summary stands; None if none does since the first start."""
        before = (day - back * ONE_DAY for back in range(1, LONGEST))
        return next((one for one in before if one >= self._first_day and self._stands(one)), None)

    def told_from(self, day: date) -> date:
        """Return the first day that the summary of `day` tells of: the one after the last that stands.

        Without one, it tells of the days since the last working day, so that a Monday tells of the weekend, and of
        all days since the first start.
        """
        if standing := self.last_standing(day):
            return standing + ONE_DAY
        usual = (self._calendar().previous_working_day(day) or day - ONE_DAY) + ONE_DAY
        return min(usual, self._first_day)

    def missed(self, day: date) -> tuple[date, ...]:
        """Return the working days before `day` that its summary tells of since theirs does not stand."""
        first = self.told_from(day)
        days = (first + ahead * ONE_DAY for ahead in range((day - first).days))
        return tuple(one for one in days if self._was_due(one))

    def given_up_with(self, day: date, at: datetime) -> tuple[date, ...]:
        """Return the working days up to `day` whose summaries were given up at the same moment `at`, earliest first."""
        days: list[date] = []
        one: date | None = day
        while one and self._record(one).given_up_at == at:
            days.insert(0, one)
            one = self._calendar().previous_working_day(one)
        return tuple(days)

    def _was_due(self, day: date) -> bool:
        return self._calendar().is_working_day(day) and self.since <= self._due(day)
