"""Files that the desk shows in Slack."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from opsdesk import guard
from opsdesk.chat import SendError
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.confirmed import confirmed


class FileToShow(NamedTuple):
    """A file by its name; `read` returns its bytes, and raises a SendError where they cannot be read."""

    name: str
    read: Callable[[], bytes]


def on_disk(path: Path) -> FileToShow:
    """Return the file at `path`, to be read when it is shown."""

    def read() -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise SendError(f"{path.name} cannot be read ({error.strerror})") from error

    return FileToShow(path.name, read)


def whole_answer(text: str) -> FileToShow:
    """Return a file with a long answer, for which no disk is needed: it may be a full one that the answer is about."""
    return FileToShow("answer.txt", guard.checked(text).encode)


def upload(web: SlackWeb, room: str, file: FileToShow, title: str, thread: str) -> None:
    """Upload a file in Slack's three steps: ask where to, send the bytes, show them. Raises a SendError."""
    data = file.read()
    with confirmed():
        place = web.files_getUploadURLExternal(filename=file.name, length=len(data))
        web.upload_bytes(str(place["upload_url"]), data)
        web.show_file(str(place["file_id"]), title, room, thread or None)
