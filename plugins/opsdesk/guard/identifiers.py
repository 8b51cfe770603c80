"""The numbers that health systems know a veteran by: ICN, EDIPI, DFN, medical records and claims."""

from collections.abc import Iterator

from opsdesk.guard.beside import ALONE, BACK, FIRST, Beside, D
from opsdesk.guard.folding import Folded
from opsdesk.guard.kinds import Found, Kind
from opsdesk.guard.words import wording
from opsdesk.patterns import regex

NO_TIME = r"(?!:[0-9]| ?ms\b| ?%)"  # behind a number: it is no time of day, length or rate
UUID = r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?![0-9a-f-])"
PARTS = r"[0-9a-z]*+(?:[-_][0-9a-z]++)"

# Ten digits, V, and six or twelve more.
ICN = regex(rf"[0-9]{ALONE}{D}{{9}}\s{{0,2}}v\s{{0,2}}{D}{{6}}(?:{D}{{6}})?(?![0-9])")
V_AMONG_DIGITS = regex(r"v(?<=[0-9\s]v)\s{0,2}[0-9]")
ICN_BESIDE = Beside(
    Kind.ICN,
    wording("icn integration", "icns? integration_control_(?:number|no)"),
    regex(r"[0-9](?:[- \n]?[0-9]){9}(?:\s?v\s?(?:[-\n]?[0-9]){6}(?:(?:[-\n]?[0-9]){6})?)?(?![0-9])"),
    near=True,
    rare=True,
)
EDIPI = Beside(
    Kind.EDIPI,
    wording("edi dod", r"\^(?:ni|pi)\^200dod edi_p[in]s? dod_(?:id|identifier|edi|number|no)(?:_(?:number|no|\#))?"),
    regex(r"[0-9](?:[- \n]?[0-9]){9}(?![0-9])"),
    near=True,
    rare=True,
    before=regex(rf"([0-9]{ALONE}[0-9]{{9}}){BACK}"),
    screen=regex(rf"{FIRST}(?:[- \n]?[0-9]){{9}}(?![0-9])"),
)
DFN = Beside(
    Kind.DFN,
    wording("dfn ^dpt patient", r"dfns? \^dpt\( patient_(?:ien|id)"),
    regex(
        r"(?:[0-9]{3}[a-z]{0,2}-[0-9]{3,12}|[0-9]{4,15}|(?<=[:=\"'#/>])[0-9]{1,15}|(?<=[:=] )[0-9]{1,15}"
        rf"|(?<= is )[0-9]{{2,15}})(?:\.[0-9]{{1,4}})?(?![0-9a-z])(?!-[0-9]){NO_TIME}"
    ),
    before=regex(rf"([0-9]{ALONE}(?<![-:/.][0-9])[0-9]{{3,14}}){BACK}"),
)
MRN = Beside(
    Kind.MRN,
    wording(
        "mrn m.r.n med+rec chart mr+#",
        r"mrns? m\.r\.n\.? medical_records?_(?:(?:number|num|no)\b|\#) med_rec(?:_(?:number|no)\b)?"
        r" chart_(?:number|no\b|\#) mr_\#",
    ),
    regex(rf"(?=[a-z-]{{0,4}}[0-9])[a-z]{{0,4}}-?[0-9](?:-?[0-9]){{2,15}}(?![0-9a-z]){NO_TIME}"),
    before=regex(rf"([0-9]{ALONE}(?<![-:/.][0-9])[0-9]{{4,14}}){BACK}"),
)
CLAIM_NUMBER = Beside(
    Kind.CLAIM,
    wording(
        "claim file c-num",
        r"claim(?:s|ant)?_(?:(?:numbers?|num|nos?|nbr|ids?|uuid|guid|folder|control_number)\b|\#)"
        r" (?:va_|vbms_|vba_)?file_(?:number|num\b|no\b|nbr|\#) c-?file(?:_number)? c-number va_file",
    ),
    regex(
        rf"{UUID}|(?=[a-z_ -]{{0,12}}[0-9])[a-z]{{0,6}}[-_]?(?:(?<=[a-z]) )?[0-9]{PARTS}{{0,6}}"
        rf"(?<=[0-9a-z]{{5}}){NO_TIME}"
    ),
    before=regex(rf"([a-z]{{0,3}}[0-9]{ALONE}(?<![-:/.][0-9])[0-9]{{5,14}}){BACK}"),
)
# Behind "claim" alone a number has to be longer: 500 is a status, 1765 a count.
CLAIM = Beside(
    Kind.CLAIM,
    wording("claim", "claims?"),
    regex(
        rf"{UUID}|(?:[a-z]{{0,4}}[-_]?[0-9]{{6}}|[0-9]{{3}}(?:-[0-9]{{3}}){{2}}|[a-z]{{2,4}}[-_]?[0-9]{{4}}-[0-9]{{4}}){PARTS}{{0,4}}{NO_TIME}"
    ),
)

# As Medicare has it, 1EG4-TE5-MK73; as a licence or a card has it, with letters and digits.
CARD = Beside(
    Kind.CARD,
    wording(
        "medicare mbi licen member insur policy subscriber mhv",
        r"medicare(?:_(?:number|num|no|id|beneficiary(?:_(?:id|number))?))? mbi driver'?s?'?_licen[cs]e"
        r" (?:member|insurance|policy|subscriber)_(?:id|number|num|no) mhv(?:_correlation)?_(?:id|ien|number)",
    ),
    regex(rf"(?=[a-z-]{{0,8}}[0-9])(?=(?:-?[0-9a-z]){{7}})[0-9a-z]++(?:-[0-9a-z]++){{0,3}}(?![0-9a-z-]){NO_TIME}"),
)


def identifiers(folded: Folded) -> Iterator[Found]:
    """Return each number that a system knows a veteran by."""
    if folded.has_seven_together:
        if V_AMONG_DIGITS.search(folded.lower):
            yield from (Found(Kind.ICN, one.start(), one.end()) for one in ICN.finditer(folded.lower))
        yield from ICN_BESIDE.find(folded)
        yield from EDIPI.find(folded)
    for beside in (DFN, MRN, CLAIM_NUMBER, CLAIM, CARD):
        yield from beside.find(folded)
