"""Whom to ask and where to look: people, their hours, links and runbooks, from the files the team edits."""

from opsdesk import later

later.parts(__name__, "guide_words", "words")

from opsdesk.contacts.directory import Directory, either
from opsdesk.contacts.people import Contact, ContactKind
from opsdesk.contacts.wing import Contacts, build

__all__ = [
    "Contact",
    "ContactKind",
    "Contacts",
    "Directory",
    "build",
    "either",
    "file",
    "guide_words",
    "words",
]
