"""The kinds of private data that are masked, and what others may read instead."""

import enum
from typing import NamedTuple


class Kind(enum.Enum):
    """A kind of private data: `label` stands in its place, `about` says what is meant.

    Where two kinds cover the same letters, the one that is named first here is told.
    """

    def __init__(self, label: str, about: str) -> None:
        self.label, self.about = label, about

    SIGNATURE = "[signature]", "the signed part of an address"
    TOKEN = "[token]", "tokens, keys and passwords"
    SSN = "[SSN]", "Social Security numbers"
    ICN = "[ICN]", "ICNs"
    EDIPI = "[EDIPI]", "EDIPIs"
    DFN = "[DFN]", "DFNs"
    MRN = "[MRN]", "medical record numbers"
    CLAIM = "[claim number]", "claim numbers"
    CARD = "[card number]", "numbers of cards and licences"
    BIRTH = "[date of birth]", "dates of birth"
    EMAIL = "[e-mail]", "e-mail addresses"
    PHONE = "[phone]", "phone numbers"
    ADDRESS = "[address]", "street addresses"
    LINK = "[id]", "the ids in links to a check-in"
    NAME = "[name]", "names of patients"


class Found(NamedTuple):
    """Private data found in a text: its kind, and where it begins and ends."""

    kind: Kind
    start: int
    end: int
