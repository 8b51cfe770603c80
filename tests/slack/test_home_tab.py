"""The Home tab keeps to Slack's limits, calls nobody, and does without what Slack refuses."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from opsdesk.chat import Button, HomePage, HomePart, Panel, SendError
from opsdesk.slack import mrkdwn
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.home_tab import HomeTab, view_of_home
from tests.e2e.limits import refused_blocks
from tests.slack.stage import ALICE

HOSTILE = "*a* _b_ & <!channel> <@U01ALICE> `c` " * 5
UPDATE = Button("Update", "incident.update", "12@3", "Update incident 12")
ANSWER = {"client": None, "http_verb": "POST", "api_url": "", "req_args": {}, "headers": {}, "status_code": 200}


def written(text):
    return mrkdwn.write(text, lambda user: "alice")


def page(*panels, heading="Open incidents"):
    return HomePage((HomePart(heading, panels),), as_of="As of 1:12pm ET.")


@pytest.mark.parametrize("text", ["one line", HOSTILE * 40, "\n".join(["x" * 900] * 12), "&" * 9_000])
@pytest.mark.parametrize("many", [1, 15, 80])
def test_whatever_is_on_it_it_is_taken(text, many):
    panels = [Panel(text[:200], text, text=text, buttons=(UPDATE,), link="https://slack.example/1?a=b&c=d")] * many
    assert refused_blocks("views.publish", {"view": view_of_home(page(*panels, heading=text), written)}) == ""


def test_what_people_typed_means_nothing_to_slack():
    view = view_of_home(
        page(Panel("🔴 #1 <!channel> *a* &", "by <!here>", buttons=(UPDATE,), link="https://s/?a&b")), written
    )
    as_of, heading, title, facts = view["blocks"]
    assert (as_of["type"], heading["text"]["text"]) == ("context", "Open incidents")
    assert title["text"] == {"type": "plain_text", "text": "🔴 #1 <!channel> *a* &", "emoji": True}
    assert (title["accessory"]["value"], title["accessory"]["accessibility_label"]) == ("12@3", "Update incident 12")
    assert [one["text"] for one in facts["elements"]] == ["by &lt;!here&gt;", "<https://s/?a&amp;b|Go to its message>"]


def test_without_interactivity_there_is_nothing_to_press():
    panels = Panel("🔴 #1", buttons=(UPDATE,)), Panel(buttons=(UPDATE, UPDATE))
    assert "button" not in str(view_of_home(page(*panels), written, buttons=False))


class Web(SlackWeb):
    """A Slack that refuses the next views for these reasons."""

    def __init__(self, *errors):
        super().__init__("xoxb")
        self.errors, self.views = list(errors), []

    def api_call(self, api_method, **arguments):
        if self.errors:
            raise SlackApiError("refused", SlackResponse(**ANSWER, data={"ok": False, "error": self.errors.pop(0)}))
        self.views.append(arguments["json"])


def tab(web, told):
    return HomeTab(web, written, told.append, has_buttons=lambda: True)


def test_what_slack_refuses_is_told_as_text_and_the_admins_hear_once():
    told, web = [], Web("invalid_arguments")
    shows = tab(web, told)
    shows.publish(ALICE, page(Panel("🔴 #1")))
    web.errors = ["invalid_arguments"]
    shows.publish(ALICE, page(Panel("🔴 #1")))
    assert [one["user_id"] for one in web.views] == [ALICE, ALICE]
    assert "`!incident list`" in str(web.views[0]["view"])
    assert told == ["Slack refused the page in the Home tab (invalid_arguments): it tells what to type."]


def test_without_the_tab_the_admins_hear_once():
    told, web = [], Web("not_enabled", "not_enabled")
    shows = tab(web, told)
    for _ in range(2):
        with pytest.raises(SendError, match="not_enabled"):
            shows.publish(ALICE, page(Panel("🔴 #1")))
    assert told == ["The Slack app's Home tab is off: the README's manifest turns it on."]
