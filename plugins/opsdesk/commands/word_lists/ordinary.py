"""Ordinary words and names that are one letter away from a word of the desk: whoever types one has not misspelt it."""

from opsdesk.commands.word_lists.lexicon import words_in

ORDINARY = words_in(
    "aboard abort accent accepts ace aching act acted acting ads age aid albert alice andy ann announced announcer "
    "arise asked asking attack auction audio awaiting awaits backed backing bake ball bands batch beach belief bend "
    "best bet bill bind blink bob bone booking bout breach bright calm cancer cart cell center charm chat checks chen "
    "chose clam cleaned clearer clone closer closest closet code coin cold command commend contract contracts cooking "
    "cost county court covert craft crate cute dave deck dev dip discovers discovery disk dive diving dome don dose "
    "dove drag draws drift drone dry dump each emerge enters evenings fake fall fax few filed files film finds fire "
    "fired fires fit five flipping fork form fort four fry fund fur gain gave given grace grade grain grams grass "
    "grip hack hacked hacking hall handling handy hangs hatch headed heading heads heap heck held hell helps her host "
    "inch jack jill john joint key kind knew lack lacked lacking lake landed landing lands leader leaked leaking "
    "leaks leaned leaning leaving lift line lines lisa lists lit live living load loaded loading loads locking lose "
    "loses losing lost lot lover mail mall match mate mates megan mend mere merger met mice mike mile mina mind mines "
    "mini mint mix mixed mixing mount neat ned nest net nine nod node nodes noises non none nothing noticed notion "
    "odd oven owned pace pack packed paged paige pale patch peach pen pig pile pilot pink port pose posts pot pots "
    "preach prep question quit quite race races rack raw react reading reads recorder refused refuses remote rep "
    "resort rest review rights ring rise rita rob roles rot row rule ruled sake sand sat scans sea seat seats seed "
    "seek sends sets shaft ship shirt shirts shoe shop shot shown shows sing sink sip sit six skin slap slip slot "
    "slow smart snap snow span spend stab stage stake star stare stars starts states stay stays step stoop stops "
    "swift tale talking tall tape target teach tend tent tests text token tone top traced track tracks tray truce "
    "views vote voted votes voting waist waited wake wakes wall wanting wasting weak weeks west white wind writers "
    "zone afk brb ooo wfh otw eta swamped stick stuck tack jot jots pop pops throw throwing blurb notch jotted"
)
