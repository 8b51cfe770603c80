"""What the tests of posts rest on: a chat that is read back at once, however busy the machine is."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from opsdesk.posts import read_back
from opsdesk.workers import Workers
from tests.patience import until
from tests.posts.stage import Hanging


@pytest.fixture(autouse=True)
def _read_back_at_once(hanging: Hanging, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the chat is asked is answered, or hangs, before anything else is done."""

    class AtOnce(Workers):
        def do(self, job: Callable[[], Any]) -> Future[Any]:
            held, answer = hanging.held, super().do(job)
            until(lambda: answer.done() or hanging.held > held, "the chat to be asked")
            return answer

    monkeypatch.setattr(read_back, "Workers", AtOnce)
