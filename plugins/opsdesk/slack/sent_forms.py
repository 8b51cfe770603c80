"""Forms that were sent: one that is sent twice is done once, however soon."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future

from opsdesk.chat import Filled

MOST = 500  # of which the outcome is known


class SentForms:
    """The outcomes of the latest forms: "" for one that is done, else why it was refused.

    What was done before a start, the library itself knows by the form's number.
    """

    def __init__(self) -> None:
        self._outcomes: OrderedDict[tuple[str, str], Future[str]] = OrderedDict()
        self._lock = threading.Lock()

    def outcome(self, number: str, filled: Filled, begin: Callable[["Future[str]"], None]) -> "Future[str]":
        """Return the outcome of a form, to come or known; `begin` has it done unless it is, or was and stands."""
        key = (number, repr(sorted(filled.values.items())))
        with self._lock:
            known = self._outcomes.get(key)
            if known and not (known.done() and known.result()):
                return known
            outcome = self._outcomes[key] = Future()
            if len(self._outcomes) > MOST:
                self._outcomes.popitem(last=False)
        begin(outcome)
        return outcome
