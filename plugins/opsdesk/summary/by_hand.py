"""What is said of a try by hand that did not send or change the summary: why, and what happens next."""

from datetime import datetime

from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.posts import Decision, PostEntry, PostRecord, PostStep, decide, sentence
from opsdesk.summary.plan import SummaryPlan
from opsdesk.text import tell_when

NOT_DONE = {
    PostStep.REFUSED: "The chat refused it: {}",
    PostStep.UNCLEAR: "The chat did not confirm it: {}",
    PostStep.UNWRITTEN: "It was not sent: {}",
    PostStep.GIVEN_UP: "It was not sent again, since it may stand there: {}",
    PostStep.EDIT_REFUSED: "It could not be brought up to date: {}",
    PostStep.DELETED: "It is no longer in the channel: {}",
    PostStep.CLOSED: "What stands there can no longer be changed: {}",
}


LOOKS_AGAIN = "It may stand there: the desk looks for it again, and sends it only if it does not."


def check_done(plan: SummaryPlan, record: PostRecord, last: PostEntry, at: datetime) -> None:
    """Raise a UserError if `last`, the entry of a try by hand, says that it failed."""
    if last.step in NOT_DONE:
        raise UserError(f"{NOT_DONE[last.step].format(sentence(last.text))} {_next_try(plan, record, last, at)}")


def _next_try(plan: SummaryPlan, record: PostRecord, failed: PostEntry, at: datetime) -> str:
    """Return a sentence that tells what happens after a failed try by hand."""
    today = day_of(at, plan.zone)
    if failed.step is PostStep.GIVEN_UP:
        return "Whoever is on call gets the text to paste, and `!summary post` tries once more."
    if failed.step is PostStep.EDIT_REFUSED:
        return "What stands there stays as it was; the desk goes on trying."
    if failed.step is PostStep.CLOSED:
        return "`!summary` shows what it should say."
    if failed.step is PostStep.DELETED:
        return "Type `!summary post` once more to post it anew."
    looks = failed.step is PostStep.UNCLEAR
    may_stand = "It may stand there. " if looks else ""
    if not plan.days.has_post(today):
        return f"{may_stand}No post is due today: nothing is tried again unless you type `!summary post` again."
    scheduled = plan.scheduled(today)
    next_one = decide(scheduled, record, max(at, failed.retry_at or at))
    if next_one is Decision.NOT_YET:
        when = f"when the post is due, at {tell_when(scheduled.due, at, plan.zone)}"
        return f"It may stand there: the desk looks for it {when}." if looks else f"The desk tries again {when}."
    if next_one in (Decision.SEND, Decision.CONFIRM):
        return LOOKS_AGAIN if looks else "The desk goes on trying."
    return (
        "It is too late for the desk to try again by itself: whoever is on call gets the text to paste, "
        "and `!summary post` tries once more."
    )
