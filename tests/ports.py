"""Ports that a test gives to a server of its own, and that nobody else on this machine is given meanwhile."""

import socket

_held: list[socket.socket] = []


def free_port() -> int:
    """A port of loopback that nobody listens on; it is kept for whoever is told of it until this process ends.

    A server may listen on it that reuses addresses, as all do here, while the system gives it to no other.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    _held.append(held)
    return int(held.getsockname()[1])
