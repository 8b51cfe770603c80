"""The counters watched: looked at every minute of a working day from 7am, what falls on disk before it is told."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from opsdesk.clock import day_of
from opsdesk.counts import CountDesk, CountsFile
from opsdesk.datadog import Reason, Unknown
from opsdesk.ground import Ground
from opsdesk.watch import falls, naming, rule
from opsdesk.watch import words as watch_words
from opsdesk.watch.day_log import DayLog
from opsdesk.watch.falls import WatchDay
from opsdesk.watch.hours import WatchHours
from opsdesk.watch.looks import Looks
from opsdesk.watch.rule import MOST_DAYS, Usual
from opsdesk.watch.series import WatchedSeries, by_minute, is_known, together, watched
from opsdesk.watch.sight import Sight, see

WEEKS = 12  # back, for past days
AGAIN = timedelta(minutes=10)  # after which a past that Datadog did not give is asked for again
FRESH = timedelta(minutes=2)  # a look that is not older shows how things are now
KEY = "counters"


class Looked(msgspec.Struct, frozen=True):
    """What was seen at a moment, or why nothing was."""

    at: datetime
    sight: Sight | Unknown


class _Past(msgspec.Struct, frozen=True):
    """What is usual on a day, by what Datadog gave of the past at `at`: all that was asked for, or not."""

    day: date
    file: CountsFile
    at: datetime
    usual: Mapping[str, Usual | None]
    is_whole: bool


class CounterWatch:
    """Looks at `counts` in the watch's `hours`. `changed` is called once a day's falls are stored anew."""

    def __init__(self, ground: Ground, counts: CountDesk, hours: WatchHours, changed: Callable[[], None]) -> None:
        self._counts, self._changed = counts, changed
        self.hours, self.zone, self._quiet = hours, ground.zone, ground.settings.file.quiet_day
        self._days = DayLog(ground.store.keyed("watch", WatchDay), KEY, WatchDay())
        self._looks = Looks(self.look, "the counters")
        self._past: _Past | None = None
        self._last: Looked | None = None

    @property
    def is_able(self) -> bool:
        """Return whether there is anything to look at: a counter, and keys to ask with."""
        return bool(self._counts.file().counters) and bool(self._counts.queries.datadog.configured)

    def tick(self, at: datetime) -> None:
        """Begin a look, in a thread of its own, if this minute has had none. Waits for nothing."""
        if self.is_able and self.hours.hold(at):
            self._looks.begin(at)

    def wait(self, seconds: float) -> bool:
        """Return whether the look that is under way, if any, ended within so many seconds."""
        return self._looks.wait(seconds)

    def look(self, at: datetime) -> Looked:
        """Look at the counters, and store what fell and came back since the last look."""
        looked = self._last = Looked(at, self._see(at))
        if isinstance(looked.sight, Sight):
            self._advance(looked.sight, at)
        return looked

    def seen(self, at: datetime) -> Looked:
        """Return what is seen now: the last look if it is fresh, else a new one that nothing is stored of."""
        last = self._last
        if last and timedelta() <= at - last.at < FRESH and isinstance(last.sight, Sight):
            return last
        return Looked(at, self._see(at))

    @property
    def last(self) -> Looked | None:
        """Return the last look of this process; None before the first."""
        return self._last

    def day(self, day: date) -> WatchDay:
        """Return what fell and was told on a day; an empty one where that cannot be read, which is logged."""
        return self._days.get(day)

    def words(self, day: date) -> "watch_words.WatchWords":
        """Return the words about a day."""
        file = self._counts.file()
        return watch_words.WatchWords(day, self.zone, watched(file), file.dashboard)

    def _see(self, at: datetime) -> Sight | Unknown:
        file, day = self._counts.file(), day_of(at, self.zone)
        found = self._counts.live.read(at)
        failed = {
            key: one for key, one in found.items() if isinstance(one, Unknown) and one.reason is not Reason.NO_DATA
        }
        if not found or len(failed) == len(found):
            return next(iter(failed.values()), Unknown(Reason.NOT_CONFIGURED))
        local = at.astimezone(self.zone)
        series = watched(file)
        minutes = by_minute(found, _organisations(file), self.zone)
        return see(series, self._usual(file, series, day, at), minutes, local.hour * 60 + local.minute, failed)

    def _usual(
        self, file: CountsFile, series: Sequence[WatchedSeries], day: date, at: datetime
    ) -> Mapping[str, Usual | None]:
        """Return what is usual on such a day: reckoned once, and again where Datadog has not given all of the past."""
        past = self._past
        if past and (past.day, past.file) == (day, file) and (past.is_whole or at - past.at < AGAIN):
            return past.usual
        found = self._counts.source.past(day, at, MOST_DAYS, WEEKS)
        days = [by_minute(one, _organisations(file), self.zone) for one in found]
        known = [minutes for minutes in days if is_known(minutes)]
        usual = {one.key: rule.usual_of([together(minutes, one.members) for minutes in known]) for one in series}
        failed = (one for each in found for one in each.values() if isinstance(one, Unknown))
        is_whole = all(one.reason is Reason.NO_DATA for one in failed)
        self._past = _Past(day, file, at, usual, is_whole)
        return usual

    def _advance(self, sight: Sight, at: datetime) -> None:
        day, tells, under = day_of(at, self.zone), self.hours.tells(at), self._counts.file().band.under
        quiet = self._quiet(day)

        def advance(kept: WatchDay) -> WatchDay:
            now = falls.step(kept, sight)
            if not tells:
                return now
            return naming.with_telling(
                falls.as_shift_begins(now, sight, under=under, share=quiet.share if quiet else 1), sight
            )

        if self._days.change(day, advance):
            self._changed()


def _organisations(file: CountsFile) -> dict[str, str]:
    return {key: counter.organisation for key, counter in file.counters.items()}
