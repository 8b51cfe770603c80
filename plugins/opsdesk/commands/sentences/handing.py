"""Who is to take an incident, in the ways in which people ask one another: "bob can you take 12", "12 is yours bob"."""

from opsdesk.commands.meanings import Question, question
from opsdesk.commands.sentences.parts import NUMBERED as N
from opsdesk.commands.sentences.parts import STATUSES
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.word_lists.lexicon import FILLERS, is_word_of_sentences, words_in
from opsdesk.patterns import regex
from opsdesk.text import reference

WHO = r"(?P<who>@?[a-z][\w.-]*|<@[uw]\w+>)"
TAKE = r"(?:take|takes|taking|own|owns|have|has|handle|handles|grab|pick up|run|drive|do|look at|look after|cover|lead)"
OF = r"(?:(?:over|on|up) )?(?:the )?(?:incident |inc |ticket )?"
POLITE = r"(?:please|pls|kindly|just|maybe)"
ASKED = (
    rf"{WHO}[,:]? (?:{POLITE},? )?(?:can|could|would|will) (?:you|u|ya) (?:{POLITE} )?{TAKE} {OF}{N}",
    rf"{WHO}[,:]? {POLITE} {TAKE} {OF}{N}",
    rf"(?:would it be (?:possible|ok|okay|fine)|is it (?:possible|ok|okay|fine)|it would be (?:good|great|nice)|"
    rf"how about|what) (?:if |that |for )?{WHO} (?:to )?(?:can |could )?{TAKE} {OF}{N}",
    rf"(?:i|we)(?:'d)? (?:want|need|would like|like|prefer|suggest)(?: that)? {WHO} (?:to |should )?{TAKE} {OF}{N}",
    rf"{WHO} (?:should|is going to|agreed to|wants to|said (?:he|she|they) (?:will|can)|offered to|has to|needs to|"
    rf"better|(?:'ll|ll)) {TAKE} {OF}{N}",
    rf"{N} (?:is|goes|should go|belongs|should be|needs to go|can go) (?:over )?(?:to|with) {WHO}",
    rf"{N} (?:is|'s) (?:yours|all yours|your problem),? {WHO}",
    rf"{WHO}[,:]? {N} (?:is|'s) (?:yours|all yours|for you)",
    rf"{WHO} (?:takes|gets|owns|has got|is taking) {N}",
    rf"(?:move|switch|send|put|pass|give|hand|assign) {N} (?:over |back )?(?:to|on|with) {WHO}",
    rf"(?P<who>i)(?:'ll|ll| will| can|'d|d| would)? {TAKE} {OF}{N} (?:off|from|over from)",
    rf"(?:let|leave) {N} (?:be )?(?:to|with|for) {WHO}",
)
ASKED_OF = tuple(
    regex(
        rf"(?i:(?:\A|[,;:.!?]\s|\s[-–—]\s)(?:(?:please|pls|ok|so|hey|hi|and|can you)[, ]{{1,2}}){{0,3}}{one}(?![\w-]))"
    )
    for one in ASKED
)
ME = words_in("me i myself mine")
NOBODY = words_in(
    "you he she they it we us them someone somebody anyone anybody that this who hold ice pause top radar "
    "the a an our my your his her both all one two three standby file record track ops support prod"
)


def handed_to(said: Sentence) -> Question | None:
    """Return the question whether somebody is to have the incident that is asked of them; None where nobody is."""
    text = said.text.replace("’", "'")
    found = next((match for one in ASKED_OF if (match := one.search(text))), None)
    if found is None or said.has("not"):
        return None
    if reference(found["n"])[0] != said.pieces[said.numbers[0]].number:  # another one is spoken of first
        return None
    who, number = found["who"].removesuffix("'ll"), reference(found["n"])[0]
    plain = who.casefold()
    if plain in ME:
        return question(("incident_assign",), f"{number} me")
    if (
        plain in NOBODY
        or plain in STATUSES
        or (not who.startswith(("@", "<")) and (plain in FILLERS or is_word_of_sentences(plain)))
    ):
        return None
    return question(("incident_assign",), f"{number} {who}")
