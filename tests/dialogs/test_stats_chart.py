"""What people are answered who ask for a picture of counts: whole conversations."""

from collections.abc import Callable
from pathlib import Path

from tests.conftest import Conversation
from tests.datadog.stage import FORBIDDEN, DatadogStandIn

Talk = Callable[[], Conversation]


def test_pictures_are_told_by_their_place(asking: Talk, environment: dict[str, str]) -> None:
    talk = asking()
    for typed, heading, name in (
        ("!stats chart", "Check-in counts, midnight to 3:42pm ET, Monday November 23", "day"),
        ("!stats chart today", "Check-in counts, midnight to 3:42pm ET, Monday November 23", "day"),
        (
            "!stats chart week",
            "Check-in counts, Tuesday November 17 to Monday November 23, today until 3:42pm ET",
            "week",
        ),
        (
            "!stats chart month",
            "Check-in counts, Sunday October 25 to Monday November 23, today until 3:42pm ET",
            "month",
        ),
    ):
        file = f"{name}-2026-11-23-as-of-2026-11-23-154217.png"
        path = Path(environment["DESK_STATE_DIR"]) / "charts" / file
        assert talk(typed) == f"{heading}\n{path}"
        assert path.read_bytes().startswith(b"\x89PNG")


def test_without_a_number_there_is_nothing_to_draw(asking: Talk, datadog: DatadogStandIn) -> None:
    datadog.fails(FORBIDDEN)
    talk = asking()
    refused = "There is nothing to draw: Datadog refused the keys (403, organisation vagov)."
    assert [talk("!stats chart"), talk("!stats chart week")] == [refused, refused]
    assert talk("!stats chart fortnight") == (
        "Type `!stats chart`, `!stats chart week`, `!stats chart month`, or a day behind it."
    )
