"""What other programs send in a request: JSON of any shape, whoever signed it."""

import json
from typing import Any

DEEPEST = 100  # levels; what Slack, Datadog and Sentry send has some twenty


def json_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`. Raise a ValueError that says why there is none."""
    try:
        found = json.loads(body, parse_constant=_no_number)
    except ValueError:
        raise ValueError("not JSON") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    if _is_deeper(found, DEEPEST):
        raise ValueError("nested too deeply")
    return found


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _is_deeper(found: Any, most: int) -> bool:
    """Return whether there are more than `most` levels, found without a call for each."""
    level = [found]
    for _ in range(most):
        level = [inner for one in level for inner in _within(one)]
    return any(isinstance(one, dict | list) for one in level)


def _within(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
