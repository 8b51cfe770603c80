"""What the tests of the store begin with."""

import pytest

from tests.store.kills import write_anew


@pytest.fixture(params=["never", "sometimes", "always"])
def anew(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """When a file is written anew, as `write_anew` has it; a test without this writes as the desk ships."""
    write_anew(request.param, monkeypatch.setattr)
    return str(request.param)
