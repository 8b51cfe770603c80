"""Which command is meant by what people type: other words for it, other orders, a letter wrong."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk.commands import SPOKEN, Risk
from opsdesk.commands.lines import Typed, commands_in, is_heard, may_be_heard
from opsdesk.commands.meanings import Question, Reading, question
from opsdesk.commands.offers import offered
from opsdesk.commands.reading import read
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.word_lists.ambiguous import AMBIGUOUS, NUMBERED
from opsdesk.commands.word_lists.lexicon import ideas
from opsdesk.slack.events import beginning_of, typed_in
from opsdesk.slack.intake import HEAD
from tests.commands.stage import asked
from tests.conftest import ROOT

CALLS = ("!", "<@U0DESK>")


@pytest.mark.parametrize(
    ("typed", "name", "text"),
    [
        ("incident close 1 gone", "incident_resolve", "1 gone"),
        ("incident done 1", "incident_resolve", "1"),
        ("incident fix 1 restarted", "incident_resolve", "1 restarted"),
        ("incident ack 1", "incident_ack", "1"),
        ("incident take 1", "incident_assign", "me 1"),
        ("incident 1 take", "incident_assign", "#1 me"),
        ("incident start VistA is slow", "incident_open", "VistA is slow"),
        ("incident new VistA is slow", "incident_open", "VistA is slow"),
        ("incident create VistA is slow", "incident_open", "VistA is slow"),
        ("incident comment 1 two sites", "incident_note", "1 two sites"),
        ("incident list mine", "incident_list", "mine"),
        ("list mine", "incident_list", "mine"),
        ("open VistA slow --sev 2", "incident_open", "VistA slow --sev 2"),
        ("open an incident: VistA slow", "incident_open", "VistA slow"),
        ("new incident VistA slow", "incident_open", "VistA slow"),
        ("resolve 1", "incident_resolve", "1"),
        ("close incident 1 thanks", "incident_resolve", "1 thanks"),
        ("update 1 two sites\nthree sites", "incident_update", "1 two sites\nthree sites"),
        ("ack 1", "incident_ack", "1"),
        ("note 1 two sites", "incident_note", "1 two sites"),
        ("handover Watch the backlog", "summary_note", "Watch the backlog"),
        ("incidents", "incident_list", ""),
        ("incidents list mine", "incident_list", "mine"),
        ("incidents open", "incident_list", "open"),
        ("incidents vista", "incident_list", "vista"),
        ("incident notes 1 x", "incident_note", "1 x"),
        ("inc list", "incident_list", ""),
        ("incident 1 resolve fixed", "incident_resolve", "#1 fixed"),
        ("incident 2 update still looking", "incident_update", "#2 still looking"),
        ("incident 2 updte still looking", "incident_update", "#2 still looking"),
        ("incident assign to alice 1", "incident_assign", "to alice 1"),
        ("incident sev 2 3", "incident_update", "sev 2 3"),
        ("incident 3 sev 2", "incident_update", "#3 --sev 2"),
        ("incident sev2 3", "incident_update", "sev 2 3"),
        ("incident 3 identified", "incident_update", "#3 --status identified"),
        ("incident status monitoring 3", "incident_update", "--status monitoring 3"),
        ("incident status 3", "incident_show", "3"),
        ("incident monitoring 3 backlog drains", "incident_update", "#3 --status monitoring backlog drains"),
        ("incident rename 3 VistA is down", "incident_update", "#3 --title VistA is down"),
        ("incident 3", "incident", "3"),
        ("incident 3 all 2", "incident", "3 all 2"),
        ("#3", "incident", "#3"),
        ("3 resolve fixed", "incident_resolve", "#3 fixed"),
        ("link 1 https://example.org", "incident_link", "1 https://example.org"),
        ("link sidekiq", "links", "sidekiq"),
        ("take 2", "incident_assign", "me 2"),
        ("status 2", "incident_show", "2"),
        ("escalate 2 no token", "incident_escalate", "2 no token"),
        ("escalate vista", "whois_escalate", "vista"),
        ("post the summary", "summary_post", ""),
        ("skip summary jan 4 holiday", "summary_skip", "jan 4 holiday"),
        ("who is on call?", "oncall", ""),
        ("Who’s on call", "oncall", ""),
        ("whois oncall", "oncall", ""),
        ("on-call next", "oncall_next", ""),
        ("who do I ask about vista?", "whois", "vista"),
        ("who is charlie?", "whois", "charlie"),
        ("what's open?", "incident_list", ""),
        ("my incidents", "incident_list", "mine"),
        ("counts today", "stats", "today"),
        ("chart week", "stats_chart", "week"),
        ("please resolve 1", "incident_resolve", "1"),
        ("Incident Open x", "incident_open", "x"),
        ("INCIDENT LIST", "incident_list", ""),
        ("incident list vista on Nov 22", "incident_list", "vista Nov 22"),
        ("incident list on vista", "incident_list", "on vista"),
        ("stats chart on friday", "stats_chart", "friday"),
        ("summary on nov 20", "summary", "nov 20"),
        ("alerts on 2026-11-20", "alerts", "2026-11-20"),
        ("summary resume on jan 5", "summary_resume", "jan 5"),
        ("incident search late on friday", "incident_search", "late on friday"),
        ("incident: list", "incident_list", ""),
        ("incident   list", "incident_list", ""),
        ("inci\u200bdent list", "incident_list", ""),
    ],
)
def test_known_intent_is_done(typed: str, name: str, text: str) -> None:
    meant = read(typed)
    assert isinstance(meant, Reading), meant
    assert (meant.name, meant.text) == (name, text)


@pytest.mark.parametrize(
    ("typed", "name", "taken"),
    [
        ("incident opne VistA", "incident_open", "open"),
        ("incidnet open VistA", "incident_open", "incident"),
        ("incidnet opne VistA", "incident_open", "incident open"),
        ("opne VistA", "incident_open", "open"),
        ("incident akc 1", "incident_ack", "ack"),
        ("oncal", "oncall", "oncall"),
        ("oncall wek", "oncall_week", "week"),
    ],
)
def test_a_letter_wrong_is_done_and_said(typed: str, name: str, taken: str) -> None:
    meant = read(typed)
    assert isinstance(meant, Reading)
    assert (meant.name, meant.taken) == (name, taken)


LIKE_THAT = "Type it like that"
GOES_OUT, LASTS = "I ask because it goes out to others.", "I ask because it cannot be taken back."


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("summary psot", f"Did you mean `!summary post`? {LIKE_THAT}: I ask because it goes out to others."),
        ("summary posts", f"Did you mean `!summary post`? {LIKE_THAT}: I ask because it goes out to others."),
        ("sumary post", f"Did you mean `!summary post`? {LIKE_THAT}: I ask because it goes out to others."),
        (
            "summary skp friday x",
            f"Did you mean `!summary skip friday x`? {LIKE_THAT}: I ask because it goes out to others.",
        ),
        (
            "oncall swp bob friday",
            f"Did you mean `!oncall swap bob friday`? {LIKE_THAT}: I ask because it goes out to others.",
        ),
        (
            "oncall covr 3pm to 5pm",
            f"Did you mean `!oncall cover 3pm to 5pm`? {LIKE_THAT}: I ask because it goes out to others.",
        ),
        ("alerts mte 3 2h", f"Did you mean `!alerts mute 3 2h`? {LIKE_THAT}: I ask because it goes out to others."),
        (
            "incident escalte 3 x",
            f"Did you mean `!incident escalate 3 x`? {LIKE_THAT}: I ask because it goes out to others.",
        ),
        ("incident edit 1 two", f"Did you mean `!incident update 1 two` or `!incident note 1 two`? {LIKE_THAT}."),
        ("take", f"Did you mean `!incident assign` or `!oncall take`? {LIKE_THAT}."),
        (
            "incident 12 two sites",
            f"Did you mean `!incident update 12 two sites` or `!incident note 12 two sites`? {LIKE_THAT}.",
        ),
        ("incidents open vista", f"Did you mean `!incident open vista` or `!incident list vista`? {LIKE_THAT}."),
        ("incident akc", f"Did you mean `!incident ack`? {LIKE_THAT}."),
        ("status", f"Did you mean `!desk status`, `!summary status` or `!incident list`? {LIKE_THAT}."),
    ],
)
def test_what_is_not_sure_is_asked_about(typed: str, answer: str) -> None:
    assert asked(typed) == answer


@pytest.mark.parametrize("typed", ["important", "thanks everybody", "", "hm?", "= 5"])
def test_what_is_no_command_is_none(typed: str) -> None:
    assert read(typed) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("who is on call?", Reading("oncall", "")),
        ("incident list", Reading("incident_list", "")),
        ("resolve 1 fixed", Reading("incident_resolve", "1 fixed")),
        ("done", question(["incident_resolve"], "")),
        ("open question for you", question(["incident_open"], "question for you")),
        ("incident opne VistA", question(["incident_open"], "VistA")),
        ("good morning", None),
    ],
)
def test_who_only_talks_to_the_desk_changes_nothing_by_chance(typed: str, meant: Reading | Question | None) -> None:
    assert read(typed, called=False) == meant


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        *((yes, Reading("yes", "")) for yes in ("yes", "Yep!", "do it", "go ahead", "yes please", "sure, do it", "y")),
        *(
            (one, Reading("yes", "2"))
            for one in ("yes 2", "yes #2", "yes two", "yes, the second one", "yes number 2 pls")
        ),
        *((no, Reading("no", "")) for no in ("no", "nope", "No thanks.", "don’t", "no, don't", "n")),
    ],
)
def test_an_answer_is_read_however_it_is_said(typed: str, answer: Reading) -> None:
    for called in (True, False):
        assert read(typed, called=called) == answer


@pytest.mark.parametrize(
    "typed",
    ["yes 12 is fixed", "no news on 12", "yes, close 12", "do it for 12", "no", "nobody", "confirm 12", "correct 2"],
)
def test_a_yes_with_more_behind_it_is_none(typed: str) -> None:
    meant = read(typed)
    assert not isinstance(meant, Reading) or meant.name != "yes"


@pytest.mark.parametrize(
    ("message", "commands"),
    [
        ("!incident list", ["incident list"]),
        ("\u200b!incident list", ["incident list"]),
        ("\ufeff  ! incident list ", ["incident list"]),
        ("！incident list", ["incident list"]),
        ("<@U0DESK>, who is on call?", ["who is on call?"]),
        ("<@U0DESK> !incident list", ["incident list"]),
        ("`!incident list`", ["incident list"]),
        ("```\n!incident list\n```", ["incident list"]),
        ("!incident resolve 1 fixed\n!incident list", ["incident resolve 1 fixed", "incident list"]),
        ("!incident resolve 1 fixed\n  !incdent list\nmine", ["incident resolve 1 fixed", "incdent list\nmine"]),
        ("!incident note 1 look:\n!important", ["incident note 1 look:\n!important"]),
        ("!incident note 1 ```\n!incident list\n```", ["incident note 1 ```\n!incident list\n```"]),
        ("!incident note 1 x\n`!incident list`", ["incident note 1 x\n`!incident list`"]),
        ("!!!", [""]),
    ],
)
def test_the_commands_of_a_message(message: str, commands: list[str]) -> None:
    assert commands_in(message, CALLS) == [Typed(text, True) for text in commands]


@pytest.mark.parametrize(
    ("message", "commands"),
    [
        ("incident note 1 two sites\nincident list", ["incident note 1 two sites", "incident list"]),
        ("hello\n  incident resolve 1 fixed\nby bob", ["hello", "incident resolve 1 fixed\nby bob"]),
        ("incident open VistA slow\nsummary post was late", ["incident open VistA slow\nsummary post was late"]),
        ("incident note 1 x\nincident list shows none of it", ["incident note 1 x\nincident list shows none of it"]),
    ],
)
def test_in_a_direct_message_a_command_on_a_further_line_is_no_text(message: str, commands: list[str]) -> None:
    assert commands_in(message, CALLS) == [Typed(text, False) for text in commands]


@pytest.mark.parametrize("message", ["look:\n!incident list", "`incident list`", "see `!incident list` there"])
def test_what_is_not_called_is_one_text(message: str) -> None:
    assert commands_in(message, CALLS) == [Typed(message, False)]


def test_what_a_short_word_stands_for_is_never_half_of_a_command() -> None:
    assert read("who's oc") == Reading("oncall", "")
    assert read("watch oc 1 fixed") == Reading("watch", "oc 1 fixed")


def test_the_vocabulary_has_every_command_and_no_other() -> None:
    handlers = (
        node.name
        for path in (ROOT / "plugins").glob("*/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and "plugin.command" in map(ast.unparse, node.decorator_list)
    )
    assert set(handlers) == set(SPOKEN)
    spoken_of = [name for names in AMBIGUOUS.values() for name in names]
    spoken_of += [name.partition("|")[0] for names in NUMBERED.values() for name in names if name]
    assert set(spoken_of) <= set(SPOKEN)


@given(
    st.lists(
        st.sampled_from(["!", "\uff01", "<@U0DESK>", "`", "```", " ", "\n", "\u2060", ":", "incident list", "x" * 500])
    )
)
def test_what_is_heard_is_known_by_its_beginning(parts):
    event = {"text": "".join(parts)}
    heard = is_heard(typed_in(event), CALLS, direct=False)
    assert heard == commands_in(typed_in(event), CALLS)[0].called
    assert not heard or may_be_heard(beginning_of(event, HEAD), CALLS, direct=False)


def test_every_direct_message_is_heard():
    assert is_heard("thanks", CALLS, direct=True)
    assert may_be_heard("thanks", CALLS, direct=True)
    assert not may_be_heard("thanks", CALLS, direct=False)


@pytest.mark.parametrize("typed", ["12 fixed?", "is 12 fixed?", "12 is over?", "did 12 come back?", "resolved today?"])
def test_a_question_about_an_incident_changes_nothing(typed: str) -> None:
    meant = read(typed)
    assert isinstance(meant, Reading)
    assert meant.spoken.risk is Risk.READS


@pytest.mark.parametrize(
    "typed",
    ["bob has the logs for 12", "bob has the runbook for 12", "charlie got the pager for 12", "12 was taken from bob"],
)
def test_what_somebody_has_beside_an_incident_gives_it_to_nobody(typed: str) -> None:
    assert not isinstance(read(typed), Reading)


def test_a_flood_of_words_is_gone_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(Sentence, "clause", lambda said, at: asked.append(at) or range(at, at + 1))
    assert not Sentence("a b c d " + "may i " * 6_000).is_request
    assert asked == []
    assert offered("mistake" + " " * 40_000 + "x") is None


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("12 is a dup of 11", f"Did you mean `!incident merge 12 into 11`? {LIKE_THAT}: {LASTS}"),
        ("can bob cover friday?", f"Did you mean `!oncall swap bob friday`? {LIKE_THAT}: {GOES_OUT}"),
        ("call charley about 12", f"Did you mean `!incident escalate 12 to charley`? {LIKE_THAT}: {GOES_OUT}"),
    ],
)
def test_a_sentence_about_what_goes_out_is_asked_about(typed: str, answer: str) -> None:
    assert asked(typed) == answer


def test_a_sentence_is_taken_however_it_is_written() -> None:
    meant = Reading("incident_resolve", "12 since the deploy\nat both sites")
    assert read("12  is\tFixed since the deploy\nat both sites") == meant
    assert read("please 12’s fixed") != meant
    assert read("who’s on tomorrow?") == read("WHOS ON tomorrow") == Reading("oncall", "tomorrow")
    assert read("tell next shift " + "watch it " * 100) is None  # a text that long is no saying


def test_no_idea_is_thought_to_be_missing_that_a_sentence_has() -> None:
    said = {" ".join(phrase): meant for phrase, meant in ideas().items()}
    written = [
        (one, idea) for phrase, meant in said.items() for one in (phrase, f"(i'{phrase.upper()})!") for idea in meant
    ]
    assert [(one, idea) for one, idea in written if not Sentence(f"12 {one}").may_have(idea)] == []
    assert not Sentence("incident open VistA timeouts at two sites").may_have("handover")
