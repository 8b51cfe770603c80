"""What the text console begins with."""

from types import SimpleNamespace

import pytest

from opsdesk.host import BANNER, greet

INTRO = "Errbot's own words"


class Console:
    """Errbot's text backend, which shows the INTRO of its module once it serves."""

    mode = "text"

    def __init__(self, **config: object) -> None:
        self.bot_config = SimpleNamespace(**config)

    def serve_forever(self) -> str:
        return INTRO


@pytest.fixture(autouse=True)
def own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "INTRO", INTRO)


def test_the_console_begins_with_how_to_begin() -> None:
    console = Console(DESK_ENVIRONMENT={})
    greet(console)
    assert console.serve_forever() == BANNER
    assert "`!help`" in BANNER


def test_somebody_s_own_bot_keeps_its_words() -> None:
    console = Console()
    greet(console)
    assert console.serve_forever() == "Errbot's own words"
