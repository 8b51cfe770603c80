"""Figures for Prometheus: how many and how long, never a title or a name."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from opsdesk import tally
from opsdesk.alerts import Outcome
from opsdesk.clock import day_of
from opsdesk.desk import Desk
from opsdesk.errors import UserError
from opsdesk.incidents import Severity
from opsdesk.posts import State
from opsdesk.status import VERSION
from opsdesk.store import Duty
from opsdesk.tally import Timed

POSTS = 30  # the last ones that were due
LATE = (1.0, 10.0, 60.0, 600.0, 1800.0)  # seconds after a post was due
CONTENT_TYPE = CONTENT_TYPE_LATEST


def exposed(desk: Desk, at: datetime) -> bytes:
    """Return the figures of a desk as of `at`, in Prometheus' format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(FiguresCollector(desk, at))
    return generate_latest(registry)


class FiguresCollector(Collector):
    """Collects the figures; one that cannot be read is missing, and no other with it."""

    def __init__(self, desk: Desk, at: datetime) -> None:
        self._desk, self._at = desk, at

    def describe(self) -> Iterable[Metric]:
        """Return nothing: what there is shows when it is collected."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield the figures."""
        yield gauge("desk_version", "The version of the desk.", "version", {VERSION: 1})
        for figures in (self._incidents, self._posts, self._lateness, self._alerts):
            try:
                yield figures()
            except UserError:  # a day that cannot be read, or a store that is away: the admins hear of it elsewhere
                continue
        yield from calls()
        yield gauge("desk_queue_length", "What waits to be done, by queue.", "queue", tally.queues())
        leads, away = self._desk.store.desks.duty() is Duty.LEADS, bool(self._desk.store.away())
        yield GaugeMetricFamily("desk_leads", "Whether this desk does what is scheduled.", int(leads))
        yield GaugeMetricFamily("desk_store_away", "Whether the store cannot be reached.", int(away))

    def _incidents(self) -> Metric:
        many = Counter(one.severity for one in self._desk.incidents.log.open_ones())
        levels = {str(int(level)): many[level] for level in Severity}
        return gauge("desk_incidents_open", "Open incidents, by severity.", "severity", levels)

    def _posts(self) -> Metric:
        many = Counter(one.record.state for one in self._desk.summary.commands.past(self._at, POSTS))
        outcomes = {state.value: many[state] for state in State}
        return gauge("desk_posts", f"The last {POSTS} posts that were due, by outcome.", "outcome", outcomes)

    def _lateness(self) -> Metric:
        plan, counted = self._desk.summary.plan, Timed((0,) * (len(LATE) + 1))
        for one in self._desk.summary.commands.past(self._at, POSTS):
            if since := one.record.stands_since:
                late = max(since - plan.moment(one.day, "due"), timedelta()).total_seconds()
                counted = counted.with_one(late, LATE)
        told = f"How late those of the last {POSTS} posts are that stand."
        family = HistogramMetricFamily("desk_post_lateness_seconds", told)
        family.add_metric([], buckets(counted, LATE), counted.seconds)
        return family

    def _alerts(self) -> Metric:
        today = self._desk.alerts.ledger.day(day_of(self._at, self._desk.zone))
        many = Counter(one.outcome for one in today)
        outcomes = {outcome.value: many[outcome] for outcome in Outcome}
        return gauge("desk_alerts_today", "Today's alerts, by outcome.", "outcome", outcomes)


def gauge(name: str, told: str, label: str, values: Mapping[str, float]) -> Metric:
    """Return figures that go up and down, one for each value of the label."""
    family = GaugeMetricFamily(name, told, labels=[label])
    for value, many in values.items():
        family.add_metric([value], many)
    return family


def calls() -> Iterator[Metric]:
    """Yield the calls of Slack and Datadog since this process began: how many by outcome, how long by call."""
    labels = ("service", "call", "outcome")
    many = CounterMetricFamily("desk_calls", "Calls of other services, by outcome.", labels=labels)
    long = HistogramMetricFamily("desk_call_seconds", "How long calls took.", labels=labels)
    for of, counted in sorted(tally.calls().items()):
        many.add_metric(of, sum(counted.up_to))
        long.add_metric(of, buckets(counted, tally.UPPER), counted.seconds)
    yield many
    yield long


def buckets(counted: Timed, bounds: tuple[float, ...]) -> list[tuple[str, float]]:
    """Return how many took up to each bound, those before it included, as Prometheus wants them."""
    told, so_far = list[tuple[str, float]](), 0
    for bound, many in zip((*map(str, bounds), "+Inf"), counted.up_to, strict=True):
        so_far += many
        told.append((bound, so_far))
    return told
