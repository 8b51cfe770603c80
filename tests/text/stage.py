"""Options such as commands have, and how a line is read with them."""

from opsdesk.text import options as typed
from opsdesk.text.options import Option

OPTIONS = {
    "sev": Option("[1-3]", "2", loose=True),
    "on": Option(r"[a-z][\w-]*", "vista"),
    "at": Option(r"(?:yesterday )?\d{1,2}:\d\d[ap]m", "12:50pm"),
    "owner": Option(r"@\S+", "@bob"),
    "title": Option(typed.QUOTED, "New words", long=True),
}


def read(line: str) -> tuple[str, dict[str, str]]:
    found = typed.read(line, OPTIONS)
    return found.text, dict(found.options)
