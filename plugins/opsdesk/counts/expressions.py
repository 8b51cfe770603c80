"""Metric queries with arithmetic, taken apart: each term is asked by itself, and the sums are reckoned here.

Datadog would reckon point by point: a ratio of two counts over an hour is the ratio of their sums, not a sum of ratios.
"""

import re
from collections.abc import Mapping, Sequence

import msgspec

from opsdesk.patterns import regex

AGGREGATION = r"(?:avg|sum|min|max|count|p\d{1,3}(?:\.\d+)?)"
MODIFIERS = r"(?:\.\w{1,40}\([^(){}]{0,80}\))*"
METRIC = regex(
    rf"(?:{AGGREGATION}(?:\([^(){{}}]{{1,40}}\))?:)?[A-Za-z][\w.]*\{{[^{{}}]*\}}(?:\s*by\s*\{{[^{{}}]*\}})?{MODIFIERS}"
)
NUMBER = regex(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
NAME = regex(r"[A-Za-z_]\w*")
PLAIN_COUNT = regex(r"(?:sum|count):[A-Za-z][\w.]*\{[^{}]*\}\.as_count\(\)")
COUNTED = ".as_count()"
DEEPEST, LONGEST = 40, 100  # parentheses, and operations

# What each series of a term comes to, by its scope; "" where there is one for all.
Values = Mapping[str, float]


class BadExpression(Exception):
    """An expression that cannot be taken apart; the text says what is wrong."""


class Term(msgspec.Struct, frozen=True):
    """A name for something that is asked: a query of Datadog's, or the name of one."""

    text: str


class Zeroed(msgspec.Struct, frozen=True):
    """What is zero where there is no data."""

    inner: "Node"


class Operation(msgspec.Struct, frozen=True):
    """Two things reckoned with + - * or /."""

    sign: str
    left: "Node"
    right: "Node"


Node = float | Term | Zeroed | Operation


def parse(text: str, names: Sequence[str] = ()) -> Node:
    """Return the expression. With `names`, its terms are these; else they are metric queries, functions and all."""
    reader = _Reader(text, frozenset(names))
    found = reader.sum(0)
    if reader.rest:
        raise BadExpression(f'what stands at "{reader.rest[:40]}" cannot be read')
    return found


def terms(node: Node) -> tuple[str, ...]:
    """Return the terms, each once, in their order."""
    if isinstance(node, Term):
        return (node.text,)
    if isinstance(node, Zeroed):
        return terms(node.inner)
    if isinstance(node, Operation):
        return tuple(dict.fromkeys((*terms(node.left), *terms(node.right))))
    return ()


def value(node: Node, known: Mapping[str, Values]) -> Values:
    """Return what an expression comes to for each series; nothing for those that lack a part or divide by zero."""
    if isinstance(node, Term):
        return known.get(node.text, {})
    if isinstance(node, Zeroed):
        return value(node.inner, known) or {"": 0.0}
    if isinstance(node, Operation):
        return _reckoned(node.sign, value(node.left, known), value(node.right, known))
    return {"": node}


def signs(node: Node) -> str:
    """Return the signs that an expression reckons with."""
    if isinstance(node, Zeroed):
        return signs(node.inner)
    return node.sign + signs(node.left) + signs(node.right) if isinstance(node, Operation) else ""


def filled(node: Node, by_name: Mapping[str, Node]) -> Node:
    """Return a formula with what each of its names stands for."""
    if isinstance(node, Term):
        return by_name[node.text]
    if isinstance(node, Zeroed):
        return Zeroed(filled(node.inner, by_name))
    if isinstance(node, Operation):
        return Operation(node.sign, filled(node.left, by_name), filled(node.right, by_name))
    return node


def is_count(query: str) -> bool:
    """Return whether a term is one metric counted, whose points may be added up."""
    return COUNTED in query and METRIC.fullmatch(query.strip()) is not None


def why_no_counter(query: str) -> str:
    """Return why a query cannot be a counter's, "" where it can: only one metric's counts can be added up for a day."""
    try:
        found = parse(query)
    except BadExpression as wrong:
        return str(wrong)
    if isinstance(found, Operation):
        return "has arithmetic: minute by minute it cannot be added up for a day"
    if not isinstance(found, Term) or METRIC.fullmatch(found.text) is None:
        return "has a function: what it gives cannot be added up for a day"
    if COUNTED not in query:
        return f"does not count; write {COUNTED} behind it"
    if ".rollup(" in query:
        return "has a rollup; leave it out, the desk adds the one that fits"
    if re.search(r"\}\s*by\s*\{", query):
        return "has a group; leave it out, a counter is one number"
    if not PLAIN_COUNT.fullmatch(found.text):
        return "is not the sum of one metric, such as sum:a.metric{$environment}.as_count()"
    return ""


def _reckoned(sign: str, left: Values, right: Values) -> Values:
    return {
        scope: result
        for scope in _scopes(left, right)
        if (result := _of_two(sign, _of(left, scope), _of(right, scope))) is not None
    }


def _scopes(left: Values, right: Values) -> Sequence[str]:
    if _is_single(left) or _is_single(right):
        return list(right if _is_single(left) else left)
    return [scope for scope in left if scope in right]


def _is_single(values: Values) -> bool:
    return set(values) == {""}


def _of(values: Values, scope: str) -> float:
    return values[""] if _is_single(values) else values[scope]


def _of_two(sign: str, left: float, right: float) -> float | None:
    if sign == "/":
        return left / right if right else None
    return {"+": left + right, "-": left - right, "*": left * right}[sign]


class _Reader:
    """Reads from left to right; `rest` is what is left."""

    def __init__(self, text: str, names: frozenset[str]) -> None:
        self.rest, self._names, self._operations = text.strip(), names, 0

    def sum(self, depth: int) -> Node:
        found = self._product(depth)
        while self.rest[:1] in ("+", "-"):
            found = Operation(self._sign(), found, self._product(depth))
        return found

    def _product(self, depth: int) -> Node:
        found = self._one(depth)
        while self.rest[:1] in ("*", "/"):
            found = Operation(self._sign(), found, self._one(depth))
        return found

    def _one(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise BadExpression("it has too many parentheses")
        if self.rest.startswith("-"):
            self._taken("-")
            return Operation("-", 0.0, self._one(depth + 1))
        if self.rest.startswith("("):
            self._taken("(")
            found = self.sum(depth + 1)
            self._need(")")
            return found
        return self._leaf(depth)

    def _leaf(self, depth: int) -> Node:
        if not self._names and (metric := METRIC.match(self.rest)):
            return Term(self._taken(metric[0]))
        if number := NUMBER.match(self.rest):
            return float(self._taken(number[0]))
        named = NAME.match(self.rest)
        if named and named[0] == "default_zero" and self.rest[named.end() :].lstrip().startswith("("):
            self._taken(named[0])
            self._need("(")
            inner = self.sum(depth + 1)
            self._need(")")
            return Zeroed(inner)
        if named and named[0] in self._names:
            return Term(self._taken(named[0]))
        if named and not self._names and self.rest[named.end() :].startswith("("):
            return Term(self._taken(_call(self.rest)))
        raise BadExpression(
            f'what stands at "{self.rest[:40]}" cannot be read' if self.rest else "something is missing"
        )

    def _sign(self) -> str:
        self._operations += 1
        if self._operations > LONGEST:
            raise BadExpression("it has too many parts")
        return self._taken(self.rest[0])

    def _need(self, sign: str) -> None:
        if not self.rest.startswith(sign):
            raise BadExpression(f'a "{sign}" is missing')
        self._taken(sign)

    def _taken(self, piece: str) -> str:
        self.rest = self.rest[len(piece) :].lstrip()
        return piece.strip()


def _call(text: str) -> str:
    """Return the function call that `text` begins with, with what follows it by a dot."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if depth == 0 and letter == ")":
            end = place + 1
            more = re.match(MODIFIERS, text[end:])
            return text[: end + (more.end() if more else 0)]
    raise BadExpression('a ")" is missing')
