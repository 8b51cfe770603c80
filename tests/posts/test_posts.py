"""A scheduled post is sent on time, once, with proof; or given up with a reason that is told."""

import threading
from datetime import timedelta

import pytest
from msgspec.structs import replace

from opsdesk.errors import UserError
from opsdesk.posts.post import PostEntry, PostRecord, PostStep, State
from tests.chat.stage import BUSY, LOST, REFUSED, Channel, failing
from tests.posts.stage import DAY, EIGHT, MINUTE, SECOND, Stage, mistaken


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_post_is_sent_at_its_time_and_not_before(stage):
    stage.run(EIGHT - 5 * SECOND, EIGHT - SECOND)
    assert stage.channel.messages == []
    stage.run(EIGHT, EIGHT + 5 * SECOND)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]
    assert stage.record.proof.at == EIGHT


def test_a_post_is_sent_once_however_often_it_is_looked_at(stage):
    stage.run(EIGHT, EIGHT + 10 * MINUTE)
    stage.start(EIGHT + 10 * MINUTE)
    stage.run(EIGHT + 10 * MINUTE, EIGHT + 12 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_a_refused_post_is_tried_again_with_growing_pauses(stage):
    stage.channel.before = failing("post", REFUSED, REFUSED, REFUSED)
    stage.run(EIGHT, EIGHT + 5 * MINUTE)
    tried = [entry.at - EIGHT for entry in stage.record.entries if entry.step is PostStep.CLAIMED]
    assert tried == [timedelta(0), 1 * SECOND, 3 * SECOND, 7 * SECOND]
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_the_chats_own_wait_is_honoured(stage):
    stage.channel.before = failing("post", BUSY)
    stage.run(EIGHT, EIGHT + 5 * MINUTE)
    assert stage.record.proof.at == EIGHT + 30 * SECOND


def test_a_post_tried_late_says_that_the_chat_refused_it(stage):
    stage.channel.before = failing("post", *[BUSY] * 4)
    stage.run(EIGHT, EIGHT + 5 * MINUTE)
    assert stage.channel.texts("go-live") == ["(late: due 8:00pm, the chat refused it: ratelimited)\nSummary\nthe day"]


def test_after_half_an_hour_of_refusals_it_is_given_up_and_told(stage):
    stage.channel.before = stage.refuse_until_given_up
    stage.run(EIGHT, EIGHT + 60 * MINUTE)
    assert stage.record.state is State.GIVEN_UP
    assert stage.record.last(PostStep.GIVEN_UP) == PostEntry(
        EIGHT + 30 * MINUTE, PostStep.GIVEN_UP, "channel_not_found"
    )
    assert stage.channel.texts("go-live") == []
    assert stage.channel.texts("alice") == ["it was not posted"]


def test_down_at_its_time_it_is_posted_when_the_desk_is_back(stage):
    stage.start(EIGHT + 45 * MINUTE)
    stage.run(EIGHT + 45 * MINUTE, EIGHT + 46 * MINUTE)
    assert stage.channel.texts("go-live") == ["(late: due 8:00pm, the desk was down)\nSummary\nthe day"]


def test_back_after_midnight_it_is_told_and_not_posted(stage):
    stage.start(EIGHT + 300 * MINUTE)
    stage.run(EIGHT + 300 * MINUTE, EIGHT + 301 * MINUTE)
    assert stage.channel.texts("go-live") == []
    assert stage.channel.texts("alice") == ["it was not posted"]
    assert stage.record.last(PostStep.GIVEN_UP).text == "the desk was down"


def test_a_claim_without_an_outcome_is_looked_up_before_sending_again(stage):
    stage.channel.post("go-live", "Summary\nthe day", key=stage.scheduled.key)
    stage.records.change(DAY, stage.scheduled.key, lambda _: PostRecord("", (PostEntry(EIGHT, PostStep.CLAIMED),)))
    stage.start(EIGHT + MINUTE)
    stage.run(EIGHT + MINUTE, EIGHT + 2 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]
    assert stage.record.last(PostStep.FOUND).ts == "1.0"


def test_killed_while_sending_and_down_for_an_hour_it_is_posted_when_the_desk_is_back(stage):
    stage.records.change(DAY, stage.scheduled.key, lambda _: PostRecord("", (PostEntry(EIGHT, PostStep.CLAIMED),)))
    stage.start(EIGHT + 60 * MINUTE)
    stage.run(EIGHT + 60 * MINUTE, EIGHT + 61 * MINUTE)
    assert stage.channel.texts("go-live") == ["(late: due 8:00pm, the desk was down)\nSummary\nthe day"]


def test_an_answer_lost_after_the_post_was_made_leaves_one_post(stage):
    stage.channel.after = failing("post", LOST)
    stage.run(EIGHT, EIGHT + 5 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_an_answer_lost_before_the_post_was_made_leaves_one_post(stage):
    stage.channel.before = failing("post", LOST)
    stage.run(EIGHT, EIGHT + 5 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_an_answer_that_makes_no_sense_is_met_with_growing_pauses_and_given_up(stage):
    stage.channel.before = lambda call: mistaken("post")(call) if stage.record.state is not State.GIVEN_UP else None
    stage.run(EIGHT, EIGHT + 60 * MINUTE)
    tried = [entry.at - EIGHT for entry in stage.record.entries if entry.step is PostStep.CLAIMED]
    assert tried[:4] == [timedelta(0), 1 * SECOND, 3 * SECOND, 7 * SECOND]
    assert stage.record.last(PostStep.GIVEN_UP).text == "a mistake in the desk itself: KeyError('ts')"
    assert stage.channel.texts("alice") == ["it was not posted"]


def test_an_answer_that_makes_no_sense_to_what_was_posted_leaves_one_post(stage):
    stage.channel.after = mistaken("post")
    stage.run(EIGHT, EIGHT + 5 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]
    assert stage.record.proof.at == EIGHT + SECOND


def test_an_answer_that_makes_no_sense_to_where_it_stands_is_met_with_pauses(stage):
    stage.channel.after = failing("post", LOST)
    stage.run(EIGHT - MINUTE, EIGHT)
    asked = []
    stage.channel.before = lambda call: asked.append(call) or mistaken("find")(call)
    stage.run(EIGHT + SECOND, EIGHT + 6 * SECOND)
    assert asked == ["find", "find"]


def test_while_the_chat_cannot_be_read_back_an_unclear_post_is_not_sent_again(stage):
    faults = failing("find", None, *[REFUSED] * 100)
    stage.channel.before, stage.channel.after = faults, failing("post", LOST)
    stage.run(EIGHT, EIGHT + 60 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_what_happened_since_the_last_try_is_in_what_is_given_up(stage):
    stage.channel.before = stage.refuse_until_given_up
    stage.run(EIGHT, EIGHT + 29 * MINUTE + 30 * SECOND)
    stage.words = "the day, resolved"
    stage.run(EIGHT + 30 * MINUTE, EIGHT + 31 * MINUTE)
    assert stage.record.lines[1].text == "the day, resolved"


def test_a_fresh_post_goes_out_even_where_the_chat_cannot_be_read_back(stage):
    stage.channel.before = failing("find", *[REFUSED] * 100)
    stage.run(EIGHT, EIGHT + MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_a_chat_that_is_never_read_back_gets_an_unclear_post_once_more_marked():
    stage = Stage(Channel(reads_back=False, edits=False))
    stage.channel.after = failing("post", LOST, LOST, LOST)
    stage.run(EIGHT, EIGHT + 60 * MINUTE)
    assert stage.channel.texts("go-live") == [
        "Summary\nthe day",
        "(possibly repeated: the chat did not confirm the first one)\nSummary\nthe day",
    ]


def test_what_was_given_up_unseen_and_is_sent_by_hand_all_the_same_is_marked():
    stage = Stage(Channel(reads_back=False, edits=False))
    stage.channel.after = failing("post", LOST, LOST)
    stage.run(EIGHT, EIGHT + 60 * MINUTE)
    assert stage.record.state is State.GIVEN_UP
    stage.posts.post_now(stage.scheduled, EIGHT + 61 * MINUTE)
    assert stage.channel.texts("go-live")[-1].startswith("(possibly repeated: ")


def test_a_claim_in_a_thread_is_looked_up_in_the_thread(stage):
    stage.scheduled = replace(stage.scheduled, thread="9.0")
    stage.channel.post("go-live", "Summary\nthe day", thread="9.0", key=stage.scheduled.key)
    stage.records.change(DAY, stage.scheduled.key, lambda _: PostRecord("", (PostEntry(EIGHT, PostStep.CLAIMED),)))
    stage.run(EIGHT + MINUTE, EIGHT + 2 * MINUTE)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_a_clock_set_back_neither_repeats_nor_delays(stage):
    stage.channel.before = failing("post", BUSY)
    stage.run(EIGHT + 20 * MINUTE, EIGHT + 20 * MINUTE)
    stage.run(EIGHT, EIGHT + 10 * SECOND)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]
    stage.run(EIGHT - 10 * MINUTE, EIGHT + MINUTE)
    assert len(stage.channel.texts("go-live")) == 1


def test_a_post_given_up_by_a_clock_a_day_ahead_is_sent_at_its_time_once_that_is_set_back(stage):
    stage.posts.tick(EIGHT + 1439 * MINUTE)
    assert stage.record.state is State.GIVEN_UP
    stage.run(EIGHT - 5 * SECOND, EIGHT + 5 * SECOND)
    assert stage.channel.texts("go-live") == ["Summary\nthe day"]


def test_a_post_given_up_is_not_sent_anew_by_a_clock_set_back_a_little(stage):
    stage.channel.before = stage.refuse_until_given_up
    stage.run(EIGHT, EIGHT + 31 * MINUTE, step=MINUTE)
    stage.run(EIGHT + 29 * MINUTE, EIGHT + 40 * MINUTE, step=MINUTE)
    assert (stage.record.state, stage.channel.texts("go-live")) == (State.GIVEN_UP, [])


def test_a_text_that_cannot_be_written_is_given_up_with_the_mistake_told(stage):
    def broken(at, record):
        raise ZeroDivisionError("no such thing")

    stage.scheduled = replace(stage.scheduled, compose=broken)
    stage.run(EIGHT, EIGHT + 40 * MINUTE)
    assert stage.record.last(PostStep.GIVEN_UP).text == "it could not be written (no such thing)"
    assert stage.channel.texts("alice") == ["it was not posted"]


def test_one_plan_that_fails_does_not_silence_the_others(stage):
    def broken(at):
        raise ZeroDivisionError

    stage.plans.insert(0, broken)
    stage.run(EIGHT, EIGHT)
    assert len(stage.channel.texts("go-live")) == 1


def test_a_note_in_between_does_not_shorten_the_chats_own_wait(stage):
    stage.channel.before = failing("post", BUSY)
    stage.posts.tick(EIGHT)
    stage.posts.note(stage.scheduled, PostEntry(EIGHT + SECOND, PostStep.NOTED, "watch the backlog"))
    stage.run(EIGHT + 2 * SECOND, EIGHT + MINUTE)
    assert stage.record.proof.at == EIGHT + 30 * SECOND


def test_a_skip_that_comes_while_the_post_is_sent_is_refused(stage):
    refused = []

    def skip() -> None:
        try:
            stage.posts.note(stage.scheduled, PostEntry(EIGHT, PostStep.SKIPPED, "too late"), only_before_it_stands)
        except UserError as refusal:
            refused.append(str(refusal))

    skipping = threading.Thread(target=skip)
    stage.channel.before = lambda call: skipping.start() if call == "find" else None
    stage.posts.tick(EIGHT)
    skipping.join()
    assert refused == ["It stands."]
    assert stage.record.state is State.POSTED


def only_before_it_stands(record: PostRecord) -> None:
    if record.state is State.POSTED:
        raise UserError("It stands.")


def test_what_was_refused_by_hand_is_not_what_is_told_when_the_day_is_given_up(stage):
    stage.channel.before = failing("post", REFUSED)
    stage.posts.post_now(stage.scheduled, EIGHT - 300 * MINUTE)
    stage.words = "the whole day"
    stage.start(EIGHT + 300 * MINUTE)
    stage.posts.tick(EIGHT + 300 * MINUTE)
    assert stage.record.lines[1].text == "the whole day"


def test_what_is_found_later_stands_since_it_was_sent(stage):
    stage.posts.at = EIGHT
    stage.channel.post("go-live", "Summary\nthe day", key=stage.scheduled.key)
    stage.records.change(DAY, stage.scheduled.key, lambda _: PostRecord("", (PostEntry(EIGHT, PostStep.CLAIMED),)))
    stage.run(EIGHT + 70 * MINUTE, EIGHT + 70 * MINUTE)
    assert stage.record.proof.at == EIGHT + 70 * MINUTE
    assert stage.record.stands_since == EIGHT
