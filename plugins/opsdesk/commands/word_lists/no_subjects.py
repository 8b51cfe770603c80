"""Words that stand beside what is asked about, and are never what it is: pronouns, verbs, time, curses, politeness."""

from opsdesk.commands.word_lists.lexicon import words_in

NO_SUBJECTS = words_in(
    "he she him her his they them their theirs we us ours you yours mine me i it its one ones other others another "
    "each every both all any anyone anybody someone somebody everyone everybody nobody noone none such same "
    "am been being be is are was were do does did done has have had having can could will would shall should may "
    "might must got get gets getting gotten go goes going gone went come comes came coming take takes took taking "
    "know knows knew knowing known say says said saying see sees seen saw look looks looked looking find found "
    "want wants wanted need needs needed keep keeps kept let lets make makes made put puts try tries tried trying "
    "use uses used work works worked working give gives gave given tell tells told ask asks asked think thinks "
    "thought mean means meant feel feels seem seems seemed show shows showed happen happens happened lost lose "
    "missed miss started start starts began write writes wrote read handle handles help helps bother bug poke "
    "throwing throws giving having acting failing fails failed broken dead stuck slow down wrong fixed solved "
    "responsible person people guy guys folks folk team contact contacts number phone who whom whose which what "
    "when where why how here there now then today tonight tomorrow yesterday moment minute minutes hour hours day "
    "days time times week weeks month morning afternoon evening night monday tuesday wednesday thursday friday "
    "saturday sunday since until till before after again already still yet ever never always often usually first "
    "next last later soon early late long ago if or and but so because as than that this these those the a an of to "
    "in on at by for from with without about into over up out off through between during not no yes yeah yep ok "
    "okay sure maybe perhaps probably actually really very too also just only even quite pretty kinda kind sorta "
    "sort bit lot lots much many more most less few several some enough whole good bad better worse best worst fine "
    "nice great weird strange odd low high normal usual new old big small right left open closed able possible "
    "please pls plz thanks thank thx sorry hi hello hey huh hm hmm eh oh ah ugh lol omg wtf wth tf crap shit damn "
    "dang damned freaking freakin fucking stupid bloody hell heck man dude bro buddy mate thing things stuff part "
    "way something anything everything nothing requests request calls problem problems issue issues trouble error "
    "errors errs err crud mess bookmark bookmarks page pages idea clue question questions way ways check checks"
)
