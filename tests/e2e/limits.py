"""What Slack refuses of blocks and views: by slack_sdk's own models, and by what those leave to Slack.

Source: https://docs.slack.dev/reference/block-kit/blocks, https://docs.slack.dev/reference/views
"""

import json
from collections.abc import Iterator
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Json = dict[str, Any]

BLOCKS, BLOCKS_OF_A_VIEW, ALL_TOGETHER = 50, 100, 13_200
KNOWN = {"section", "context", "actions", "divider", "header", "input"}


def refused_blocks(method: str, arguments: Json) -> str:
    """The error with which Slack refuses a call's blocks or view; "" for none."""
    blocks, view = _json(arguments.get("blocks")), _json(arguments.get("view"))
    if method in ("chat.postMessage", "chat.update") and blocks:
        too_long = len(json.dumps(blocks, ensure_ascii=False)) > ALL_TOGETHER
        return "msg_blocks_too_long" if too_long else "invalid_blocks" if any(_wrong(blocks, BLOCKS)) else ""
    if method.startswith("views.") and view:
        return "invalid_arguments" if any(_wrong_view(view)) else ""
    return ""


def refused_acknowledgement(kind: str, payload: Json, told: Json) -> str:
    """Why Slack does not take what something asked is acknowledged with; "" if it does.

    Source: https://docs.slack.dev/surfaces/modals#displaying_errors, https://docs.slack.dev/interactivity/handling-user-interaction
    """
    if not told or kind == "slash_commands":
        return "" if set(told) <= {"text", "blocks", "response_type"} else "more than a message"
    if payload["type"] != "view_submission":
        return "something, where nothing is taken"
    if told.get("response_action") != "errors":
        return "" if told.get("response_action") in ("update", "push", "clear") else "no action"
    inputs = {block["block_id"] for block in payload["view"]["blocks"] if block["type"] == "input"}
    errors = told.get("errors") or {}
    return "" if errors and set(errors) <= inputs and all(errors.values()) else "errors of no field"


def unsent(view: Json, values: Json) -> str:
    """Why Slack does not even send a form that is filled in like this; "" if it does."""
    for block in view["blocks"]:
        element, state = block["element"], values[block["block_id"]]["v"]
        filled = state.get("value") or state.get("selected_option") or state.get("selected_user")
        if not filled and not block.get("optional"):
            return f"{block['block_id']} is empty"
        if len(state.get("value") or "") > element.get("max_length", 3_000):
            return f"{block['block_id']} is too long"
    return ""


def _wrong_view(view: Json) -> Iterator[str]:
    yield from _wrong(view["blocks"], BLOCKS_OF_A_VIEW)
    try:
        View(**view).to_dict()
    except SlackObjectFormationError as wrong:
        yield str(wrong)
    if any(block["type"] == "input" for block in view["blocks"]) and view["type"] == "modal" and not view.get("submit"):
        yield "inputs, and nothing to submit them"


def _wrong(blocks: list[Json], most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"{len(blocks)} blocks"
    named = [block["block_id"] for block in blocks if block.get("block_id")]
    if len(set(named)) < len(named):
        yield "a block_id twice"
    for block in blocks:
        if block["type"] not in KNOWN:
            yield f"a {block['type']}"
            continue
        try:
            Block.parse(block).to_dict()  # type: ignore[union-attr]
        except SlackObjectFormationError as wrong:
            yield str(wrong)
        yield from _wrong_inside(block)


def _wrong_inside(block: Json) -> Iterator[str]:
    elements = [*block.get("elements", ()), *([block["element"]] if "element" in block else ())]
    acts = [element.get("action_id") for element in elements if element.get("action_id")]
    if len(set(acts)) < len(acts):
        yield "an action_id twice"
    texts = [block.get("text"), block.get("label"), *(element.get("text") for element in elements)]
    if any(isinstance(text, dict) and not text["text"] for text in texts):
        yield "an empty text"
    if block["type"] in ("actions", "context") and not elements:
        yield "nothing in it"
    if any(element["type"] == "overflow" and len(element["options"]) > 5 for element in elements):
        yield "a menu of more than five"


def _json(told: Any) -> Any:
    return json.loads(told) if isinstance(told, str) else told
