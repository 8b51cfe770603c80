"""Counts on a stage: a Datadog stand-in, a store of their own, a clock moved by hand."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from opsdesk.counts import file as counts_file
from opsdesk.counts.counts import CounterLine, Counts, KnownCount
from opsdesk.counts.source import CountSource
from opsdesk.datadog.answers import Unknown
from opsdesk.datadog.client import Datadog
from opsdesk.datadog.gathering import QueryPool
from opsdesk.errors import SettingsError
from opsdesk.oncall.shifts import federal_holiday
from opsdesk.settings import QuietDay
from opsdesk.store import open_store
from tests.conftest import ROOT
from tests.datadog.stage import DatadogStandIn, RawPoint
from tests.oncall.stage import EASTERN, eastern
from tests.patience import LONG

CLICKED = "vets_api.statsd.api_check_in_v2_sessions_show_count_success"
COMPLETED = "vets_api.statsd.api_check_in_v2_checkins_create_count_success"
PRE_CLICKED = "vets_api.statsd.api_pre_check_in_v2_sessions_show_count_success"
PRE_COMPLETED = "vets_api.statsd.api_check_in_v2_pre_checkins_create_count_success"
METRICS = (CLICKED, COMPLETED, PRE_CLICKED, PRE_COMPLETED)
EXAMPLE = dict(zip(METRICS, (1765, 1121, 6251, 2602), strict=True))

# What the desk tells of EXAMPLE, and where it says to look.
LINES = """Completed check-ins % : 63.5%
Completed pre-check-ins % : 41.6%
Check-ins clicked: 1765
Check-ins completed: 1121
Pre-check-ins clicked: 6251
Pre-check-ins completed: 2602"""
DASHBOARD = "https://vagov.ddog-gov.com/dashboard/zps-5fk-azw/check-in-vets-api"

MONDAY = date(2026, 11, 23)


def point(local: str, value: float, host: str = "") -> RawPoint:
    return RawPoint(eastern(local).timestamp(), value, host)


def fill(datadog: DatadogStandIn, day: str, numbers: dict[str, int] = EXAMPLE, at: str = "09:30:15") -> None:
    """All of a day's counts at one moment."""
    for metric, number in numbers.items():
        datadog.add(metric, point(f"{day} {at}", number))


AT = eastern("2026-11-23 15:42:17")


def counts_of(*numbers: int | Unknown | KnownCount, **more: object) -> Counts:
    keys = ("clicked", "completed", "pre-clicked", "pre-completed")
    labels = ("Check-ins clicked", "Check-ins completed", "Pre-check-ins clicked", "Pre-check-ins completed")
    lines = (
        CounterLine("Completed check-ins", "completed", "clicked"),
        CounterLine("Completed pre-check-ins", "pre-completed", "pre-clicked"),
        *(CounterLine(label, key) for key, label in zip(keys, labels, strict=True)),
    )
    values = {key: KnownCount(one) if isinstance(one, int) else one for key, one in zip(keys, numbers, strict=True)}
    start, end = eastern("2026-11-23 00:00"), eastern("2026-11-23 15:42")
    fields = {"title": "Check-in counts", "day": MONDAY, "start": start, "end": end, "at": AT, "zone": EASTERN}
    return Counts(**(fields | more), values=values, labels=dict(zip(keys, labels, strict=True)), lines=lines)  # type: ignore[arg-type]


OpenStage = Callable[..., "CountStage"]


class CountStage:
    """The counts of a desk that asks `datadog`, on the shipped file; it can be opened again on the same folder."""

    def __init__(
        self,
        folder: Path,
        datadog: DatadogStandIn,
        *,
        samples: bool = False,
        budget: float = LONG,
        timeout: float = LONG,
    ) -> None:
        self.folder, self.datadog, self.samples = folder, datadog, samples
        self.budget, self.timeout = budget, timeout
        self.environment = dict(datadog.environment)
        self.text = (ROOT / "data" / "counts.toml").read_text()
        self.paused: list[float] = []
        self.complaints: list[SettingsError] = []
        self.listeners: list[Callable[[], None]] = []
        self.quiet_days: list[QuietDay] = []
        self.open()

    def open(self) -> None:
        path = self.folder / "counts.toml"
        path.write_text(self.text)
        self.store = open_store(self.folder / "state")
        self.queries = QueryPool(Datadog(self.environment, self.paused.append, timeout=self.timeout), self.budget)
        follow = counts_file.follow(path, self.complaints.append)
        self.source = CountSource(
            follow,
            self.queries,
            self.store,
            EASTERN,
            holiday=federal_holiday,
            quiet={one.day: one for one in self.quiet_days}.get,
            samples=self.samples,
            changed=self.listeners,
        )

    def again(self) -> None:
        self.store.close()
        self.open()

    def numbers(self, day: date, at: datetime, until: datetime | None = None) -> dict[str, object]:
        """Counter to number, or to the reason why there is none."""
        counts = self.source.window(day, until, at) if until else self.source.day(day, at)
        return {
            key: getattr(value, "number", None) or getattr(value, "reason", 0) for key, value in counts.values.items()
        }
