"""Calls that can be ended: at a deadline for the whole answer, and when nobody waits for them any more."""

import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CLIENT = "datadog_api_client"

_thread = threading.local()


class Call:
    """A question to Datadog with all its tries, made in one thread and given up from any.

    Time-outs of a socket start anew with each byte. A call is ended for good by shutting its connection down.
    """

    def __init__(self) -> None:
        self.given_up = self.timed_out = False
        self._connection: socket.socket | None = None
        self._lock = threading.Lock()

    def give_up(self) -> None:
        """End the try that is under way, and make no other."""
        with self._lock:
            self.given_up = True
            self._shut_down()

    def uses(self, connection: socket.socket) -> None:
        """Note the connection that the try under way goes over."""
        # A copy of the file's number, which stays this connection's whoever else closes or wraps it.
        copy = socket.socket(fileno=os.dup(connection.fileno()))
        with self._lock:
            self._close()
            self._connection = copy
            if self.given_up or self.timed_out:
                self._shut_down()

    @contextmanager
    def limited(self, seconds: float) -> Iterator[None]:
        """End the try made within after `seconds`."""
        self.timed_out = False
        timer = threading.Timer(seconds, self._time_out)
        timer.daemon = True
        timer.start()
        try:
            with self.in_this_thread():
                yield
        finally:
            timer.cancel()
            with self._lock:
                self._close()

    @contextmanager
    def in_this_thread(self) -> Iterator[None]:
        """Make this the call that the thread makes."""
        before = getattr(_thread, "call", None)
        _thread.call = self
        try:
            yield
        finally:
            _thread.call = before

    def _time_out(self) -> None:
        with self._lock:
            self.timed_out = True
            self._shut_down()

    def _shut_down(self) -> None:
        if self._connection:
            with suppress(OSError):  # the other side was first
                self._connection.shutdown(socket.SHUT_RDWR)

    def _close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None


def current() -> Call:
    """Return the call that this thread makes; a new one if it makes none."""
    return getattr(_thread, "call", None) or Call()


def forget_names() -> None:
    """Give back what imports from Datadog's client have left: the names of its thousands of files, over a megabyte."""
    for folder in list(sys.path_importer_cache):
        if CLIENT in folder:
            sys.path_importer_cache.pop(folder, None)
