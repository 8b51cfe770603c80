"""The team's files edited while people ask: at once where they are right, and told of where they are wrong."""

from collections.abc import Callable

import pytest

from tests.conftest import Conversation
from tests.contacts.stage import VISTA


@pytest.fixture
def admin(environment: dict[str, str], start: Callable[[], Conversation]) -> Conversation:
    """A desk that has charlie for an admin."""
    environment["DESK_ADMINS"] = "charlie"
    return start()


def test_an_edit_takes_effect_at_once(talk: Conversation, edit: Callable[[str, str, str], None]) -> None:
    edit("contacts.toml", 'people = ["rob-durkin"]', 'people = ["kanchana"]')
    edit("links.toml", "zix-s83-2u8/cw-stats?", "new-one-abc/cw-stats?")
    edit("runbooks/puma.md", "# Puma\n", "# Puma and more\n")
    assert talk("!whois vetext").split("\n")[1] == "1. Kanchana"
    assert "/new-one-abc/" in talk("!links cw-stats")
    assert talk("!runbook puma").startswith("*Puma and more*\n")


def test_a_wrong_edit_changes_nothing_and_the_admins_are_told(
    admin: Conversation, edit: Callable[[str, str, str], None]
) -> None:
    assert admin("!whois vista") == VISTA
    edit("contacts.toml", 'people = ["shane-elliott", "andy-mccarty"]', 'people = ["shane", "andy-mccarty"]\nfax = 5')
    admin.say("!whois vista")
    assert [admin.next(), admin.next()] == [
        "[@charlie] contacts.toml [subsystems.vista] fax: unknown key\n"
        'contacts.toml [subsystems.vista] people: there is no person "shane", did you mean shane-elliott?\n'
        "What it said when it was last right stays in force.",
        VISTA,
    ]
    assert admin("!whois vista") == VISTA
    edit("contacts.toml", "\nfax = 5", "")
    edit("contacts.toml", 'people = ["shane", "andy-mccarty"]', 'people = ["andy-mccarty"]')
    assert admin("!whois vista").split("\n")[1] == "1. Andy McCarty"


def test_a_reload_reads_the_files_again_and_says_again_what_is_wrong(
    admin: Conversation, edit: Callable[[str, str, str], None]
) -> None:
    assert admin("!plugin reload contacts") == "Plugin contacts reloaded."
    edit("contacts.toml", 'workspace = "', 'workspace = "http:')
    for _ in range(2):
        admin.say("!plugin reload contacts")
        assert admin.next().startswith('[@charlie] contacts.toml workspace: "http:https://')
        assert admin.next() == "Plugin contacts reloaded."
    assert admin("!whois vista") == VISTA


def test_files_wrong_from_the_start_stop_nothing_else(
    start: Callable[[], Conversation], edit: Callable[[str, str, str], None]
) -> None:
    edit("contacts.toml", "[people.charley]", "[people.charles]")
    talk = start()
    talk.tick()
    complaint, brief = talk.next(), talk.next()
    assert complaint.startswith('[@alice] contacts.toml [subsystems.chip] people: there is no person "charley"')
    assert brief.startswith("[@alice] This goes to the admins.")
    told = "The team's files are wrong and I have no earlier ones to go by:\ncontacts.toml [subsystems.chip] people: "
    assert talk("!whois vista").startswith(told)
    assert talk("!incident open Timeouts").startswith("🔴 #1 Timeouts\n")
    edit("contacts.toml", "[people.charles]", "[people.charley]")
    assert talk("!whois vista") == VISTA


def test_a_wrong_links_file_keeps_nobody_from_opening_an_incident_on_a_subsystem(
    start: Callable[[], Conversation], edit: Callable[[str, str, str], None]
) -> None:
    edit("links.toml", "[links.vets-api]", "[links.vets-api")
    talk = start()
    assert talk("!links").startswith("[@alice] links.toml cannot be read: ")
    told = "The team's files are wrong and I have no earlier ones to go by:\nlinks.toml cannot be read: "
    assert talk.next().startswith(told)
    for typed in ("!links sidekiq", "!runbook", "!whois", "!whois vista"):
        assert talk(typed).startswith(told)
        assert len(talk(typed).splitlines()) == 2
    assert talk("!incident open Timeouts --on vista").endswith("\nAsk Shane Elliott or Andy McCarty · `!runbook vista`")
    assert talk("!incident list vista").startswith("1 open on vista\n#1 Timeouts · sev 3")


def test_a_rotation_wrong_from_the_start_leaves_nobody_on_call_and_the_hours_of_the_guide(
    start: Callable[[], Conversation], edit: Callable[[str, str, str], None]
) -> None:
    edit("rotation.toml", "[people.first]", "[people.first")
    talk = start()
    talk.tick()
    complaint, brief = talk.next(), talk.next()
    assert complaint.startswith("[@alice] rotation.toml cannot be read: ")
    assert complaint.endswith("\nThere is no earlier version to go by.")
    assert brief.startswith("[@alice] This goes to the admins. On call: not known, data/rotation.toml is wrong.\n")
    assert talk("!incident open Timeouts").startswith("🔴 #1 Timeouts\n")
    assert talk("!summary status").startswith("Next post: 8:00pm")
    for typed in ("!oncall", "!oncall me", "!oncall take", "!oncall when bob", "!shift", "!shift accept"):
        assert talk(typed).startswith(
            "Who is on call is not known: data/rotation.toml is wrong.\nrotation.toml cannot be read: "
        )
