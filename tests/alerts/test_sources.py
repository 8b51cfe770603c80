"""Whatever Datadog and Sentry send is read as the same alert, or kept with its text."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsdesk.alerts.alert import Alert, Source
from opsdesk.alerts.sources import read_message, read_webhook

RECORDINGS = {
    path.stem: json.loads(path.read_text()) for path in Path(__file__).parents[1].glob("recordings/alerts/*.json")
}
NOW = datetime(2026, 11, 23, 19, 5, tzinfo=UTC)


def read(way: str, payload: Any) -> Alert | None:
    return read_message(payload, NOW) if way == "message" else read_webhook(way, payload, NOW)


@pytest.mark.parametrize("name", sorted(RECORDINGS))
def test_a_recorded_notification_is_read_as_its_alert(name: str) -> None:
    recorded = RECORDINGS[name]
    expected = recorded["alert"] and msgspec.convert(recorded["alert"], Alert)
    found = read(recorded["way"], recorded["payload"])
    assert (found and msgspec.structs.replace(found, text="")) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def paths_in(payload: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = payload.items() if isinstance(payload, dict) else enumerate(payload) if isinstance(payload, list) else ()
    return [path, *(deeper for key, value in inside for deeper in paths_in(value, (*path, key)))]


def mangled(payload: Any, path: tuple[Any, ...], instead: Any) -> Any:
    if not path:
        return instead
    copy = json.loads(json.dumps(payload))
    place = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = instead
    return copy


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_mangled_notification_of_an_app_is_lost_or_raises(data: st.DataObject) -> None:
    recorded = RECORDINGS[data.draw(st.sampled_from(sorted(RECORDINGS)))]
    path = data.draw(st.sampled_from(paths_in(recorded["payload"])[1:]))
    payload = mangled(recorded["payload"], path, data.draw(JSON))
    found = read(recorded["way"], payload)
    by_app = recorded["way"] != "message" or payload.get("bot_id") or payload.get("subtype") == "bot_message"
    assert found is not None or not by_app
    if found:
        assert found.title
        assert found.key
        assert found.at.tzinfo


@settings(max_examples=100, deadline=None)
@given(JSON, st.sampled_from(["datadog", "sentry"]))
def test_a_webhook_of_any_shape_is_kept_with_what_it_says(payload: Any, way: str) -> None:
    assert read_webhook(way, payload, NOW).source in Source
