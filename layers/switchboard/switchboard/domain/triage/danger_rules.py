"""Danger to life: the words of each kind, and what takes them back.

Drawn from what public guidance tells people to call an ambulance for: NHS 999, the American Heart Association's and Stroke
Association's signs, the CDC on sepsis, poison centres, the 988 Lifeline's and Samaritans' warning signs. English and Spanish.
"""

from __future__ import annotations

from switchboard.domain.triage.rule import Rule
from switchboard.domain.vocabulary import Category, Urgency

_SELF = r"(?:my|your|him|her|them|our|one|it)sel(?:f|ves)"
_PERSON = (
    r"(?:he|she|they|we|i|you|dad|daddy|mom|mum|mommy|father|mother|son|daughter|baby|newborn|infant|toddler|child|kid|boy|girl|husband|wife|"
    r"brother|sister|grand\w+|uncle|aunt|partner|neighbou?r|friend|man|woman|lady|guy|patient|someone|somebody|who|person|roommate|coworker|boyfriend|girlfriend)"
)
_SOME = r"(?:\w+ ){0,3}"
_CANT = r"(?:cant|couldnt|could not|unable to|not able to|barely|hardly|can barely|can hardly)"
_IN = r"(?:in|on|of|across|around|inside) (?:my |his |her |the |their |your |center of |left |right ){0,3}"


def _danger(name: str, *words: str) -> Rule:
    return Rule(name, Category.EMERGENCY, Urgency.EMERGENCY, words)


SELF_HARM = _danger(
    "self-harm",
    r"suicid\w*|sewerslide|unaliv\w+|kms|kys|sui(?=$|[.!])",
    rf"(?:kill|killing|killed|hurt|hurting|harm|harming|cut|cutting|hang|hanging|hanged|shoot|shooting|drown|drowning|starve|starving|end|ending|stab|burn) {_SELF}",
    r"(?:self|sel) ?-?harm\w*|self ?-?injur\w+|cutting again|(?:slit|slitting|slash|cut|cutting) (?:my|his|her|their) (?:wrists?|arms?|throat|legs?)",
    r"(?:end|ending|ended|take|taking|took) (?:my|his|her|their|your|our) (?:own )?(?:life|lives)|end(?:ing)? it(?: all)?(?= now| today| tonight| all| here| for good|$|[.!,])",
    r"(?:want|wants|wanted|wanting|going|ready|rather|prefer|wish|deserve|deserves|hope|trying|tried|try)(?: i| he| she)?(?: to| could| would)? (?:just )?(?:die|be dead|not be here|not exist|not wake up|never wake up)",
    r"(?:wish|wishes|wished) (?:that )?(?:i|he|she|they) (?:was|were|wasnt|werent|would|could|had|never|am|did ?nt|weren t)(?: just)? (?:dead|die|alive|never born|never been born|not wake up|here|born|disappear|been born|never wake up)",
    r"(?:dont|doesnt|didnt|not|never|no longer|dnt) (?:really )?(?:want|wants|wanting|wanna|wish|care|going)(?: to| if i| anymore to)? ?(?:live|be alive|wake up|be here|exist|be in this world|go on|keep living|continue living|be around)",
    r"(?:no|not any|any|without|nothing left|nothing|not worth|isnt worth|no more|no point|no use|no purpose|sick of|tired of|done with|giving up on|give up on|gave up on|hate) ?(?:reason |point |purpose |use )?(?:to |in |of |for |with )?(?:live|live for|living|being alive|life|my life|existing|keep going|going on)(?= |$|[.!,?])(?! insurance| in | at | here| near| with | style)",
    r"better off (?:dead|without me|if i (?:was|were|am) (?:gone|dead|not here))|(?:world|everyone|family|kids|they) (?:\w+ ){0,3}better (?:off )?without (?:me|him|her)",
    r"(?:cant|can not|couldnt) (?:go on|keep going|do this|take it|take this|live|cope|handle (?:it|this|life))(?: like this| this way| with this)? ?(?:any ?more|any longer|no more)",
    r"(?:said|saying|say) (?:my |our |his |her )?goodbyes?(?: to (?:everyone|everybody|my family|the world))?(?= forever| to everyone| to everybody| to my family| to the world)|goodbye (?:forever|cruel world|world)|(?:suicide|goodbye) note",
    r"(?:jump|jumping|jumped) (?:off|from|in front of) (?:a |the |my )?(?:bridge|roof|building|window|train|balcony|cliff)|(?:going|want) to (?:jump|od|overdose)(?= off| from| in front| tonight| today| now|$|[.!,])",
    r"(?:sleep|go to sleep|fall asleep) and (?:never|not) wake up|(?:plan|planned|planning|method|way|ways|means|pills) to (?:die|end (?:it|my life|things))|(?:thoughts?|thinking|think|thinks) (?:of|about) (?:dying|death|killing|ending|hurting|harming|not being here|jumping|suicid\w+)",
    r"life (?:isnt|is not|not|aint|feels not|doesnt feel) (?:worth|worth it)|nothing (?:to|left to) live for|(?:cant|dont) see (?:a|any) (?:way out|future|point)|no way out|in crisis|mental health (?:crisis|emergency)|psychotic(?: break| episode)?|hearing voices|voices (?:are )?tell\w*",
    r"(?:quiero|quiere|queria|quisiera|deseo|prefiero|ganas de|me quiero|se quiere|pienso en|piensa en|piensa|intento|intenta|voy a|va a)(?: a)? (?:morir\w*|matar(?:me|se)|no despertar|desaparecer|quitar(?:me|se) la vida|hacer(?:me|se) dano|ahorcar(?:me|se)|cortar(?:me|se))",
    r"(?:matarme|matarse|quitarme la vida|quitarse la vida|hacerme dano|hacerse dano|ahorcarme|ahorcarse|cortarme las venas|autolesi\w+)|no (?:quiero|quiere|vale la pena|tengo ganas de|puedo) (?:mas )?(?:vivir|seguir viviendo|seguir asi|estar viv[oa])|estarian mejor sin mi|sin ganas de vivir|nota de despedida",
)

_VIOLENCE = _danger(
    "violence or abuse",
    r"(?:going to|want to|wants to|will|planning to|plan to|threaten\w* to|about to|try(?:ing)? to|tried to|trynna|tryna|said (?:he|she|they) (?:would|will|is going to)|ready to) (?:\w+ ){0,1}(?:kill|shoot|stab|murder|strangle|rape|bomb|blow up|burn down|shoot up|attack|hurt|beat|poison|choke)(?= (?:me|us|him|her|them|you|you all|people|everyone|everybody|someone|somebody|my|his|her|the|all|that|this|every|doctors?|nurses?|staff|patients?|kids?|children))",
    r"(?:kill|shoot|stab|murder|strangle) (?:him|her|them|everyone|everybody|someone|somebody|the (?:doctor|nurse|staff)|my (?:wife|husband|kids?|children|baby|son|daughter|boss|mother|father|parents))",
    r"(?:has|have|having|with|got|brought|bring|bringing|carrying|holding|pulled|waving|pointed|pointing) (?:a |his |the |my |her |out a |a loaded )?(?:gun|bomb|knife|weapon|rifle|pistol|firearm|machete)|active (?:shooter|shooting)|shots? fired|gun ?shots?|gunman|shooter|bomb threat|hostage|(?:there is|theres) a (?:bomb|shooter|gun)",
    r"(?:was|been|got|getting|get|is being|being|am being|were|has been|just) (?:\w+ ){0,1}(?:stabbed|raped|strangled|beaten(?: up)?|choked|assaulted|abused|molested|trafficked|kidnapp?ed|mugged)|(?:was|been|got|getting|is|were) shot (?:in|at|by|twice|multiple|with)",
    r"(?:he|she|husband|wife|boyfriend|girlfriend|partner|dad|father|mom|mother|ex|stepdad|stepfather|uncle|son|brother|man|guy|someone) (?:is |keeps |just |has |has been |was |always |is always ){0,2}(?:hits?|hitting|beats?|beating|chok(?:es|ed|ing)|threaten(?:s|ed|ing)|strangl(?:es|ed|ing)|punch(?:es|ed|ing)|kick(?:s|ed|ing)|abus(?:es|ed|ing)|rap(?:es|ed|ing)|touch(?:es|ed|ing)|hurts?|hurting|stabb(?:ed|ing)|attack(?:s|ed|ing)) (?:me|us|my|her|him|them|the kids)",
    r"rape|sexual(?:ly)? (?:assault(?:ed)?|abuse[d]?)|domestic (?:violence|abuse)|(?:afraid|scared|fear) for (?:my|her|his|our) li(?:fe|ves)|afraid (?:he|she|they) (?:will|is going to|might) (?:kill|hurt)|(?:not|dont feel) safe at home|child abuse|abusing (?:a|the|her|his|my) (?:child|kids?|children|baby|son|daughter|mother|patient)",
    r"(?:lo|la|los|las|te|me|nos|le) (?:va|van|voy|quiere|quieren)(?: a)? (?:matar|disparar|apunalar|golpear|pegar)|voy a (?:matar|disparar|poner una bomba)|(?:tiene|trae|hay) (?:un|una) (?:arma|pistola|cuchillo|bomba)|(?:me|la|le|lo|nos) (?:pega|golpea|golpeo|violo|violaron|apunalo|apunalaron|disparo|dispararon|amenaza|esta pegando|esta golpeando|dieron un balazo)|violencia domestica|amenaza de bomba|abuso sexual",
)

_BREATHING = _danger(
    "breathing",
    r"(?:not|isnt|arent|wasnt|stopped|stops|stop|no longer|quit|aint|doesnt seem to be|dont think (?:he|she) is) (?:\w+ )?breath(?:e|es|ing|in)?|no breathing(?! (?:issue|problem|difficult|trouble|concern)\w*)",
    rf"{_CANT} (?:\w+ )?(?:breathe|breath|breathing|catch (?:my|his|her) breath|get (?:any |enough )?air)|(?:trouble|difficult\w*|hard time|hard|struggl\w+|problems?|labou?red|fast|rapid|heavy|noisy|shallow|labou?red|worse\w*|gasping|fighting) (?:with |in |to |for |while )?(?:breath(?:e|es|ing|in)?|air)",
    r"breath(?:ing|in)? (?:is |gets |got |has |was |are |feels |getting |become |very |so |really |too )*(?:hard|harder|difficult\w*|labou?red|worse\w*|funny|weird|fast|faster|rapid|heavy|heavily|shallow|stopped|bad|trouble|badly)",
    r"short(?:ness)? of (?:the )?breath\w*|short ?breath|breathless\w*|out of breath|(?:new |acute |worsening |severe |increasing )?sob(?= (?:worsen\w*|at rest|after|and|with|on|for|since|when|x|started|today|now|while|or|lying)|[,.+/]|$)|dyspn(?:ea|oea|eic)|orthopn(?:ea|oea)|stridor|hypoxi\w+|apn(?:ea|oea) (?:spell|episode)|cyano\w+|respiratory (?:distress|arrest|failure)",
    r"gasping|suffocat\w+|chok(?:ing|ed) on|(?:is|am|are|was|started|hes|shes|baby|child|son|daughter|kid) chok(?:ing|ed)|chok(?:ing|es)(?=[.!]|$| (?:and|help|cant|please))|asthma attack|(?:inhaler|nebuli[sz]er) (?:isnt|not|doesnt|didnt|wont|is not)(?: \w+)? (?:work\w*|help\w*)|no (?:inhaler )?relief (?:from|with) (?:the |my |her |his )?inhaler",
    r"(?:turn(?:ed|ing|s)?|going|went|gone|is|are|looks?) (?:\w+ )?(?:blue|purple|gr[ae]y)(?= |$|[.!,?])(?! (?:shield|cross|light|badge|book|line|card|scrubs|zone|building|team))|(?:blue|purple) (?:lips|face|fingers|skin)|lips (?:are |is |were )?(?:turning |going |went |looking )?(?:blue|purple)",
    r"throat (?:is |was |feels |started |like its ){0,2}(?:clos\w+|swell\w*|swollen shut|tight\w*)|(?:oxygen|o2|sats?|spo2|saturation)(?: sats?| levels?| saturation)?(?: is| of| are| was| at| down to| dropped to| reading| =|:| in the){0,2} ?(?:low 80s|[5-7]\d|8\d)(?= |%|$|[.,])",
    r"no (?:puede|puedo|pueden|podia|logra) (?:\w+ )?respirar|no (?:esta )?respira(?:ndo)?|(?:le|me) (?:cuesta|falta)(?: mucho)? (?:respirar|el aire|aire)|(?:dificultad|problemas?|trabajo) (?:para|al|de) respirar|se (?:esta )?(?:ahoga|ahogando|asfixia\w*|atragant\w*)|falta de aire|labios (?:morados|azules)|se (?:puso|esta poniendo) (?:morad[oa]|azul)",
)

_PAIN = r"(?:pain\w*|pian|pressure|tight\w*|discomfort|hurt(?:s|ing|in)?|heav(?:y|iness)|ache\w*|aching|squeez\w+|crush\w+|burning|stabbing)"
_HEART = _danger(
    "heart",
    rf"(?:chest|ches|chset|heart|left arm|sternum) (?:is |are |was |feels |felt |has |been |really |very |so |wall |area |keeps |started |severe |like ){{0,3}}{_PAIN}",
    rf"{_PAIN} (?:\w+ )?(?:in|on|of|across|around|inside) (?:\w+ ){{0,2}}(?:chest|heart|left arm)|elephant (?:\w+ )?on (?:my|his|her) chest|(?:radiat\w+|spread\w*|shoot\w*|going|goes|travel\w*|down) (?:\w+ )?(?:to|into|down|up) (?:\w+ ){{0,2}}(?:arm|jaw|neck|shoulder)",
    r"(?:having|have|had|has|is|be|with|like|a|mini|massive|possible|another) (?:a )?(?:\w+ )?(?:heart|hart|haert) (?:attack|atack|attck)|heart (?:attack|atack)(?= (?:now|symptoms|signs|right))|heart (?:has )?stopped|cardiac arrest|no pulse|(?:cant|couldnt) (?:find|feel) (?:a |his |her )pulse|stemi|myocardial infarct\w+|acute mi|angina|cp(?= (?:and|with|at|for|radiat\w*|on|x|\(|\"|started|since|after|worse\w*)|[,+/])|diaphore\w+",
    r"(?:palpitations?|heart (?:is )?(?:racing|pounding|fluttering)) (?:and|with|plus|then) (?:\w+ ){0,4}(?:faint\w*|dizz\w+|light ?headed\w*|passed|sweat\w*|short\w*|chest|syncope|weak\w*)",
    r"(?:dolor|presion|opresion|punzada\w*)(?: \w+){0,2} (?:de|en el|del|en) pecho|(?:duele|aprieta|dolia)(?: \w+){0,2} (?:el )?pecho|ataque (?:al|de|del) corazon|infart\w+|paro (?:cardiaco|respiratorio)|no tiene pulso|ataque cardiaco",
)

_STROKE = _danger(
    "stroke",
    r"(?:having|have|has|had|possible|a|mini|another|suspected|acute|signs of|like|of|be) (?:a |an )?(?:\w+ )?(?:stroke|stoke|strok)(?= |$|[.!,?])(?! (?:of|unit|ward|team|patient|nurse|group|rehab|association|survivor|foundation|consultant))|stroke (?:symptoms|signs|like)|tia symptoms|(?:a|another|had|having) (?:\w+ )?tia",
    r"slur\w*(?: \w+){0,2} (?:speech|words|speaking|talking)|(?:speech|words|talking) (?:is |are |was |were |all |has been |so |getting |became |suddenly ){0,3}(?:slur\w*|garbled|jumbled|gone)|slurring|aphasi\w+|dysarthri\w+|(?:trouble|difficult\w*|problems?|unable|cant|couldnt|struggl\w+|hard) (?:with |in |to )?(?:find(?:ing)? (?:\w+ )?words|speak(?:ing)?|talk(?:ing)?(?! to| with| about)|get(?:ting)? (?:\w+ )?words out|word[ -]finding)(?! (?:to|with|about|highly|english|spanish|the language|on the phone|enough))",
    r"(?:face|mouth|smile|eyelid)(?: \w+){0,3} (?:droop\w*|crooked|lopsided|fallen|sagging|twisted|dropp\w+)|(?:facial|face|mouth) (?:is )?(?:droop\w*|palsy|numb\w*|weak\w*)|droop\w* (?:\w+ ){0,2}(?:face|mouth|smile)",
    r"(?:one|left|right|1)[ -]?(?:sided|side)(?: \w+){0,4} (?:weak\w*|numb\w*|paraly\w+|limp|tingl\w+)|(?:weak\w*|numb\w*|paraly\w+|cant move|couldnt move|cant feel|no feeling)(?: \w+){0,4} (?:one|left|right|1)[ -]?(?:sided|side|arm|leg|hand|face)|(?:one|left|right)[ -](?:arm|leg|face|hand|sided)(?: \w+){0,3} (?:weak\w*|numb\w*|paraly\w+|limp)|unilateral (?:weak\w*|numb\w*)|hemi(?:paresis|plegia)|focal (?:weakness|deficit|neuro\w*)",
    r"sudden(?:ly)?(?: \w+){0,4} (?:weak\w*|numb\w*|confus\w+|blind\w*|vision|see|headache|slur\w*|paraly\w+|speak|collaps\w*|dizz\w+|imbalance|balance)|sudden(?:ly)?(?: onset)?(?: of)?(?: \w+){0,2} (?:headache|vision|double vision)|(?:headache|weakness|numbness|confusion|vision loss)(?: \w+){0,2} (?:came on |started |began )sudden(?:ly)?|(?:lost|loss of|losing|gone|cant see|blind)(?: \w+){0,3} (?:vision|sight|eyesight|eye)",
    r"(?:worst|wrost) (?:\w+ )?headache|thunder ?clap|worst headache of|(?:severe|worst|terrible|bad) headache(?: \w+){0,5} (?:confus\w+|stiff neck|vomit\w*|vision|fever|weak\w*|slur\w*|passed|neck)|last known well|meningitis|stiff neck",
    r"derrame(?: cerebral)?|(?:cara|boca)(?: \w+){0,2} (?:torcida|caida|chueca|dormida|paralizada)|(?:no puede|no puedo|dificultad para|problemas para) (?:hablar|mover|ver)(?: \w+)?(?! (?:con|por telefono))|habla(?: \w+)? (?:arrastrad\w+|raro)|(?:lado|brazo|pierna|cara) (?:\w+ ){0,2}(?:dormid\w+|paralizad\w+|debil)|embolia|peor dolor de cabeza",
)

_CONSCIOUSNESS = _danger(
    "consciousness",
    r"(?:not|semi|barely|isnt|wasnt)[ -]?conscious|unconscious|(?:lost|loss of|losing|loses|lose|lost his|lost her) (?:\w+ )?consciousness|unrespons\w+|not respond\w* to (?:me|us|anything|voice|pain|touch)|(?:baby|he|she|child|son|daughter|mom|dad|husband|wife) (?:is |are )?(?:not|isnt|stopped|wont|doesnt) respond\w*|knocked out",
    r"(?:passed|passing|pass|passes) out|collaps(?:ed|ing|es)|(?:near|pre|almost|nearly)[ -]?(?:syncop\w*|faint\w*|pass\w* out|black\w* out)|faint(?:ed|ing|s)(?! (?:line|noise|smell|voice))|(?:feel|feels|felt|feeling) (?:\w+ )?faint|syncop\w*|black(?:ed|ing|s) out|keel\w* over|found (?:him|her|them|my \w+) on the (?:floor|ground)",
    r"(?:wont|not|cant|doesnt|isnt|couldnt|didnt|hard to|difficult to|unable to|barely) (?:be )?(?:woke|wake|waking|wakes|awaken|rouse|arouse|awake|woken)(?: (?:up|him|her|them|my \w+|the \w+))*(?! (?:early|in the morning))|seizure\w*|seizing|convuls\w+|status epilepticus|having a fit|fitting(?= and|[.!]|$)|twitching (?:all over|and)|eyes (?:\w+ ){0,2}roll\w*|foaming at",
    r"(?:altered|change\w* in|changes? to|decreased|acute|reduced) (?:\w+ )?(?:mental (?:status|state)|mentation|consciousness|level of consciousness|loc)|(?:ams|aloc|gcs)(?= |$|[,.)])|confus(?:ed|ion) (?:and|with|plus|since|today|this|started|then|after|now|for|not)|(?:very|suddenly|increasingly|acutely|became|becoming|acting|seems|more and more|semi ?-?conscious,?) confus(?:ed|ion)(?! (?:about|by|on|with|as to|why|how|what|where|if|because|over|when))|(?:^|[.,;:] ?)confusion(?= |$|[.,])(?! (?:about|over|on|with|as to|regarding))|(?:he|she|dad|mom|mum|mother|father|husband|wife|grand\w+|patient|child|son|daughter)(?: is| was| seems| got| now| so| really| very){1,3} confused|delirious|disorient\w+|not making (?:any )?sense|incoherent|(?:doesnt|didnt|not) (?:know|recogni[sz]e) (?:where|who) (?:he|she|they) (?:is|are|was)",
    r"letharg\w+|(?:baby|infant|newborn|child|toddler|son|daughter|kid|he|she)(?: \w+){0,4} (?:limp|floppy|listless|unrousable|wont feed|stiff and|not moving|isnt moving|wont move)|(?:limp|floppy|listless|unresponsive) (?:\w+ ){0,2}(?:baby|infant|newborn|child|toddler|body)|dead body|(?:hes|shes|is|may be|might be|looks) (?:dead|lifeless)(?! (?:end|line|tired|battery|serious|set|wrong|on|in the water|phone|last))",
    r"(?:low (?:blood )?sugar|hypoglyc\w+|(?:glucose|sugar)(?: \w+){0,4} (?:[1-4]\d|5[0-4])|dka|ketoacidosis|(?:glucose|sugar)(?: \w+){0,4} (?:[5-9]\d\d|4[5-9]\d))(?= |$|[.,])(?! ?%)",
    r"inconsciente|(?:perdio|perdi|perdiendo) (?:el )?(?:conocimiento|la conciencia)|desmay\w+|convulsi\w+|no (?:despierta|reacciona|se mueve)|no responde(?= a|$|[.!,])(?! (?:el|al|los) (?:telefono|llamad\w+|mensaj\w+))|se colapso|(?:esta|muy) confundid[oa] y",
)

_BLEEDING = _danger(
    "bleeding",
    r"(?:bleed(?:ing|s)?|blood|bled) (?:\w+ ){0,3}(?:heavily|heavy|badly|a lot|everywhere|non ?-?stop|profusely|wont stop|isnt stopping|not stopping|will not stop|to death|out of control|uncontroll\w*|pouring|gushing|all over|through)|(?:heavy|severe|lots of|lot of|uncontroll\w+|massive|profuse|rectal|internal|excessive|brisk|active|nonstop|non-stop)(?: vaginal| rectal| nose| postpartum| internal)? (?:bleed(?:ing|s)?|blood(?: loss)?)(?! (?:test|work|pressure|type|draw|sample|donat\w*|vessel)\w*)",
    r"(?:wont|not|cant|doesnt|isnt|didnt|hasnt|couldnt|unable to|not able to) (?:get it to )?stop\w* (?:the |my |his |her )?(?:bleed(?:ing)?|blood)|(?:vomit\w*|cough\w*|throw\w*|threw|spit\w*|puk\w+|peeing|urinating|pooping|passing|pass|barf\w*|bringing)(?: \w+){0,2} (?:blood|clots)(?! (?:test|work|pressure)\w*)|(?:blood|bloody)(?: \w+){0,2} (?:vomit\w*|emesis|stools?|diarrhea|diarrhoea)|h(?:a)?emat ?(?:o)?emesis|h(?:a)?ematochezi\w*|h(?:a)?emoptysis|coffee[ -]grounds?|bloody (?:vomit\w*|stools?|diarrh\w+)|brbpr|gi bleed\w*",
    r"h(?:a)?emorr(?:h)?ag\w+|(?:black|tarry|bloody|maroon)(?:,? (?:and )?(?:tarry|bloody|sticky))? (?:stools?|poop|feces|bowel)|melena|melaena|(?:soak\w*|filling|going)(?: through)?(?: \w+){0,2} pads?|(?:arter\w+|neck|throat|wrist|head|eye)(?: \w+){0,3} (?:bleeding|spurting|gushing)|(?:bleed\w*|blood|spotting)(?: \w+){0,4} pregnan\w+(?= |$|[.,])|pregnan\w+(?: \w+){0,6}[,. ]+(?:\w+ ){0,3}(?:bleed\w*|blood(?! (?:test|pressure|work|type|draw|group|sugar))|h(?:a)?emorrhag\w+)|blood clots?(?= (?:in|are|keep)|[.,!]|$)|on (?:blood ?thinners?|warfarin|eliquis|xarelto|anticoag\w+)(?: \w+){0,6} (?:fell|fall|hit|head|bleed\w*)|(?:fell|fall|hit|head injury)(?: \w+){0,8} (?:blood ?thinners?|warfarin|eliquis|xarelto|anticoag\w+)",
    r"(?:head|neck|spinal|brain) (?:injury|trauma)|hit (?:my|his|her|their|the) head(?: \w+){0,6} (?:vomit\w*|pass\w*|unconscious|blood|bleed\w*|confus\w*|sleepy|dizzy|cant)|(?:severed|amputat\w+|cut off|chopped off)(?: \w+){0,2} (?:finger|hand|arm|leg|toe|foot)|bone (?:is )?sticking out|impaled|open fracture",
    r"sangr\w+(?: \w+){0,2} (?:mucho|sin parar|bastante|demasiado)|(?:mucha|tanta) sangre|vomit\w*(?: \w+){0,2} (?:con )?sangre|tos\w*(?: \w+)? (?:con )?sangre|hemorragia\w*|no (?:para|deja) de sangrar|sangrado (?:abundante|fuerte)|embarazad\w+(?: \w+){0,4} sangr\w+|sangr\w+(?: \w+){0,4} embaraz\w+",
)

_POISONING = _danger(
    "poisoning or overdose",
    r"overdos(?:e|ed|es|ing)|(?:od|ods|odd|oding|odded)(?= on|ed|$|[.!,])|(?:was |been |got |is |has |maybe |being |accidentally )?poisoned|(?:carbon monoxide|lead|alcohol|antifreeze|bleach|mushroom) poison\w*|poisoning(?= symptoms|[.!?]|$)(?<!food poisoning)|carbon monoxide|(?:need|gave|giving|used) (?:\w+ )?narcan",
    r"(?:took|taken|take|taking|swallow\w*|drank|drinking|drink|ate|eaten|eating|ingest\w*|inhaled|given|gave)(?: \w+){0,4} (?:whole bottle|bottle of|bottle|all (?:of )?(?:my|his|her|the|their) (?:\w+ )?(?:pills|tablets|meds|medic\w+|tylenol|insulin|bottle)|bleach|batter(?:y|ies)|magnets?|detergent|tide pods?|antifreeze|rat poison|poison|pesticide|drain cleaner|gasoline|handful of|bunch of|cleaning (?:product|fluid)|laundry pods?|hand sanitizer|lighter fluid|berries)|(?:took|taken|swallow\w*|ate|ingest\w*|gave|given)(?: \w+){0,3} (?:too many|too much|double dose|twice the|\d\d+)(?: \w+){0,2} (?:pills?|tablets?|tylenol|paracetamol|ibuprofen|insulin|meds?|medications?|medicines?|dose|doses|xanax|oxy\w*|acetaminophen|aspirin|sleeping)",
    r"too many (?:pills|tablets|tylenol|sleeping pills|meds|doses)|(?:snake|venomous|black widow|scorpion|rattlesnake) ?(?:bite|bit|sting|stung)|bitten by a (?:snake|rattlesnake|black widow)|(?:swallow\w*|ate) (?:a |some |his |her )?(?:button|coin|battery|magnet)",
    r"sobredosis|envenen\w+|(?:tomo|tome|trago|bebio|ingirio|se tomo|me tome)(?: \w+){0,3} (?:cloro|pastillas|veneno|pila|lejia|todas|frasco|insecticida|raticida)|muchas pastillas|intoxicad\w+|monoxido de carbono|picadura de (?:serpiente|alacran|vibora)",
)

_ALLERGY = _danger(
    "severe allergy",
    r"anaphyl\w+|(?:tongue|lips?|face|throat|mouth)(?: \w+){0,3} (?:swell\w*|swollen|swole|puffing|ballooning)|(?:swell\w*|swollen)(?: of| in)?(?: the| my| his| her| their)? (?:tongue|lips?|face|throat|mouth|airway)|epi ?-?pen(?! (?:refill|prescription|price|cost|training|coupon|class|renew\w*))|angio ?edema",
    r"(?:hives|allergic|allergy|bee sting|stung|peanuts?)(?: \w+){0,8} (?:breath\w*|throat|swollen|swelling|wheez\w*|vomit\w*|dizzy|faint\w*)|severe allergic reaction",
    r"anafila\w+|shock anafilactico|(?:lengua|labios|cara|garganta)(?: \w+){0,2} hinchad\w+|se (?:le|me) (?:hincho|hincha|cierra|cerro|esta cerrando|esta hinchando)(?: \w+){0,2} (?:la )?(?:garganta|lengua|cara)",
)

_FEVER = r"(?:fevers?|febrile|(?:t|temp|temperature)(?: is| of|=| =|:)? ?(?:10[3-9]|4[0-2](?:\.\d)? ?c?))"
_SEPTIC = r"(?:stiff neck|confus\w+|rigors?|shaking|chills|weak(?:ness)?|letharg\w+|letharg\w*|seizure|purple|non-?blanching|spots|wont wake|immuno\w+|chemo\w*|neutropen\w+|transplant|mottled|hypotens\w+|ams|altered|port|newborn|fast breathing|clammy)"
_SHOCK = _danger(
    "sepsis, shock or acute illness",
    rf"sepsis|septic|{_FEVER}(?: [\w-]+,?){{0,6}}[,. ]+{_SEPTIC}|{_SEPTIC}(?: [\w-]+,?){{0,6}}[,. ]+{_FEVER}|(?:shaking chills|rigors)|non-?blanching|(?:newborn|week[s]? old|month old)(?: \w+){{0,6}} (?:fever|100\.[4-9]|101|102|103|104)|(?:fever|temp\w*)(?: \w+){{0,6}} (?:newborn|(?:\d|two|three|four|five|six) weeks? old)",
    r"(?:severe|sudden|worst|excruciating|unbearable|intense|acute|agonizing|agonising|terrible|ripping|tearing|\d0/10)(?: onset)?(?: \w+){0,3} (?:abdominal|abdomen|abd|stomach|belly|tummy|testic\w+|pelvic|flank|back) (?:pain\w*|cramps?|pian)|(?:rigid|board[- ]like|rock hard) (?:abdomen|belly|stomach)|testic\w+ torsion|ripping (?:chest|back)|tearing (?:chest|back)|ruptur\w+ (?:appendix|spleen|aneurysm|ectopic)|appendicitis|ectopic|aneurysm|pulmonary embol\w+|aortic dissection|cauda equina",
    r"(?:light ?-?headed\w*|dizz\w+|sweat\w*|clammy|pale|weak|weakness|cold sweat\w*|faint)(?: \w+,?){0,5}[,. ]+(?:\w+ ){0,3}(?:chest|bleed\w*|black stools?|syncope|pass(?:ed|ing) out|vomiting blood|heart|collaps\w*)|(?:light ?-?headed\w*|dizz\w+) (?:when|on|upon|while|after|and) (?:\w+ ){0,3}(?:stand\w*|bleed\w*|black|blood)|hypotens\w+|(?:bp|blood pressure)(?: \w+){0,3} (?:[4-7]\d/\d\d|[4-7]\d over|2[0-9]\d/1[1-9]\d|[12][89]\d/1[2-9]\d|2\d\d over 1[1-9]\d)|(?:heart rate|hr|pulse)(?: is| of| was| at| around){0,2} ?=? ?(?:1[5-9]\d|2\d\d|3\d)(?= |$|[.,])|cold and clammy|(?:in|into) shock(?! (?:at|by|when|about|over))",
    r"(?:severe|third[- ]degree|3rd[- ]degree|chemical|electrical|second[- ]degree|bad) burns?|burn(?:s|ed|t)?(?: \w+){0,4} (?:face|airway|body|arms|chest|hands)|(?:house|clothes|hair|skin|building|room|kitchen|bed|child|he|she|shirt|man|woman|kid) (?:is |are |was |caught )?on fire|electrocut\w+|(?:near |almost |is |was |found )(?:drown(?:ed|ing)?)|drown(?:ed|ing)(?! in (?:paper\w*|bills?|debt|work|e-?mails?|calls|fees|forms))|hit by a (?:car|truck|bus|train|van|motorcycle)|run over|(?:just|got|been|had|having|in|bad|terrible) (?:in )?(?:a |an )?(?:\w+ )?(?:car|motorcycle|bike|motor vehicle|vehicle) (?:crash|accident|wreck)|mva|mvc|fell (?:\w+ ){0,2}(?:from|off|down) (?:a |the |his |her |my )?(?:roof|ladder|window|balcony|stairs|scaffold\w*|\d+)|heat ?stroke|hypothermi\w+|frostbite",
    r"water(?:s)? (?:just |has |have )?(?:broke|broken)|in (?:active |early |preterm )?labou?r(?= |$|[.!,])(?! (?:force|market|day|party|union|costs?|dispute))|(?:giving birth|baby is coming|crowning)|contractions?(?: \w+){0,5} (?:minutes|mins|apart)|cord prolapse|(?:baby|fetus|fetal)(?: \w+){0,3} (?:stopped moving|not moving|hasnt moved|isnt moving|no movement|decreased movement|less movement)|pre ?-?eclampsia|eclampsia|miscarr(?:ying|iage (?:now|right now))|pregnan\w+(?: \w+){0,10} (?:headache|blurr\w*|vision|fell|car accident|severe|contractions?|water)",
    r"sepsis|septic[oa]|fiebre(?: \w+){0,6} (?:convuls\w+|cuello rigido|confus\w+|escalofrios|bebe|recien nacid\w+)|(?:bebe|recien nacid\w+)(?: \w+){0,6} fiebre|rompi(?:o)? (?:la )?fuente|(?:se me|se le) rompio la fuente|contracciones|dolor (?:\w+ )?(?:fuerte|insoportable|intenso)(?: \w+){0,3} (?:abdomen|estomago|vientre|barriga|pecho|cabeza)|(?:me|lo|la|le) atropell\w+|(?:se cayo|me cai) (?:de|del) (?:techo|escalera|balcon)|accidente (?:de carro|de auto|de coche|automovilistico)",
)

_HELP = _danger(
    "call for help",
    r"(?:call|calling|called|dial|phone|ring)(?: for)? (?:911|999|112|000|an ambulance|the ambulance|ambulance|paramedics)|(?:need|needs|send|want|get)(?: me| us| him| her)?(?: an| a| the)? (?:ambulance|paramedics?|emt)|(?:medical|life[- ]threatening|real|serious|this is an|its an|is an) emergency(?! (?:department|room|dept|contact|number|care|physician|medicine|kit|exit|line|fund))",
    r"(?:is|are|am|hes|shes|theyre|think (?:he|she|i) (?:is|am|might be)|might be|going to) (?:\w+ )?(?:dying|gonna die|going to die|about to die)(?! (?:to|for|of (?:laugh\w*|boredom|heat|hunger|thirst)|laughing|out|down))|(?:dont|not|never) (?:want to|wanna|let (?:him|her|me)) die|(?:help|save) (?:him|her|me|us|my (?:baby|son|daughter|mom|dad|wife|husband|child))(?: \w+){0,2} (?:now|asap|dying|quickly|urgent\w*|right now|immediately|fast)|please help me[.!]*$|help help|help me help|sos(?= |!|$)|life or death|matter of life|code blue|do cpr|doing cpr|giving cpr",
    r"ayuda(?:me|nme)? (?:por favor )?(?:urgente|emergencia|se muere)|emergencia medica|(?:necesito|necesitamos|llamen|llama|manden|envien|pidan)(?: a)?(?: una)? ambulancia|se (?:me )?(?:esta )?(?:muere|muri?endo|va a morir)|me (?:estoy muriendo|muero(?! (?:de|por)))|auxilio|socorro|es una emergencia|hay una emergencia|llamen al 911",
)

DANGERS = (
    SELF_HARM,
    _VIOLENCE,
    _BREATHING,
    _HEART,
    _STROKE,
    _CONSCIOUSNESS,
    _BLEEDING,
    _POISONING,
    _ALLERGY,
    _SHOCK,
    _HELP,
)
