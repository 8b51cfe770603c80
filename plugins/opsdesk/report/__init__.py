"""The week told: what a week, a sprint or a month came to, typed for or posted by itself."""

from opsdesk.report.wing import ReportDesk

__all__ = ["ReportDesk"]
