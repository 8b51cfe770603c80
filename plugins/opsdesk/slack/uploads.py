"""Files that the desk shows in Slack."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opsdesk import guard
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.confirmed import confirmed


def upload(web: SlackWeb, room: str, file: Path, title: str, thread: str) -> None:
    """Upload a file in Slack's three steps: ask where to, send the bytes, show them. Raises a SendError."""
    data = file.read_bytes()
    with confirmed():
        place = web.files_getUploadURLExternal(filename=file.name, length=len(data))
        web.upload_bytes(str(place["upload_url"]), data)
        web.show_file(str(place["file_id"]), title, room, thread or None)


@contextmanager
def as_file(text: str) -> Iterator[Path]:
    """Give a file with a long answer, for as long as the block lasts."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answer.txt"
        file.write_text(guard.checked(text), "utf-8")
        yield file
