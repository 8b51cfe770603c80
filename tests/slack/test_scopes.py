"""What the Slack app must be allowed, and the README's manifest for it."""

import re

from opsdesk.slack.scopes import OPTIONAL, SCOPES, advice_on_scopes, lacking
from tests.conftest import ROOT


def test_advice_on_scopes_are_named():
    granted = ",".join(scope for scope in SCOPES if scope not in ("im:write", "users:read"))
    assert "lacks the scopes im:write, users:read." in advice_on_scopes(granted)
    assert advice_on_scopes(" , ".join(SCOPES)) == advice_on_scopes(None) == ""


def test_what_the_desk_can_do_without_is_told_and_keeps_nothing_from_starting():
    granted = ",".join(SCOPES)
    assert advice_on_scopes(granted) == lacking(f"{granted},commands") == lacking(None) == ""
    assert lacking(granted).startswith("The Slack app lacks commands (to be asked by slash commands and buttons).")


def manifest_list(name):
    """A list of the Slack app's manifest in the README."""
    readme = (ROOT / "README.md").read_text("utf-8")
    found = re.search(rf"(?m)^ +{name}:\n((?: +- \S+\n)+)", readme)
    assert found, f"the README's manifest has no {name}"
    return re.findall(r"- (\S+)", found[1])


def test_the_manifest_in_the_readme_asks_for_the_scopes_that_are_needed():
    assert manifest_list("bot") == sorted([*SCOPES, *OPTIONAL])


def test_the_manifest_in_the_readme_asks_for_the_events_that_are_handled():
    source = (ROOT / "backends" / "slackdesk" / "slackdesk.py").read_text("utf-8")
    reactions = ["reaction_added", "reaction_removed"]  # slackv3's own
    handled = {name for name in re.findall(r"_handle_(\w+)", source)} | set(reactions)
    assert {event.partition(".")[0] for event in manifest_list("bot_events")} == handled
