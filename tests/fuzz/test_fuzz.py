"""Whatever comes from outside, nothing but a refusal escapes, and nothing private comes through.

A few examples each are part of every run of the tests; `make fuzz` goes on for DESK_FUZZ seconds with each of these.
"""

import json
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsdesk import guard
from opsdesk.alerts.sources import read_message, read_webhook
from opsdesk.alerts.webhooks import Webhooks
from opsdesk.chat import read_whole
from opsdesk.check_data import CHECKS
from opsdesk.commands import SPOKEN
from opsdesk.commands.lines import commands_in
from opsdesk.commands.reading import read
from opsdesk.errors import SettingsError, UserError
from opsdesk.slack import events, mrkdwn
from opsdesk.text import moments
from opsdesk.web import json_object
from tests.conftest import ROOT
from tests.guard.stage import ordinary_lines, private_lines

SECONDS = float(os.environ.get("DESK_FUZZ") or 0)
EXAMPLES = 300 if SECONDS else 25
NOW = datetime(2026, 11, 23, 18, 12, tzinfo=UTC)
EASTERN = ZoneInfo("America/New_York")
PLANTED = ("987-65-4320", "1012345678V123456", "xoxb-1234567890-1234567890-abcdefghij", "AKIAIOSFODNN7EXAMPLE")

PIECES = (
    *(
        "1",
        "-",
        ".",
        ":",
        "/",
        "@",
        "#",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        "|",
        "&",
        "=",
        '"',
        "'",
        "`",
        "*",
        "_",
        "~",
        "\\",
    ),
    *(
        "\n",
        "\r\n",
        "\t",
        " ",
        "\x00",
        "\x02",
        "\x03",
        "\u200b",
        "\u202e",
        "\u2028",
        "\u0301",
        "\ud800",
        "٣",
        "é",
        "日",
        "🙂",
    ),
    *(
        "!incident ",
        "!",
        "<@U01ALICE>",
        "<!here>",
        "<https://a.example|b>",
        "--sev ",
        "--at ",
        "—on ",
        "#1 ",
        "8pm",
        "```",
    ),
    *("ssn ", "last 4 ", "dob ", "veteran ", "token=", "Bearer ", "eyJ", "-----BEGIN KEY-----", "http://a:b@", "[SSN]"),
    *("2h ago", "yesterday", "tomorrow 25:61", "Feb 30", "last month", "11/31", "1e400", "9" * 40, "to", "12am-13pm"),
)
TEXT = st.lists(
    st.sampled_from(PIECES)
    | st.sampled_from([line.typed for line in (*private_lines(), *ordinary_lines())])
    | st.text(st.characters(), max_size=12),
    max_size=12,
).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["text", "type", "title", "url"]), inner)
    ),
    max_leaves=12,
)
RECORDED = [json.loads(path.read_text()) for path in sorted((ROOT / "tests/recordings/alerts").glob("*.json"))]
COMMANDS = [name.replace("_", " ") for name in SPOKEN]


def fuzz(check: Callable[..., None], *strategies: st.SearchStrategy[Any]) -> None:
    """Tries examples: a few, or as many as there are seconds for."""
    options = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
    examples = settings(max_examples=EXAMPLES, **options)(given(*strategies)(check))
    end = time.monotonic() + SECONDS
    examples()
    while time.monotonic() < end:
        examples()


def test_what_is_cleaned_holds_nothing_private() -> None:
    def check(before: str, planted: str, behind: str) -> None:
        for made in (guard.clean, guard.checked):
            read = made(f"{before} {planted} {behind}")
            assert planted not in read or planted in before + behind
        for shown in (guard.legible, guard.one_line, guard.plain, guard.indented, guard.cell):
            shown(before)
        assert guard.name(before, "somebody")
        assert not any(mark in guard.clean(before) for mark in "\x02\x03\u202e")

    fuzz(check, TEXT, st.sampled_from(PLANTED), TEXT)


def test_what_people_type_is_read_or_refused() -> None:
    def check(command: str, text: str) -> None:
        for typed in commands_in(f"!{command} {text}", ("!", "<@U0DESK>")):
            read(typed.text)
        read(text, called=False)

    fuzz(check, st.sampled_from(["", *COMMANDS]), TEXT)


WHEN: tuple[Callable[[str], Any], ...] = (
    *(moments.read_time, moments.read_zone, moments.read_length, moments.is_day),
    *(partial(one, today=NOW.date()) for one in (moments.read_day, moments.read_days, moments.take_day)),
    partial(moments.read_moment, now=NOW, zone=EASTERN),
    partial(moments.read_moment, now=NOW, zone=EASTERN, coming=True),
)


def test_times_and_days_are_read_or_refused() -> None:
    def check(text: str) -> None:
        for reading in WHEN:
            with suppress(UserError):
                reading(text)

    fuzz(check, TEXT | st.text("0123456789:/-., apmdhjnovestrlcz", max_size=24))


def test_an_event_of_slack_is_read_whatever_is_in_it() -> None:
    def check(text: str, blocks: Any, more: dict[str, str]) -> None:
        message = {"channel": "C01GENERAL", "ts": "1795454040.000100", "text": text, "blocks": blocks, **more}
        changed = {"channel": "C01GENERAL", "ts": "1795454041.000100", "subtype": "message_changed", "message": message}
        for event in (message, changed):
            events.kind_of(event, "U09DESK", "B09DESK")
            shown = events.message_in(event)
            events.typed_in(shown), events.beginning_of(shown, 200), events.length_of(shown), events.thread_of(shown)
            events.key_of(event), events.lane_of(event), read_whole(shown).text, read_message(shown, NOW)
        written = mrkdwn.write(text, lambda user: f"@{user}")
        assert "<!" not in written
        assert len(mrkdwn.shorten(written)) <= mrkdwn.LONGEST

    keys = st.sampled_from(["user", "bot_id", "username", "thread_ts", "subtype", "app_id"])
    fuzz(check, TEXT, JSON, st.dictionaries(keys, TEXT))


class Kept:
    """An intake that reads what a webhook brings."""

    def webhook(self, source: str, payload: Any, id: str) -> None:
        guard.clean(read_webhook(source, payload, NOW).title)


def test_a_request_of_whoever_has_the_secret_is_answered() -> None:
    secret = "open"
    webhooks = Webhooks(Kept(), {"DESK_WEBHOOK_DATADOG_SECRET": secret})  # type: ignore[arg-type]

    def check(body: bytes, payload: Any) -> None:
        for sent in (body, json.dumps(payload).encode("utf-8", "replace"), json.dumps({"data": payload}).encode()):
            status = webhooks.receive("datadog", {"X-Desk-Secret": secret}, sent)[1]
            assert status in (200, 400)
            with suppress(ValueError):
                json_object(sent)
        for source in ("datadog", "sentry"):
            read_webhook(source, payload, NOW)

    recorded = st.sampled_from([one["payload"] for one in RECORDED])
    mixed = st.tuples(recorded, st.sampled_from(["title", "data", "event", "tags", "date", "body"]), JSON)
    fuzz(check, st.binary(max_size=60), JSON | mixed.map(lambda of: {**of[0], of[1]: of[2]}))


CHECKED = {"contacts.toml": CHECKS["contacts.toml, links.toml, runbooks"], **CHECKS}
CHECKED["links.toml"] = CHECKED.pop("contacts.toml, links.toml, runbooks")


@pytest.mark.parametrize("name", sorted(CHECKED))
def test_a_wrong_file_of_the_team_is_told_of(name: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path, ignore=shutil.ignore_patterns("state"), dirs_exist_ok=True)
    file = tmp_path / name
    right = file.read_text("utf-8")
    known = [word for word in right.split() if "=" not in word]

    def check(at: float, length: int, instead: str) -> None:
        begin = int(at * len(right))
        file.write_bytes((right[:begin] + instead + right[begin + length :]).encode("utf-8", "replace"))
        with suppress(SettingsError):
            CHECKED[name](tmp_path)

    values = ["[", "]", "=", '"', "{ }", "true", "-1", "1e999", "nan", "9999-12-31", "25:61:00", '""', "[[a]]", "\n"]
    texts = st.sampled_from(values) | st.sampled_from(known) | TEXT
    fuzz(check, st.floats(0, 1), st.integers(0, 60), texts)
