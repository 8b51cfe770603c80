"""E-mail addresses that are not the team's own, nor of a domain that the team names."""

import re
from collections.abc import Iterator

from opsdesk.guard.allowed import Allowed
from opsdesk.guard.folding import Folded, places_of
from opsdesk.guard.kinds import Found, Kind
from opsdesk.patterns import regex

LOCAL = regex(r"(?:[^\W_](?:[\w.%+'&-]{0,62}[\w%+-])?|_[\w.%+'&-]{0,62}[\w%+-])\Z")
DOMAIN = regex(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w-])")
SIGNS_IN = regex(r"://[^\s/@<>\"']{0,190}\Z")  # who signs in to a host, which is for `tokens`
# Where people keep their own mail: with such a domain an address is known even with blanks or words in it.
MAIL = (
    r"(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|live|msn|aol|icloud|me|mac|comcast|verizon|att|sbcglobal"
    r"|bellsouth|cox|charter|proton(?:mail)?|gmx|mail)"
)
DOT = r"(?:\.|\s?[\[({<]\s?dot\s?[\])}>]\s?|\sdot\s)"
TOP = r"(?:com|net|org|edu|us|co|info)\b"
LOCAL_IN_WORDS = regex(rf"[\w.+-]{{1,64}}(?:{DOT}[\w+-]{{1,40}}){{0,2}}\s?\Z")
# What stands for the sign, and what has to follow it.
PLAIN_SIGNS, SPELLED_SIGNS = (" at ", " @", "@ "), ("(at)", "[at]", "{at}", "<at>", "( at )", "[ at ]")
OF_MAIL = regex(rf"\s?{MAIL}(?:{DOT}| \.|\. ){TOP}|\s?[\w-]{{1,40}}\sdot\s{TOP}")
OF_ANY = regex(rf"\s?[\w-]{{1,63}}(?:{DOT}[\w-]{{2,40}}){{1,3}}")
SIGNS = (*((sign, OF_MAIL) for sign in PLAIN_SIGNS), *((sign, OF_ANY) for sign in SPELLED_SIGNS))
# Addresses that are no mailbox's: users of hosts and of repositories, versions of files and packages.
NO_MAILBOX = regex(
    r"(?:git|root|ubuntu|ec2-user|deploy|www-data|postgres|svc|jenkins)@"
    r"|.{1,90}\.(?:png|jpe?g|gif|svg|css|m?js|json|tsx?|rb|py|ya?ml|html|md|sh|lock|toml|internal|local|localhost|lan|svc"
    r"|cluster|compute|arpa|amazonaws\.com)\Z"
)


def emails(folded: Folded, allowed: Allowed) -> Iterator[Found]:
    """Return each e-mail address that nobody allows."""
    for sign in ("@", "%40"):
        for at in places_of(sign, folded.lower):
            yield from _around(folded.lower, at, at + len(sign), allowed)
    for sign, behind in SIGNS:
        if sign.strip()[0] not in folded.lower:  # a letter is found sooner than a word
            continue
        for at in places_of(sign, folded.lower):
            yield from _in_words(folded.lower, at, behind.match(folded.lower, at + len(sign)))


def _around(lower: str, at: int, end: int, allowed: Allowed) -> Iterator[Found]:
    local, domain = LOCAL.search(lower[max(0, at - 64) : at]), DOMAIN.match(lower, end)
    if not local or not domain or SIGNS_IN.search(lower[max(0, at - 200) : at]):
        return
    address = f"{local[0]}@{domain[0]}"
    if not NO_MAILBOX.match(address) and not allowed.has_email(address):
        yield Found(Kind.EMAIL, at - len(local[0]), domain.end())


def _in_words(lower: str, at: int, behind: re.Match[str] | None) -> Iterator[Found]:
    begin = max(0, at - 140)
    local = LOCAL_IN_WORDS.search(lower[begin:at]) if behind else None
    if local and behind:
        yield Found(Kind.EMAIL, begin + local.start(), behind.end())
