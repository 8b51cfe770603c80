"""Figures of counters in a sentence: "1765 clicked 1121 done, pre 6251 clicked 2602 done"."""

import re
from itertools import accumulate
from operator import or_

from opsdesk.patterns import regex

MARK = regex(
    r"(?i:(?<![\w.,:/#-])(?P<figure>\d{1,3}(?:,\d{3})+|\d{2,7})(?![\w:/-])"
    r"|\b(?P<what>click(?:s|ed)|complet(?:ed|es|ions)|done|finished)\b|\b(?P<pre>pre))"
)
IN_ORDER = ("check-ins clicked", "check-ins completed", "pre-check-ins clicked", "pre-check-ins completed")
CLICKED, LONGEST = "click", 200  # stands in each, and characters of a line
BESIDE = regex(r"\b(?:check[- ]?ins?|checkins?|checked in|counts?|numbers?|stats|today|and|ins?)\b|-", re.IGNORECASE)
FEWEST = 2  # figures


def counts_named(text: str) -> str:
    """Return the counters with their figures, "" for fewer than two.

    A word for each figure stands before it or behind it, all of them alike; four of which some have none are of all
    counters in their order.
    """
    marks = list(MARK.finditer(text))
    are_pre = list(accumulate((found["pre"] is not None for found in marks), or_))
    figures = [found["figure"].replace(",", "") for found in marks if found["figure"]]
    named = [_counter(found["what"], pre) for found, pre in zip(marks, are_pre, strict=True) if found["what"]]
    in_order = iter(IN_ORDER)
    if len(figures) == len(IN_ORDER) and all(name in in_order for name in named):
        named = list(IN_ORDER)
    if len(figures) < FEWEST or len(named) != len(figures):
        return ""
    return ", ".join(f"{name} {figure}" for name, figure in zip(named, figures, strict=True))


def counts_typed(line: str) -> str:
    """Return the counters of a line that is nothing but figures and words for them: "done 1121 clicked 1765"."""
    is_short = len(line) <= LONGEST and CLICKED in line.casefold()
    return counts_named(line) if is_short and not BESIDE.sub("", MARK.sub("", line)).strip(" ,;:/|&+-.") else ""


def _counter(word: str, is_pre: bool) -> str:
    which = "clicked" if word.casefold().startswith("click") else "completed"
    return f"{'pre-' if is_pre else ''}check-ins {which}"
