"""A real IRC server on this machine, people on it, and somebody's own bot with Errbot's own IRC backend."""

import os
import socket
import subprocess
import sys
from types import TracebackType
from typing import Self

from tests.patience import LONG, until
from tests.ports import free_port

RESET = "\x03"  # with which Errbot ends each message: colours, if there were any, are over
THE_END = "that was all"


class IrcServer:
    """miniircd as a process of its own, on loopback alone."""

    def __enter__(self) -> Self:
        self.port = free_port()
        command = [sys.executable, "-m", "miniircd", "--listen", "127.0.0.1", "--ports", str(self.port)]
        command += ["--setuid", "root"] if os.geteuid() == 0 else []
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(self._listens, "the IRC server")
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()

    def _listens(self) -> bool:
        assert self._process.poll() is None, "the IRC server ended"
        with socket.socket() as door:
            return door.connect_ex(("127.0.0.1", self.port)) == 0


class IrcUser:
    """Somebody on IRC, in `rooms`. What is not said to them or in their rooms they do not hear."""

    def __init__(self, server: IrcServer, nick: str, *rooms: str) -> None:
        self.nick = nick
        self._socket = socket.create_connection(("127.0.0.1", server.port), timeout=LONG)
        self._lines = self._socket.makefile("r", encoding="utf-8", newline="\r\n")
        self._write(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        self._read_until(" 001 ")
        for room in rooms:
            self._write(f"JOIN {room}")
            self._read_until(" 366 ")

    def say(self, to: str, text: str) -> None:
        """Say something in a room or to somebody."""
        self._write(f"PRIVMSG {to} :{text}")

    def hear(self, lines: int = 1) -> list[str]:
        """Return the next lines that are heard, each as "sender in place: text", waited for."""
        return [self._heard(self._read_until(" PRIVMSG ")) for _ in range(lines)]

    def hear_out(self, bot: str) -> list[str]:
        """Return what was not heard yet, once `bot` has answered all that was typed, one command after the other."""
        self.say(bot, f"!echo {THE_END}")
        return list(iter(lambda: self.hear()[0], f"{bot} in {self.nick}: {THE_END}"))

    @staticmethod
    def _heard(line: str) -> str:
        sender, _, place, text = line.split(" ", 3)
        return f"{sender[1:].partition('!')[0]} in {place}: {text.removeprefix(':').removesuffix(RESET)}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._write("QUIT")
        self._lines.read()  # until the server has hung up: the name is free again
        self._socket.close()

    def _write(self, *lines: str) -> None:
        self._socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def _read_until(self, mark: str) -> str:
        for line in self._lines:
            if line.startswith("PING"):
                self._write(line.strip().replace("PING", "PONG", 1))
            elif mark in f"{line.strip()} ":
                return line.strip("\r\n")
        raise AssertionError(f"the IRC server hung up on {self.nick} before {mark}")
