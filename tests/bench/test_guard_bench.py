"""How much of what is private the masks find, how much else they take for it, and what they cost a message."""

import statistics
import time
from collections.abc import Callable

from opsdesk.guard import mask
from tests.guard.stage import TEAM, ordinary_lines, private_lines, score

Tell = Callable[..., None]

ROUNDS = 100
MOST_LOG, MOST_PROSE = 0.5, 0.1  # milliseconds for 500 characters

PROSE = (
    "Since the deploy this afternoon the check-in pages answer slowly for about a third of the people who try, mostly "
    "in the morning clinics. The team rolled it back and the errors went away, but the queue is still long and the "
    "reminders go out late. Charley says the token service is fine, and the patients at the desk are checked in by "
    "hand. We will look again after lunch and say more in the summary, so please keep an eye on the channel and write "
    "down whatever you see there, with the time of it. Thanks to everybody for help."
)[:500]
LOG = (
    "2026-11-23T18:12:44.123Z ERROR [vets-api] [6c0a1b2c-1111-4222-8333-444455556666] CheckIn::V2::SessionsController"
    "#create status=500 duration=812.3 host=ip-10-247-34-12 pid=12345 dd.trace_id=6543210987654321098 "
    'dd.span_id=1234567890123456789 {"level":"error","message":"BackendServiceException: VA900 timeout after 60000 ms",'
    '"station":"442","queue":"default","retry":3,"event_id":"e4874d664c3540c1a32eab185f12c5ab","ts":1795454040123} '
    'Started GET "/check_in/v2/sessions" for 10.1.2.3 at 2026-11-23 18:12:44 +0000 in 45 ms'
)[:500]


def milliseconds(text: str) -> float:
    """The processor's time for one message, the median of many: each another, as one that was harmless is known."""
    times = []
    for number in range(ROUNDS):
        message = f"{text[:-2]}{chr(ord('a') + number // 26)}{chr(ord('a') + number % 26)}"
        begun = time.thread_time()
        mask(message, TEAM)
        times.append(time.thread_time() - begun)
    return statistics.median(times) * 1000


def test_what_is_found_of_what_is_private(tell: Tell) -> None:
    found = score()
    tell("recall, precision", f"{found.recall:.4f}", f"{found.precision:.4f}")
    tell("of lines", f"{len(private_lines())} private", f"{len(ordinary_lines())} ordinary")
    assert found.recall == 1.0
    assert found.precision > 0.99


def test_what_a_message_costs(tell: Tell) -> None:
    log, prose = milliseconds(LOG), milliseconds(PROSE)
    tell("500 characters", f"{log:.3f} ms of log", f"{prose:.3f} ms of prose")
    assert log <= MOST_LOG
    assert prose <= MOST_PROSE


def test_what_a_long_message_costs(tell: Tell) -> None:
    shorter, longer = (milliseconds((LOG * 80)[:length]) for length in (4_000, 40_000))
    tell("4,000 and 40,000 of log", f"{shorter:.1f} and {longer:.1f} ms", f"{longer / shorter:.1f} times")
    assert longer < 15 * shorter
