"""What people press and fill in, and what Slack tells the desk of it.

Source of the shapes: https://docs.slack.dev/reference/interaction-payloads
"""

import itertools
import json
import time
from dataclasses import dataclass, field
from typing import Any

from opsdesk.slack.interactions import SLOW
from tests.e2e.limits import unsent
from tests.e2e.workspace import GENERAL, Json, Workspace, until
from tests.patience import MILDLY

TEAM = {"id": "T01TEST", "domain": "test"}
NUMBERS = itertools.count(1)


def person(slack: Workspace, who: str) -> Json:
    """Somebody as Slack names them, which may be without a name."""
    return {"id": slack.people.get(who, who), "username": "", "name": "", "team_id": TEAM["id"]}


def said_by(slack: Workspace, who: str, **more: Any) -> Json:
    """What is in every payload."""
    trigger = f"{time.time_ns()}.{next(NUMBERS)}"
    slack.front.triggered(trigger)
    user = {"user": person(slack, who), "team": TEAM, "enterprise": None, "api_app_id": "A01DESK"}
    return user | {"trigger_id": trigger, "is_enterprise_install": False} | more


def buttons_of(message: Json) -> dict[str, Json]:
    """What can be pressed on a message, by its label; what stands in a menu as well."""
    found: dict[str, Json] = {}
    for block in message.get("blocks") or ():
        for element in (*(block.get("elements") or ()), *filter(None, [block.get("accessory")])):
            if element.get("type") == "button":
                action = {name: element[name] for name in ("type", "action_id", "value") if name in element}
                found[element["text"]["text"]] = action
            for option in element.get("options") or ():
                chosen = {"type": "overflow", "action_id": element["action_id"], "selected_option": option}
                found[option["text"]["text"]] = chosen
    return found


def press(slack: Workspace, who: str, message: Json, label: str, channel: str = GENERAL) -> Json:
    """`who` presses what is called `label` on a message; returns what the desk acknowledges that with."""
    container = {"type": "message", "message_ts": message["ts"], "channel_id": channel, "is_ephemeral": False}
    told = said_by(slack, who, type="block_actions", container=container, channel={"id": channel, "name": "general"})
    action = buttons_of(message)[label] | {"block_id": "b1", "action_ts": message["ts"]}
    answered = {"message": message, "response_url": slack.front.address(channel, slack.people[who])}
    return slack.front.ask("interactive", told | answered | {"actions": [action]})


def open_home(slack: Workspace, who: str) -> Json:
    """`who` opens the desk's Home tab; returns what it shows then, waited for."""
    person = slack.people[who]

    def shown() -> int:
        return len([one for one in slack.front.made("views.publish", user_id=person) if one.over])

    before = shown()
    event = {"type": "app_home_opened", "user": person, "channel": f"D{person}", "tab": "home"}
    slack.front.deliver(event | {"event_ts": f"{time.time():.6f}"})
    until(lambda: shown() > before, "the Home tab")
    return slack.front.homes[person]


def press_home(slack: Workspace, who: str, label: str, about: str = "") -> Json:
    """`who` presses what is called `label` in their Home tab, of the incident `about`; returns the acknowledgement."""
    view = slack.front.homes[slack.people[who]] | {"id": f"VH{slack.people[who]}", "private_metadata": "", "state": {}}
    told = said_by(slack, who, type="block_actions", container={"type": "view", "view_id": view["id"]}, view=view)
    rows = [one for one in view["blocks"] if f"{about}@" in (one.get("accessory") or {}).get("value", "@")]
    pressed = buttons_of({"blocks": rows if about else view["blocks"]})[label]
    action = pressed | {"block_id": "b1", "action_ts": f"{time.time():.6f}"}
    return slack.front.ask("interactive", told | {"actions": [action]})


@dataclass
class Shown:
    """A form as somebody has it before them."""

    slack: Workspace
    view: Json
    number: str = field(default_factory=lambda: f"V{next(NUMBERS):08d}")

    def send(self, who: str, **filled: Any) -> Json:
        """`who` fills in fields and sends it; returns the errors by field, none if it was taken.

        Where the desk says so, since the machine has much else to do, they send it again.
        """
        values = {block["block_id"]: {"v": _state(block["element"])} for block in self.view["blocks"]}
        for name, value in filled.items():
            element = next(block["element"] for block in self.view["blocks"] if block["block_id"] == name)
            values[name] = {"v": _state(element, value)}
        assert not unsent(self.view, values), unsent(self.view, values)
        view = self.view | {"id": self.number, "state": {"values": values}, "hash": "1.abc"}
        errors: list[Json] = []

        def is_done() -> bool:
            told = self.slack.front.ask("interactive", said_by(self.slack, who, type="view_submission", view=view))
            errors.append(dict(told.get("errors") or {}))
            return SLOW not in errors[-1].values()

        until(is_done, "that it is done", every=MILDLY)
        return errors[-1]

    def stands(self, name: str) -> str:
        """What stands in a field before anybody touches it."""
        element = next(block["element"] for block in self.view["blocks"] if block["block_id"] == name)
        state = _state(element)
        return str(
            state.get("value") or state.get("selected_user") or (state.get("selected_option") or {}).get("value")
        )


def forms_shown(slack: Workspace) -> list[Json]:
    """The forms that people were shown so far, oldest first."""
    opened = [call for call in slack.front.made("views.open") if call.over and call.outcome == "ok"]
    views = [call.arguments["view"] for call in opened]
    return [json.loads(view) if isinstance(view, str) else view for view in views]


def form(slack: Workspace, before: int = 0) -> Shown:
    """The form that the desk shows after `before` others, waited for."""
    return Shown(slack, until(lambda: forms_shown(slack)[before:], "a form")[0])


def _state(element: Json, value: Any = None) -> Json:
    """What Slack tells of an input: as it stands, or with `value` in it."""
    kind = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": value if value is not None else element.get("initial_value")}
    if kind == "users_select":
        return {"type": kind, "selected_user": value or element.get("initial_user")}
    chosen = [one for one in element["options"] if one["value"] == value] or [element.get("initial_option")]
    return {"type": kind, "selected_option": chosen[0]}
