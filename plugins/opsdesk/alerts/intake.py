"""Alerts taken in: read, made fit to be kept, matched with the noise rules, and on disk before anybody is answered."""

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from opsdesk import clock, guard
from opsdesk.alerts import sources
from opsdesk.alerts.alert import Alert
from opsdesk.alerts.group import AlertGroup
from opsdesk.alerts.ledger import Ledger
from opsdesk.alerts.noise import NoiseRule, muting
from opsdesk.alerts.notification import Notification
from opsdesk.chat import MessageRef
from opsdesk.clock import day_of
from opsdesk.workers import Workers, settle

MOST_AHEAD = timedelta(minutes=5)
Rules = Callable[[], Mapping[str, NoiseRule]]


class AlertIntake:
    """Takes alerts from the channels with these ids and from webhooks. Those that wait at once share a write."""

    def __init__(self, ledger: Ledger, rules: Rules, channels: Sequence[str], now: clock.Now) -> None:
        self._ledger, self._rules, self._channels, self._now = ledger, rules, frozenset(channels), now
        self._waiting: deque[tuple[Notification, Future[AlertGroup]]] = deque()
        self._lock, self._writer = threading.Lock(), Workers(1, "alerts")

    def hears(self, room: str) -> bool:
        """Return whether a room is an alert channel."""
        return room in self._channels

    def message(self, event: Mapping[str, Any], *, edited: bool = False, read_back: bool = False) -> AlertGroup | None:
        """Take a message of an alert channel; None where it is no alert: a person's, or one within a thread."""
        room, ts, thread = (str(event.get(key) or "") for key in ("channel", "ts", "thread_ts"))
        if room not in self._channels or not ts or thread not in ("", ts):
            return None
        at = self._now()
        alert = sources.read_message(event, at)
        if alert is None:
            return None
        edited_at = sources.edited_at(event)
        changed = edited or (read_back and edited_at is not None)
        one = Notification(_cleaned(alert), f"{room}/{ts}", "message", at, MessageRef(room, ts), changed)
        return self._take(replace(one, read_back=read_back, edited_at=edited_at))

    def webhook(self, source: str, payload: Any, id: str) -> AlertGroup | None:
        """Take what a webhook of `source` sent; None where that is no alert. `id` is that of one sent again, too."""
        at, way = self._now(), sources.way_of(source, payload)
        if not way:
            return None
        alert = _cleaned(sources.read_webhook(source, payload, at))
        if alert.at - at > MOST_AHEAD:  # by a clock that is wrong: what comes after it would be late
            alert = replace(alert, at=at)
        return self._take(Notification(alert, f"{source}:{id}", way, at))

    def raised(self, alert: Alert, id: str, place: MessageRef | None = None) -> AlertGroup:
        """Take an alert that the desk's own watch raises; `place` is its message, None where it has none."""
        return self._take(Notification(_cleaned(alert), f"desk:{id}", "desk", self._now(), place))

    def _take(self, one: Notification) -> AlertGroup:
        day = day_of(one.alert.at, self._ledger.zone)
        rule = muting(self._rules(), one.alert, lambda: self._ledger.day(day), one.heard_at)
        answer: Future[AlertGroup] = Future()
        with self._lock:
            self._waiting.append((replace(one, rule=rule), answer))
        self._writer.do(self._write)
        return answer.result()

    def _write(self) -> None:
        with self._lock:
            waiting, self._waiting = list(self._waiting), deque()
        if not waiting:
            return
        done: Future[list[AlertGroup]] = Future()
        settle(done, lambda: self._ledger.take_all([one for one, _ in waiting]))
        failed = done.exception()
        for place, (_, answer) in enumerate(waiting):
            if failed:
                answer.set_exception(failed)
            else:
                answer.set_result(done.result()[place])


def _cleaned(alert: Alert) -> Alert:
    """Return the alert as it may be kept and repeated."""
    return replace(
        alert,
        title=" ".join(guard.clean(alert.title).split()) or "(an alert without a title)",
        service=guard.clean(alert.service),
        text=guard.clean(alert.text),
        tags=tuple(map(guard.clean, alert.tags)),
        numbers={name: guard.clean(value) for name, value in alert.numbers.items()},
    )
