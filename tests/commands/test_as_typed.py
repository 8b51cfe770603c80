"""What a line keeps stays as it is typed, though its words are put right to read it."""

from opsdesk.commands.meanings import Reading, question
from opsdesk.commands.put_right.as_typed import as_typed


def test_a_text_is_kept_as_it_was_typed_whatever_was_read() -> None:
    typed, right = "9 pls, bob tetsed teh link", "9 pls, bob tested the link"
    meant = question(("incident_note", "incident_resolve"), "9 bob tested the link")
    assert [one.text for one in getattr(as_typed(meant, right, typed), "offers", ())] == ["9 bob tetsed teh link"] * 2


def test_what_a_command_has_to_know_stays_put_right() -> None:
    typed, right = "mute 3 utnil tomorow, teh job", "mute 3 until tomorrow, the job"
    muted = Reading("alerts_mute", "3 until tomorrow, the job")
    assert as_typed(muted, right, typed) == Reading("alerts_mute", "3 until tomorrow, teh job")


def test_what_is_only_shown_is_what_was_read() -> None:
    assert as_typed(Reading("whois", "the texts"), "who knows the texts", "who knows teh texts") == Reading(
        "whois", "the texts"
    )
