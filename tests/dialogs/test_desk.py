"""What the desk says about itself, and to machines that ask whether it lives."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import humanize

from opsdesk import process
from opsdesk.plugin import MISTAKE
from tests.conftest import ROOT, Conversation
from tests.datadog.stage import FORBIDDEN
from tests.patience import LONG, until
from tests.ports import free_port

OURS = len(list((ROOT / "plugins").glob("*/*.plug")))
STANDING = f"""\
The desk is ready.
Chat: test
Plugins: {OURS} active
Store: no damage found
The team's files: right
Datadog: not configured
Next posts: summary 8:00pm, start of the shift tomorrow 1:00pm
Times are America/New_York
Version 1.0.0"""


def wait_for_every_plugin(talk: Conversation) -> None:
    """Until the last was activated: the first are, and answer, before that."""
    until(lambda: all(plugin.is_activated for plugin in talk.plugins()), "every plugin")


def test_the_desk_says_how_it_stands(talk):
    wait_for_every_plugin(talk)
    assert talk("!desk status") == STANDING


def without(talk: Conversation, name: str) -> str:
    """How the desk stands once the plugin of that name is deactivated."""
    wait_for_every_plugin(talk)
    talk.plugin(name).deactivate()
    told = STANDING.replace(f"Plugins: {OURS} active\n", "")
    idle = f"⚠ Plugins: {OURS - 1} active, not active: {name}"
    return told.replace("The desk is ready.", f"The desk is not ready.\n{idle}")


def test_plugins_that_are_not_the_desk_s_are_not_spoken_of(talk):
    wait_for_every_plugin(talk)
    talk.plugin("Health").deactivate()
    assert talk("!desk status") == STANDING


def test_a_plugin_that_is_not_active_is_named(talk):
    told = without(talk, "summary")
    assert talk("!desk status") == told


def test_mistakes_in_the_team_s_files_are_told(talk, edit):
    edit("links.toml", "https://", "ftp://")
    assert talk("!desk status").startswith("[@alice] links.toml [links.")
    told = talk.next()
    assert "\n⚠ links.toml [links." in told
    assert "The team's files" not in told


def test_a_chat_that_does_not_tell_whether_a_message_arrived_is_said_not_to(start, monkeypatch):
    monkeypatch.setattr(process, "CONSOLES", ())  # so that the test backend is one like any other
    talk = start()
    wait_for_every_plugin(talk)
    unconfirmed = (
        "⚠ This chat confirms nothing: what the bot has handed over counts as sent, whether it arrived or not."
    )
    assert talk("!desk status") == STANDING.replace("ready.\n", f"ready.\n{unconfirmed}\n")


def test_a_mistake_in_the_desk_is_answered_without_what_it_says(talk, monkeypatch, caplog):
    def broken(by, at):
        raise KeyError("123-45-6789")

    monkeypatch.setattr(talk.plugin("summary").desk.undoing, "undo", broken)
    assert talk("!undo") == MISTAKE
    assert "A command failed: !undo" in caplog.text


def test_a_rehearsal_is_told(start, environment):
    file = Path(environment["DESK_DATA_DIR"]) / "desk.toml"
    file.write_text(
        file.read_text("utf-8").replace('rehearsal = { id = ""', 'rehearsal = { id = "C0REHEARSAL"'), "utf-8"
    )
    environment["DESK_REHEARSAL"] = "1"
    assert "Rehearsal: scheduled posts go to the rehearsal channel" in start()("!desk status").splitlines()


def test_the_admins_have_a_backup_made(talk, environment):
    told = talk("!desk backup")
    made = Path(environment["DESK_STATE_DIR"]) / "backups" / "desk-2026-11-23-131200.tar.gz"
    assert told == (
        f"Backed up to {made} ({humanize.naturalsize(made.stat().st_size)}). The last seven are kept: copy it to "
        "another machine. The README says how it is put back."
    )


def test_how_datadog_stands_is_told_for_each_organisation(start, environment, datadog, clock):
    environment |= datadog.environment | {"DESK_DATADOG_TEVI_API_KEY": "0123"}
    talk = start()
    wait_for_every_plugin(talk)

    def stands() -> list[str]:
        return [line for line in talk("!desk status").splitlines()[1:] if "Datadog" in line]

    tevi = "⚠ Datadog, organisation tevi: not configured"
    assert stands() == [tevi, "Datadog, organisation vagov: not asked since the start"]
    talk("!stats today")
    assert stands() == [tevi, "Datadog, organisation vagov: answered 1:12pm"]
    datadog.fails(FORBIDDEN)
    clock.forward(minutes=5)
    talk("!stats today")
    assert stands() == [
        tevi,
        "⚠ Datadog, organisation vagov: Datadog refused the keys (403, organisation vagov), 1:17pm",
    ]


def health(place: str, page: str = "/healthz") -> tuple[int, dict[str, object]]:
    """The status and the words of the health page."""
    try:
        with urllib.request.urlopen(f"http://{place}{page}", timeout=LONG) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def test_the_health_page_tells_machines_whether_it_is_ready_and_no_more(start, environment):
    environment["DESK_WEB"] = f"127.0.0.1:{free_port()}"
    talk = start()
    wait_for_every_plugin(talk)
    assert health(environment["DESK_WEB"]) == (200, {"ready": True})
    talk.plugin("summary").deactivate()
    assert health(environment["DESK_WEB"]) == (503, {"ready": False})
    assert health(environment["DESK_WEB"], "/healthz/alive") == (200, {"alive": True})
