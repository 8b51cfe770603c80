"""What stands between a desk and its database, and loses an answer when it is told to."""

import contextlib
import enum
import signal
import socket
import threading

import psycopg

from tests.postgres import Server


class Loss(enum.Enum):
    """What becomes of the end of the next change."""

    QUESTION = enum.auto()  # it never reaches the database
    ANSWER = enum.auto()  # it is carried out, and its answer is lost
    CRASH = enum.auto()  # it never reaches the database, which crashes, and is busy with other changes once it is back


class Proxy:
    """Forwards connections to a server, until the `loss`: then all are cut, and while it is `deaf` none is made."""

    def __init__(self, server: Server) -> None:
        self.loss: Loss | None = None
        self.deaf = False
        self._server = server
        self._lines: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = server.schema().replace(str(server.port), str(self._listening.getsockname()[1]))
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Takes no more connections."""
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                desk, _ = self._listening.accept()
            except OSError:
                return
            if self.deaf and self.loss is None:
                desk.close()
                continue
            self._lines.append(desk)
            database = socket.create_connection(("127.0.0.1", self._server.port))
            threading.Thread(target=self._ask, args=(desk, database), daemon=True).start()
            threading.Thread(target=_forward, args=(database, desk), daemon=True).start()

    def _ask(self, desk: socket.socket, database: socket.socket) -> None:
        while data := _read(desk):
            if self.loss and b"; commit" in data:
                self._lose(database, data)
                return
            database.sendall(data)
        _close(database)

    def _lose(self, database: socket.socket, data: bytes) -> None:
        loss, self.loss = self.loss, None
        for line in self._lines:
            _close(line)
        if loss is Loss.CRASH:
            self._crash()
            return
        if loss is Loss.ANSWER:
            database.sendall(data)
        database.shutdown(socket.SHUT_WR)

    def _crash(self) -> None:
        self.deaf = True
        self._server.stop(signal.SIGQUIT)
        self._server.start()
        with psycopg.connect(self._server.url, autocommit=True) as other:
            for _ in range(50):
                other.execute("select pg_current_xact_id()")
        self.deaf = False


def _forward(database: socket.socket, desk: socket.socket) -> None:
    while data := _read(database):
        try:
            desk.sendall(data)
        except OSError:
            return
    _close(desk)


def _read(line: socket.socket) -> bytes:
    try:
        return line.recv(65536)
    except OSError:
        return b""


def _close(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
