"""Courtesies, and the small words that say nothing of whether a change is wanted."""

from opsdesk.commands.word_lists.lexicon import words_in

COURTESIES = words_in(  # before a command that is typed as such
    "ok okay okey k kk so then and now thanks thank thx ty alright right great cool nice perfect sure just also desk "
    "team all folks guys everybody everyone lets finally actually really good morning afternoon evening hey hi "
    "hello you yes yep yeah yup yea"
)
COURTEOUS = COURTESIES | words_in(  # around one
    "a an the this that these those please pls plz yo awesome rn atm kindly quickly quick asap it its is are was were "
    "i im ive ill we weve us our me my let go ahead to for on of today anyway u can do did has have been be had got "
    "there theres from being get number nr num already only last id"
)
