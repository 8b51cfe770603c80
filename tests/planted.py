"""Secrets that the tests' desks are given, each to be found in no output of theirs: a log, a message, a file."""

import logging
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

# Written as no mask knows them, so that one that comes out is not hidden by a label.
BOT_TOKEN, APP_TOKEN = "xoxb-planted-bot-token", "xapp-planted-app-token"
SIGNING_SECRET = "planted-signing-secret"
DATADOG_API_KEY, DATADOG_APP_KEY = "planted" + "a" * 25, "planted" + "b" * 33
WEBHOOK_SECRET, SENTRY_TOKEN = "planted-webhook-secret", "planted-sentry-token"
SENTRY_DSN = "http://plantedkey@127.0.0.1:9/1"
DATABASE_PASSWORD = "planted-password"

# What the desks of most tests are given beside what they need: none of it changes what they do.
BESIDE = {
    "DESK_WEBHOOK_DATADOG_SECRET": WEBHOOK_SECRET,
    "DESK_WEBHOOK_SENTRY_SECRET": WEBHOOK_SECRET,
    "DESK_SENTRY_TOKEN": SENTRY_TOKEN,
    "SLACK_APP_TOKEN": APP_TOKEN,
    "SLACK_SIGNING_SECRET": SIGNING_SECRET,
    "SENTRY_DSN": SENTRY_DSN,
}
PLANTED = re.compile(
    "xoxb-planted|xapp-planted|planted-signing|planteda{25}|plantedb{33}|planted-webhook|planted-sentry|plantedkey"
    "|planted-password"
)
LARGEST = 2**22  # bytes of a file that are looked through

found: list[str] = []  # what came out, of all that this process has seen, since it was last asked


def look(place: str, text: str) -> None:
    """Note whatever is planted in an output, by where it stands."""
    if secret := PLANTED.search(text):
        found.append(f"{secret[0]}… in {place}: {text[max(0, secret.start() - 80) : secret.start()]!r}")


def look_below(folder: Path) -> None:
    """Look through the files of each state folder below a folder."""
    for file in _files(path for path in folder.rglob("state") if path.is_dir()):
        look(str(file), file.read_bytes()[:LARGEST].decode("utf-8", "replace"))


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    return (file for folder in folders for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


OF_TESTS = "errbot.backends.test"  # which logs what a test gave its bot


class Watch(logging.Handler):
    """Looks at each line that is logged, with its exception."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.name != OF_TESTS:
            look(f"the log of {record.name}", self.format(record))
