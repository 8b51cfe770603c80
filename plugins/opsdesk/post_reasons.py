"""Why a post is late, or was given up: read off its record."""

from datetime import datetime

from opsdesk.posts import FAILED, PostRecord, Scheduled, State, What

LATE = {
    What.RESUMED: "it was left out until then",
    What.UNWRITTEN: "{}",
    What.REFUSED: "the chat refused it: {}",
    What.UNCLEAR: "the chat did not confirm it: {}",
}


def why_late(scheduled: Scheduled, record: PostRecord, started: datetime) -> str:
    """What last kept it from going out since it was due; `started` is when the desk was."""
    kept_back = record.since(scheduled.due, *LATE)
    if kept_back:
        return LATE[kept_back[-1].what].format(kept_back[-1].text)
    return "the desk was down" if started > scheduled.due else "the desk was held up"


def why_given_up(scheduled: Scheduled, record: PostRecord) -> str:
    """What came of the last try since it was due; without one, what kept it from being tried."""
    kept_back = record.since(scheduled.due, *FAILED, What.RESUMED)
    if kept_back and kept_back[-1].what is What.RESUMED:
        return "it was left out until it was too late"
    if kept_back:
        return kept_back[-1].text
    return "it was never confirmed" if record.state is State.UNCONFIRMED else "the desk was down"
