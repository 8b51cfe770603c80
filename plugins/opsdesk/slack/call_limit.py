"""How long a call of Slack's Web API may take, all of it."""

from collections.abc import Callable
from concurrent.futures import wait
from typing import ParamSpec, TypeVar

from opsdesk.workers import Workers

TIMEOUT = 10  # seconds a call may take; Slack itself gives up on slow ones
SHORT_TIMEOUT = 3  # where another desk takes over from one that Slack does not answer
GRACE = 0.5  # seconds that all parts of a call may take together beyond that
MOST = 64  # calls that may be under way at a time

P = ParamSpec("P")
T = TypeVar("T")


class CallLimit:
    """Gives up calls that take longer than `seconds`.

    The time-out of a socket begins anew with each byte, and none holds while the name of a server is looked up.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds, self._workers = seconds, Workers(MOST, "slack-calls")

    def within(self, call: Callable[P, T]) -> Callable[P, T]:
        """Return the call, made to raise a TimeoutError once it has taken too long: it may be done all the same."""

        def limited(*given: P.args, **more: P.kwargs) -> T:
            made = self._workers.do(lambda: call(*given, **more))
            if not wait([made], self._seconds + GRACE).done:
                made.cancel()
                raise TimeoutError
            return made.result()

        return limited
