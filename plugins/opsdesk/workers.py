"""Threads that do jobs at the same time, in order where it matters."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from itertools import count
from typing import Any, TypeVar

from opsdesk import tally
from opsdesk.errors import done

log = logging.getLogger(__name__)

SHORTEST = 0.02  # seconds between two jobs that repeat
IDLE = 5.0  # for which a thread waits for its next job
AFTER_MISTAKE = 2.0  # seconds at most until one is tried again
T = TypeVar("T")


class Workers:
    """Up to `most` threads, each of which ends when there was nothing to do for a while: to start one takes longer.

    They are daemons: unlike with an Executor, a job that hangs does not keep the process from ending.
    """

    def __init__(self, most: int, name: str) -> None:
        self._most, self._name = most, name
        self._jobs: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._came = threading.Condition()
        self._threads = self._idle = 0

    def do(self, job: Callable[[], T]) -> Future[T]:
        """Start `job` as soon as a thread is free, in the order of the calls, and return the future of its result.

        Where the machine has no thread to give, it is done in this one.
        """
        future: Future[T] = Future()
        with self._came:
            self._jobs.append((future, job))
            if len(self._jobs) <= self._idle:
                self._came.notify()
                return future
            if self._threads == self._most:
                return future
            self._threads += 1
        try:
            threading.Thread(target=self._work, name=self._name, daemon=True).start()
        except RuntimeError as none_left:
            log.warning("%s: %s", self._name, none_left)
            self._work(0)
        return future

    def _work(self, wait: float | None = None) -> None:
        while found := self._next(IDLE if wait is None else wait):
            future, job = found
            if future.set_running_or_notify_cancel():
                settle(future, job)
            del found, future, job  # nothing of it is kept while the next is waited for

    def _next(self, wait: float) -> tuple[Future[Any], Callable[[], Any]] | None:
        """Return the next job, once there is one; None where this thread is to end: none came within `wait` seconds."""
        with self._came:
            self._idle += 1
            self._came.wait_for(lambda: self._jobs, wait)
            self._idle -= 1
            if self._jobs:
                return self._jobs.popleft()
            self._threads -= 1
            return None


def settle(future: Future[T], job: Callable[[], T]) -> None:
    """Do `job` in this thread, and set what it returns or raises on `future`."""
    try:
        result = job()
    except BaseException as failed:  # noqa: BLE001  # whoever asks for the result gets it, as from an Executor
        future.set_exception(failed)
    else:
        future.set_result(result)


Work = Callable[[], None]


class Task:
    """Work that waits its turn in each of its lanes; `place` is its place in the order of all tasks."""

    def __init__(self, work: Work, lanes: tuple[str, ...], place: tuple[float, int]) -> None:
        self.work, self.lanes, self.place, self.started = work, lanes, place, False


class Lanes:
    """Does work in `threads` threads. Work in one lane is done in order, one piece at a time, whatever it raises.

    A piece of work may have several lanes: it waits for what is before it in any of them, and what is behind it in
    any of them waits for it. All lanes have one order, so that no two pieces can wait for each other.
    """

    def __init__(self, threads: int, name: str) -> None:
        self._workers = Workers(threads, name)
        self._lanes: dict[str, list[Task]] = {}
        self._changed, self._closed = threading.Condition(), False
        self._count = count()
        tally.follow_queue(name, self)

    def waiting(self) -> int:
        """Return how much work is being done or waits."""
        return len({task for queue in list(self._lanes.values()) for task in list(queue)})

    def add(self, lanes: str | Iterable[str], work: Work, *, at: float | None = None) -> None:
        """Queue `work` in its lanes; after `close`, do it now, in this thread, unless a lane of it is busy.

        Work of a moment `at`, in seconds, goes before later work that has yet to be started; without one it goes last.
        """
        with self._changed:
            task = self._queued(tuple(dict.fromkeys([lanes] if isinstance(lanes, str) else lanes)), work, at)
            ready = self._begin([task])
        for one in ready:
            if self._closed:
                self._do(one)
            else:
                self._workers.do(partial(self._do, one))

    def close(self, wait: float) -> bool:
        """Wait up to `wait` seconds until all work is done, and return whether it is."""
        with self._changed:
            self._closed = True
            return self._changed.wait_for(lambda: not self._lanes, wait)

    def _queued(self, lanes: tuple[str, ...], work: Work, at: float | None) -> Task:
        waiting = [self._lanes.setdefault(lane, []) for lane in lanes]
        last = max((queue[-1].place[0] for queue in waiting if queue), default=0.0)
        task = Task(work, lanes, (last if at is None else at, next(self._count)))
        for queue in waiting:
            where = len(queue)
            while where and not queue[where - 1].started and queue[where - 1].place > task.place:
                where -= 1
            queue.insert(where, task)
        return task

    def _begin(self, tasks: Iterable[Task]) -> list[Task]:
        """Return those that can be started now, noted as started."""
        ready = [one for one in dict.fromkeys(tasks) if not one.started and self._is_first(one)]
        for one in ready:
            one.started = True
        return ready

    def _is_first(self, task: Task) -> bool:
        return all(self._lanes[lane][0] is task for lane in task.lanes)

    def _do(self, task: Task) -> None:
        try:
            done(task.work)
        finally:  # also behind what ends this thread: a plugin that cannot start raises SystemExit
            with self._changed:
                ready = self._begin(self._behind(task))
                self._changed.notify_all()
            for one in ready:
                self._workers.do(partial(self._do, one))

    def _behind(self, task: Task) -> list[Task]:
        """Return what is first in its lanes now that `task` is done."""
        first = []
        for lane in task.lanes:
            queue = self._lanes[lane]
            queue.remove(task)
            if queue:
                first.append(queue[0])
            else:
                del self._lanes[lane]
        return first


class Urgent:
    """Work that somebody waits for, done within `with`: what nobody waits for can rest meanwhile.

    Python runs one thread at a time: another that is busy takes half of the time, and more where the first is to read
    and write as well.
    """

    def __init__(self) -> None:
        self._many, self._changed = 0, threading.Condition()

    def __enter__(self) -> None:
        with self._changed:
            self._many += 1

    def __exit__(self, *failed: object) -> None:
        with self._changed:
            self._many -= 1
            self._changed.notify_all()

    def is_over(self, wait: float) -> bool:
        """Wait up to `wait` seconds until nothing of it is being done, and return whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._many, wait)


ANSWERING = Urgent()  # the messages of people, in this process


class Repeating:
    """Does a job again and again in a thread of its own: when the job says so, and at least every `longest` seconds.

    `job` returns in how many seconds it is due again, None if it does not know. It is done `first` seconds from now.
    """

    def __init__(self, job: Callable[[], float | None], longest: float, name: str, *, first: float = 0.0) -> None:
        self._job, self._longest, self._closed = job, longest, threading.Event()
        self._thread = threading.Thread(target=self._repeat, args=(first,), name=name, daemon=True)
        self._thread.start()

    def close(self, wait: float = 5.0) -> None:
        """Do the job no more. Waits up to `wait` seconds for one that is being done."""
        self._closed.set()
        self._thread.join(wait)

    def _repeat(self, pause: float) -> None:
        while not self._closed.wait(pause):
            pause = self._done()

    def _done(self) -> float:
        """Do the job; return how many seconds to wait then."""
        try:
            due = self._job()
        except Exception:  # the next one may well succeed
            log.exception("The thread %s met a mistake", self._thread.name)
            due = AFTER_MISTAKE
        return self._longest if due is None else min(max(due, SHORTEST), self._longest)
