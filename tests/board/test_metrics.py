"""The figures for Prometheus, read back by its own parser: right, and without a title or a name."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from opsdesk import tally
from tests.board.stage import ADDRESS, ALICE, LINKS, LOCAL, WEB, Readers, readers

SCRAPER = LINKS | {"DESK_WEB_ACCESS": "metrics from 10.0.0.9"}


def figures(board: Readers, **more: object) -> dict[tuple[str, ...], float]:
    """Each figure by its name and the values of its labels, sorted."""
    body, status, headers = board.board.figures(board.asked("metrics", **more))
    assert (status, headers["Content-Type"].split(";")[0], headers["Cache-Control"]) == (200, "text/plain", "no-store")
    families = text_string_to_metric_families(body.decode())
    return {(one.name, *sorted(one.labels.values())): one.value for family in families for one in family.samples}


def test_what_is_open_by_severity(board: Readers) -> None:
    for severity in (1, 3, 3):
        board.open("A title of somebody's", severity=severity)
    told = figures(board)
    assert [told["desk_incidents_open", level] for level in ("1", "2", "3")] == [1, 0, 2]


def test_posts_by_outcome_and_how_late_they_were(board: Readers) -> None:
    board.clock.to("2026-11-23 20:00:05")
    board.desk.ticker.tick_summary()
    board.clock.to("2026-11-24 20:00:02")
    told = figures(board)
    assert (told["desk_posts", "posted"], told["desk_posts", "waiting"]) == (1, 1)
    late = {bound: told["desk_post_lateness_seconds_bucket", bound] for bound in ("1.0", "10.0", "+Inf")}
    assert late == {"1.0": 0, "10.0": 1, "+Inf": 1}
    assert told["desk_post_lateness_seconds_sum",] == 5


def test_calls_by_outcome_and_time(board: Readers) -> None:
    class Refused(Exception):
        outcome = "rate limited"

    def fail() -> None:
        raise Refused

    before = figures(board).get(("desk_calls_total", "datadog", "rate limited", "vagov"), 0)
    with pytest.raises(Refused):
        tally.timed("datadog", "vagov", fail)
    assert tally.timed("slack", "chat.update", lambda: 1) == 1
    board.board._shelf._made.clear()
    told = figures(board)
    assert told["desk_calls_total", "datadog", "rate limited", "vagov"] == before + 1
    assert told["desk_call_seconds_count", "answered", "chat.update", "slack"] >= 1
    assert told["desk_call_seconds_bucket", "+Inf", "answered", "chat.update", "slack"] >= 1


def test_queues_the_lease_and_the_store(board: Readers) -> None:
    told = figures(board)
    assert told["desk_queue_length", "outbox"] >= 0
    assert (told["desk_leads",], told["desk_store_away",]) == (1, 0)


def test_no_title_and_no_name_is_in_them(board: Readers) -> None:
    board.open("A secret title", subsystem="vista", owner=ALICE)
    body, _, _ = board.board.figures(board.asked("metrics"))
    for word in (b"secret", b"Alice", b"U0ALICE", b"vista", b"check-in"):
        assert word not in body


def test_they_are_for_readers_and_for_the_scrapers_address(environment, clock, board: Readers) -> None:
    assert board.board.figures(board.asked("metrics", headers=LOCAL | {"x-forwarded-for": "10.0.0.9"}))[:2] == (
        b"",
        404,
    )
    board.desk.close()
    with readers(environment | SCRAPER, clock) as scraped:
        assert figures(scraped, peer="10.0.0.9", headers={"host": ADDRESS})
        for peer in ("10.0.0.8", "127.0.0.1", "", "10.0.0.9.evil"):
            assert scraped.board.figures(scraped.asked("metrics", peer=peer))[:2] == (b"", 404)


def test_where_a_day_cannot_be_read_the_other_figures_are_there(environment, clock) -> None:
    with readers(environment | WEB, clock) as first:
        first.open()
    for copy in (first.desk.settings.state_dir).rglob("2026-11-23.json"):
        copy.write_bytes(b"garbled")
    with readers(environment | WEB, clock) as board:
        assert figures(board)["desk_leads",] == 1
