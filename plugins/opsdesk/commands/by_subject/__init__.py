"""Incidents that are named by their subjects: "close the texts one", "who owns the VistA outage?"."""

from opsdesk.commands.by_subject.meaning import may_be_meant, meant_in

__all__ = ["may_be_meant", "meant_in"]
