"""Whose addresses and numbers may be repeated: the team's own, and those of domains and ranges that the team names."""

import re

import msgspec

from opsdesk.patterns import regex

NOT_DIGITS = regex(r"[^0-9]+")


class Allowed(msgspec.Struct, frozen=True):
    """What is not private: names and e-mail addresses in lower case, telephone numbers as digits with the country's 1.

    `domains` cover those below them ("va.gov" also "med.va.gov"), `ranges` every number that begins with one.
    """

    names: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    domains: tuple[str, ...] = ("va.gov",)
    numbers: frozenset[str] = frozenset()
    ranges: tuple[str, ...] = ()

    def has_email(self, address: str) -> bool:
        """Return whether an e-mail address, in lower case, may be repeated."""
        domain = address.rpartition("@")[2]
        return address in self.emails or any(domain == one or domain.endswith(f".{one}") for one in self.domains)

    def has_number(self, number: str) -> bool:
        """Return whether a telephone number, however it is written, may be repeated."""
        digits = digits_of(number)
        return digits in self.numbers or digits.startswith(self.ranges)

    def has_name(self, name: str) -> bool:
        """Return whether a name is somebody's of the team."""
        return name.lower() in self.names


def digits_of(number: str) -> str:
    """Return a telephone number as digits alone, one of North America with its 1, without an extension."""
    digits = NOT_DIGITS.sub("", re.split(r"[a-z#]", number.lower().removeprefix("tel:"), maxsplit=1)[0])
    return f"1{digits}" if len(digits) == 10 and "+" not in number else digits


def allowing(
    names: tuple[str, ...] = (),
    emails: tuple[str, ...] = (),
    numbers: tuple[str, ...] = (),
    domains: tuple[str, ...] = (),
    ranges: tuple[str, ...] = (),
) -> Allowed:
    """Return what may be repeated, of what the team's files say, however it is written there."""
    return Allowed(
        names=frozenset(name.lower() for name in names),
        emails=frozenset(email.lower() for email in emails if email),
        domains=tuple(domain.lower().lstrip("@.") for domain in domains),
        numbers=frozenset(digits_of(number) for number in numbers if number),
        ranges=tuple(_range(one) for one in ranges),
    )


def _range(typed: str) -> str:
    """Return the digits that a range begins with, one of North America with its 1. Raises a ValueError without any."""
    digits = NOT_DIGITS.sub("", typed)
    if not digits:
        raise ValueError(f"{typed!r} has no digit of a telephone number")
    return digits if typed.startswith("+") or digits.startswith("1") else f"1{digits}"
