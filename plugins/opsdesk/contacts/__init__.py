"""Whom to ask and where to look: people, their hours, links and runbooks, from the files the team edits."""

from opsdesk.contacts.directory import Directory, either
from opsdesk.contacts.guide_words import links, runbook
from opsdesk.contacts.people import Contact, ContactKind
from opsdesk.contacts.wing import Contacts, build
from opsdesk.contacts.words import in_hours, linked

__all__ = [
    "Contact",
    "ContactKind",
    "Contacts",
    "Directory",
    "build",
    "either",
    "file",
    "in_hours",
    "linked",
    "links",
    "runbook",
    "words",
]
