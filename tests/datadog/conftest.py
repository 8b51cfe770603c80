"""A stand-in of Datadog with a point, and its client."""

from collections.abc import Iterator

import pytest

from tests.counts.stage import CLICKED, point
from tests.datadog.asked import Asked
from tests.datadog.stage import DatadogStandIn


@pytest.fixture
def standin() -> Iterator[DatadogStandIn]:
    with DatadogStandIn() as standin:
        standin.add(CLICKED, point("2026-11-23 09:30:15", 1765))
        yield standin


@pytest.fixture
def ask(standin: DatadogStandIn) -> Asked:
    return Asked(standin.environment)
