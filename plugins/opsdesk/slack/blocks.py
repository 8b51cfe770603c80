"""Messages with buttons, and forms, as Slack's blocks and views.

Source of the shapes and limits: https://docs.slack.dev/reference/block-kit
"""

import json
import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

from opsdesk import guard
from opsdesk.chat import Button, Field, FieldKind, Filled, Form, Panel
from opsdesk.patterns import regex
from opsdesk.text import pages

Json = dict[str, Any]

MENU, INPUT = "menu", "v"  # the names of a menu, and of the input in each field's block
SECTION, CONTEXT, LABEL, READ_OUT, TITLE, SHORT, HEADER = 3_000, 2_000, 75, 75, 24, 150, 150  # characters
ADDRESS = regex(r"https?://[^\s<>|`]*[^\s<>|`.,;:!?'\")\]]")  # which is no link by itself where words are verbatim
QUERY, CUT_ENTITY = regex(r"[?#]"), regex(r"&\w*$")
CHANNEL = regex(r"<#[CG][A-Z0-9]+\|([^<>]*)>")
KINDS = {
    FieldKind.LINE: "plain_text_input",
    FieldKind.WORDS: "plain_text_input",
    FieldKind.CHOICE: "radio_buttons",
    FieldKind.LIST: "static_select",
    FieldKind.PERSON: "users_select",
}
MOST_CHOICES = 100
SHOWN_OF_ADDRESS = 80  # characters


def blocks_of(panel: Panel, write: Callable[[str], str]) -> list[Json]:
    """Return the blocks of a message; `write` makes mrkdwn of the desk's own text."""
    found = [_section(panel.title, write), *context_of(panel.facts, write), _section(panel.words, write)]
    found += [_marked(page) for page in pages(write(panel.text).split("\n"), SECTION)] if panel.text else []
    below = [block for line in panel.below.split("\n") for block in context_of(line, write)]
    pressed: list[Json] = [button_of(one) for one in panel.buttons]
    if panel.more:
        options = [{"text": plain_of(one.label, LABEL), "value": pressed_as(one)} for one in panel.more]
        pressed.append({"type": "overflow", "action_id": MENU, "options": options})
    actions = {"type": "actions", "elements": pressed} if pressed else None
    return [block for block in (*found, *below, actions) if block]


def view_of(form: Form, place: Mapping[str, str]) -> Json:
    """Return the view of a form, which remembers for which channel and thread it was asked for."""
    kept = {"about": form.about, "before": dict(form.values), **place}
    return {
        "type": "modal",
        "callback_id": form.name,
        "title": plain_of(form.title, TITLE),
        "submit": plain_of(form.submit, TITLE),
        "close": plain_of("Cancel", TITLE),
        "private_metadata": json.dumps(kept),
        "blocks": [_input(field) for field in form.fields if field.kind is not FieldKind.LIST or field.choices],
    }


def filled_in(view: Mapping[str, Any]) -> tuple[Filled, str, str]:
    """Return a form as it was sent, with the channel and thread it was asked for."""
    kept = json.loads(view["private_metadata"])
    state = view["state"]["values"]
    values = {name: _value(next(iter(inputs.values()))) for name, inputs in state.items() if inputs}
    filled = Filled(str(view["callback_id"]), str(kept["about"]), values, kept["before"])
    return filled, str(kept.get("channel") or ""), str(kept.get("thread") or "")


def pressed_in(action: Mapping[str, Any]) -> tuple[str, str]:
    """Return what an action of Slack's does, and to what it does it; "" for what is none of the desk's."""
    chosen = (action.get("selected_option") or {}).get("value")
    act, _, about = str(chosen or f"{action.get('action_id')} {action.get('value') or ''}").partition(" ")
    return act, about.strip()


def pressed_as(button: Button) -> str:
    """Return what an entry of a menu carries: what it does, and to what."""
    return f"{button.act} {button.about}"[:SHORT]


def button_of(one: Button) -> Json:
    """Return a button, which is read out by what it says."""
    style = {"style": "primary"} if one.primary else {}
    said = {"accessibility_label": one.says[:READ_OUT], "action_id": one.act}
    said |= {"value": one.about} if one.about else {}
    return {"type": "button", "text": plain_of(one.label, LABEL), **said, **style}


def _input(field: Field) -> Json:
    hint = {"hint": plain_of(field.hint, SECTION)} if field.hint else {}
    shown = {"type": "input", "block_id": field.name, "label": plain_of(field.label, SHORT), **hint}
    return {**shown, "optional": field.is_optional, "element": _element(field)}


def _element(field: Field) -> Json:
    element: Json = {"type": KINDS[field.kind], "action_id": INPUT}
    if field.kind in (FieldKind.LINE, FieldKind.WORDS):
        limits = {"max_length": field.most, "multiline": field.kind is FieldKind.WORDS}
        return element | limits | ({"initial_value": field.value[: field.most]} if field.value else {})
    if field.kind is FieldKind.PERSON:
        is_known = re.fullmatch(guard.USER_ID, field.value)
        return element | ({"initial_user": field.value} if is_known else {})
    options = [{"text": plain_of(words, LABEL), "value": value} for value, words in field.choices[:MOST_CHOICES]]
    chosen = [one for one in options if one["value"] == field.value]
    return element | {"options": options} | ({"initial_option": chosen[0]} if chosen else {})


def _value(state: Mapping[str, Any]) -> str:
    chosen = state.get("selected_option") or {}
    return str(state.get("value") or chosen.get("value") or state.get("selected_user") or "")


def _section(text: str, write: Callable[[str], str]) -> Json | None:
    plain = unescape(write(CHANNEL.sub(r"#\1", text)))
    return {"type": "section", "text": plain_of(plain, SECTION)} if text.strip() else None


def _linked(address: str) -> str:
    """Return an address as a link; a long one is shown up to its query, since a phone has no room for all of it."""
    if len(address) <= SHOWN_OF_ADDRESS:
        return f"<{address}>"
    shown = CUT_ENTITY.sub("", QUERY.split(address, maxsplit=1)[0][:SHOWN_OF_ADDRESS])
    return f"<{address}|{shown}…>"


def _marked(written: str) -> Json:
    linked = ADDRESS.sub(lambda found: _linked(found[0]), written)
    text = linked if len(linked) <= SECTION else written
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}, "expand": True}


def context_of(text: str, write: Callable[[str], str]) -> list[Json]:
    """Return a line in small letters, cut to Slack's limit; none for no text."""
    written = write(text)
    cut = written if len(written) <= CONTEXT else write(text[: CONTEXT // 6]) + "…"
    return [{"type": "context", "elements": [{"type": "mrkdwn", "text": cut, "verbatim": True}]}] if text else []


def plain_of(text: str, most: int) -> Json:
    """Return text that Slack shows to the letter, cut to its limit."""
    return {"type": "plain_text", "text": text if len(text) <= most else f"{text[: most - 1]}…", "emoji": True}
