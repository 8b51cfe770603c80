"""People without Slack: the day's post, severity-1 incidents and outage notices by Microsoft Teams and e-mail."""

from opsdesk import later

later.parts(__name__, "outlet", "plain", "posts", "words")

from opsdesk.targets.wing import TargetDesk, build

__all__ = ["TargetDesk", "build"]
