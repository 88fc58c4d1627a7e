"""What a text is about, in the order in which it counts: the gravest first."""

from __future__ import annotations

from switchboard.domain.triage.rule import Rule
from switchboard.domain.vocabulary import Category, Urgency

_MINE = r"(?:my|our|her|his|their|your|patient|patients|private|personal|medical|someone elses|another patients|other peoples)"
_DATA = r"(?:info\w*|records?|data|details|chart|results|photos?|pictures?|diagnos\w+|name|history|file|x-?rays?|letters?|address|number)"

TOPICS = (
    Rule(
        "allergic or adverse reaction", Category.ADVERSE_EVENT, Urgency.URGENT,
        (
            r"side[ -]?effects?",
            r"(?:allergic|adverse|bad|severe|weird|terrible|strange|horrible) (?:allergic )?reactions?",
            r"(?:reaction|reacted|allergic)(?: \w+){0,2} (?:to|after|from) (?:the |my |a |your |his |her |new )?(?:\w+ )?(?:vaccin\w*|shots?|jab|meds?|medic\w*|drugs?|pills?|injection\w*|antibiotic\w*|anesthe\w+|penicillin|amoxicillin|infusion|contrast|implant|booster|iv|transfusion)",
            r"(?:wrong|incorrect|expired|too much|double) (?:\w+ )?(?:medication|medicine|meds|dose|dosage|drug|prescription|vaccine|pills|blood type)",
            r"(?:since|after|from|started)(?: \w+){0,5} (?:vaccin\w*|shot|jab|booster|injection|new (?:med\w*|pills?|tablets?|drug|inhaler)|antibiotic\w*|statin\w*|infusion|implant|medication|medicine)(?: \w+){0,8} (?:rash|hives|itch\w*|swell\w*|swollen|fever|numb\w*|dizz\w*|palpitations|vomit\w*|sick|headaches?|pain|lump)",
            r"(?:rash|hives|itch\w*|swell\w*|swollen|fever|numb\w*|dizz\w*|palpitations|vomit\w*|broke out)(?: \w+){0,8} (?:since|after|from)(?: \w+){0,4} (?:vaccin\w*|shot|jab|booster|injection|new (?:med\w*|pills?|tablets?|drug)|antibiotic\w*|statin\w*|infusion|implant|medication|medicine|penicillin|amoxicillin)",
            r"hives|recalled? (?:implant|device|medication|drug)",
            r"(?:pump|pacemaker|implant|device) (?:\w+ )?(?:fail\w*|malfunction\w*|broke\w*)",
            r"efectos? secundarios?|efectos? adversos?|reaccion (?:alergica|adversa|mala|a la vacuna|al medicamento)",
            r"alergic[oa]|ronchas|medicamento equivocado|dosis equivocada",
            r"me cayo mal (?:la|el) (?:vacuna|medicamento|medicina|inyeccion)",
        ),
    ),
    Rule(
        "privacy", Category.PRIVACY, Urgency.URGENT,
        (
            r"hipaa|hippa|gdpr",
            rf"{_MINE}(?: \w+){{0,2}} {_DATA}(?: \w+){{0,5}} (?:shared|posted|leaked|exposed|disclosed|visible|sent to|given to|published|sold|stolen|hacked|without|online)",
            rf"(?:shared?|sharing|posted|posting|leaked|exposed|looked (?:at|up|into)|gave (?:out|away)|disclosed|published|sent|accessed|viewed|told|sold|snooped|discussed|revealed)(?: \w+){{0,6}} {_MINE}(?: \w+){{0,2}} {_DATA}",
            r"(?:data|privacy|security|confidentiality) (?:breach\w*|violation\w*|leak\w*|incident|concern|complaint)",
            r"breach(?:ed)? (?:of |my |our )?(?:privacy|confidential\w*|data)",
            r"violat\w+ (?:of |my |our |patient |her |his ){0,3}(?:privacy|confidential\w*|rights)",
            r"without (?:my|her|his|our|the patients?) (?:consent|permission|knowledge)",
            rf"(?:wrong|another|other|someone elses|somebody elses|a different|different) (?:patients?|persons?|peoples?)?(?: \w+)? ?(?:{_DATA})(?= |$|[.,!?])",
            rf"{_DATA} (?:of|for|about) (?:another|a different|someone else|other) ?(?:patients?|person)?",
            rf"(?:delete|remove|erase|take down|opt out)(?: \w+){{0,3}} {_MINE}(?: \w+)? {_DATA}",
            r"(?:privacy|confidential\w*)(?= |$|[.,!?])|identity theft|filmed (?:me|us|my)",
            r"(?:photo|video|picture)s? (?:of|with) (?:me|my \w+|a patient|patients)(?: \w+){0,4} (?:without|online|posted|facebook|website|page)",
            r"privacidad|confidencial\w*",
            r"(?:compartieron|publicaron|divulgaron|filtraron|enviaron|dieron|mostraron)(?: \w+){0,3} (?:mi|mis|nuestros?|sus?) (?:datos|informacion|expediente|resultados|foto\w*|historia|historial)",
            r"sin mi (?:consentimiento|permiso|autorizacion)|datos personales|de otro paciente|proteccion de datos",
        ),
    ),
    Rule(
        "press", Category.PRESS, Urgency.URGENT,
        (
            r"(?:i am|am|this is|im|as|here|we are|freelance|investigative|staff|health|local|news|tv|radio) (?:\w+ ){0,3}(?:a |an )?(?:reporters?|journalists?|producers?|correspondents?|news crew|columnist|editor)",
            r"(?:reporter|journalist|producer|correspondent|editor)s? (?:with|for|at|from|here|looking|working)",
            r"(?:press|media) (?:inquir\w+|enquir\w+|request|office|release|contact|officer|relations|team|deadline|statement|pass|spokes\w+)",
            r"spokes(?:person|man|woman)",
            r"(?:writing|working on|doing|preparing|researching|covering) (?:a |an |our |my |the )?(?:\w+ )?(?:story|article|piece|segment|broadcast|news report|feature|report for|documentary)",
            r"for (?:a|our|my|an) (?:\w+ )?(?:story|article|broadcast|segment|news)|request(?:ing)? (?:for )?comment",
            r"(?:interview|comment|statement)(?: \w+){0,6} (?:tv|newspaper|news|radio|channel \d+|press|times|tribune|herald|gazette|bbc|cnn|post|deadline|on air|publication)",
            r"periodista\w*|reporter[oa]|(?:sala|oficina|jefe) de prensa|medio de comunicacion",
            r"para (?:un|una|nuestro) (?:reportaje|articulo|noticiero|nota periodistica)",
            r"solicit\w+ (?:una )?entrevista",
        ),
    ),
    Rule(
        "threat of a lawsuit", Category.COMPLAINT, Urgency.URGENT,
        (
            r"(?:my|a|our|an|the|call(?:ing)?|contact\w*|hire[d]?|hiring|get(?:ting)?|speak\w* (?:to|with)|talk\w* to|consult\w*|hear(?:ing)? from)(?: \w+){0,2} (?:lawyers?|attorneys?|solicitors?)(?! general)",
            r"law ?suits?|legal action|take (?:you|them|this|the hospital)(?: \w+)? to court|see you in court",
            r"(?:going to|will|am|gonna|want to|could|should|can|planning to|may|might) (?:be )?(?:sue|suing)",
            r"sue (?:you|the|this|them|your)|suing (?:you|the|this|them)|malpractice|negligen(?:ce|t|tly)",
            r"wrongful death|ombudsman",
            r"(?:report\w*|complain\w*|complaint)(?: \w+){0,6} (?:medical board|state board|board of|joint commission|health department|authorit\w+|police|regulator|attorney general|cqc|licensing|bbb|cms|news|media)",
            r"(?:los|las|les|voy a|vamos a|pienso|puedo) demandar\w*|demandarlos|demanda (?:legal|judicial|contra)",
            r"(?:mi|un|nuestro) abogad[oa]|negligencia(?: medica)?|mala praxis|accion(?:es)? legal\w*",
            r"derechos humanos",
        ),
    ),
    Rule(
        "getting worse, or signs of something grave", Category.CLINICAL, Urgency.URGENT,
        (
            r"(?:getting|gotten|got|becoming|is|are|feel\w*|gets|even|much|lot|going|been|became) (?:much |a lot |even |a bit |way |progressively ){0,3}worse(?! (?:service|hospital|care|place|experience|every year|customer|wait|at answering|parking|food|staff|than the (?:food|parking|wait)))",
            r"worsen\w*|(?:rapidly |quickly )?spreading (?:rash|redness|fast|up|down|infection)",
            r"red (?:streak\w*|line)|(?:high|persistent|constant|wont break|wont go down) (?:grade )?fever",
            r"fever(?: \w+){0,4} (?:wont|days|not going|not coming|10[2-9]|39|4[01])",
            r"(?:severe|extreme|excruciating|unbearable|intense|terrible|awful|agony|worst|horrible|so much|a lot of|really bad|very bad|in constant|constant) (?:\w+ )?(?:pain|headaches?|migraine|cramps|nausea|vomiting|diarrhea|itching|back ?ache)",
            r"pain (?:\w+ ){0,2}(?:severe|unbearable|intense|excruciating|10/10|9/10|8/10)|in agony",
            r"(?:infected|infection|pus|oozing|gangrene|abscess|dehydrat\w+)",
            r"(?:cant|unable to|not able to|wont|hasnt|havent|not|isnt) (?:keep (?:\w+ ){0,2}down|walk\w*|pee|urinat\w*|eat(?:ing)?|drink(?:ing)?|swallow|stand up|bear weight|peed|sleep (?:because of|from|due to) (?:the )?pain|feeding|gone to the bathroom)",
            r"blood (?:in|on) (?:my|his|her|the) (?:urine|stool|pee|poop|diaper|spit|phlegm|semen|tissue)|bleeding",
            r"spotting",
            r"(?:discharged?|surgery|operation|procedure|c-section|birth|delivery)(?: \w+){0,10} (?:pain|fever|bleed\w*|swollen|swelling|red|vomit\w*|dizzy|leaking|opened|burst)",
            r"(?:ran|run|running|am|are|been|almost|completely) (?:\w+ )?(?:out of|without) (?:my |his |her |our |the )?(?:\w+ )?(?:insulin|inhaler|meds?|medic\w*|pills?|oxygen|epi ?-?pen|seizure|blood pressure|heart|warfarin|methadone|prescription)",
            r"(?:broken|fractured|dislocated) (?:\w+ )?(?:bone|arm|leg|wrist|ankle|hip|finger|rib\w*|nose|collarbone)",
            r"(?:swollen|swelling)(?: \w+){0,3} (?:leg|calf|foot|testic\w+|eye|joint|knee)|calf (?:pain|swell\w*)",
            r"bitten by|dog bit\w*|needle ?stick|concussion|head injury|fell (?:and|on|down)",
            r"stitches (?:\w+ )?(?:open\w*|burst|came|bleed\w*)",
            r"(?:baby|newborn|infant|toddler|weeks old|month old)(?: \w+){0,8} (?:fever|vomit\w*|crying|dehydrat\w+|rash|diarrh\w+|not eating|cough\w*)",
            r"pregnan\w+(?: \w+){0,8} (?:pain|cramp\w*|spotting|fever|swelling|itch\w*|vomit\w*|headache)",
            r"panic attacks?|depress(?:ed|ion)|relapse[d]?|withdrawals?|hopeless|hurting (?:so )?(?:bad|much)",
            r"(?:signs?|symptoms?)(?: \w+){0,3} (?:stroke|heart attack|sepsis|seizure|overdose|anaphyla\w+|meningitis|concussion|appendicitis)",
            r"urgent(?:ly)?|asap|as soon as possible|lump|migraine",
            r"empeor\w+|cada vez peor|fiebre (?:alta|de (?:39|40|41|10[2-9]))",
            r"(?:tengo|tiene|con|lleva|llevo)(?: \w+){0,4} (?:mucho dolor|infeccion|infectad[oa]|fiebre)",
            r"dolor (?:fuerte|intenso|severo|insoportable)",
            r"no (?:puede|puedo|quiere) (?:caminar|comer|orinar|tragar|tomar agua)|sangr\w+|urgente|lo antes posible",
            r"se me acabo (?:la|el|mi) (?:insulina|medic\w+|inhalador)|depresion|ataques? de panico|hinchad[oa]",
        ),
    ),
    Rule(
        "records", Category.RECORDS, Urgency.NORMAL,
        (
            r"(?:medical|my|health|hospital|discharge|immuni[sz]ation|vaccin\w+|shot|birth|dental|patient|copy of|copies of|request|release of|transfer) (?:\w+ ){0,2}(?:records?|papers|paperwork|charts?|files?|summary|notes|certificates?|letter|history|report|forms?)",
            r"(?:test|lab|labs|blood|x-?ray|mri|ct|biopsy|scan|pathology|imaging|covid|mammogram|ultrasound|swab|std|sleep study|screening|bloodwork|genetic) (?:\w+ )?(?:results?|reports?|images?|disc|cd)",
            r"(?:my|get|the|see|waiting for|receive[d]?|his|her|view|access|our) results|my ?chart",
            r"(?:patient |online |the |your |my )?portal|log ?in|password reset",
            r"(?:doctors?|sick|medical|school|work) (?:notes?|excuse|certificate)|fmla",
            r"(?:disability|insurance|school|camp|sports) (?:paperwork|forms?|physical form)",
            r"(?:expediente|resultados|historia(?:l)? (?:clinic[oa]|medic[oa])|constancia|certificado|copia de (?:mi|mis)|radiografias?|comprobante|carnet de vacunas|portal)",
        ),
    ),
    Rule(
        "billing", Category.BILLING, Urgency.NORMAL,
        (
            r"bill(?:s|ed|ing)?(?! (?:gates|clinton|smith|and))|invoices?",
            r"(?:over|double|up)?charg(?:ed|es|ing|e)(?: (?:me|us|twice|for|my|\d|\$|fee|so|too|a|an|of|incorrect\w*|double)|$|[.,!?])",
            r"co-?pays?|insurances?|insured|deductibles?|payment ?(?:plan|s|options|due|portal)?|paid",
            r"pay(?:ing)? (?:\w+ ){0,3}(?:bill|online|for|out of pocket|too much|\$|\d)|refund\w*|reimburs\w*",
            r"collections?(?: agency| notice|$|[ .,!?])|debt collect\w*|financial (?:aid|assistance|help)",
            r"charity care|medicare|medicaid|blue cross|aetna|cigna|united ?health\w*|kaiser|tricare|in[ -]network",
            r"out of network|prior auth\w*|pre-?auth\w*|estimates?|self[ -]pay|uninsured",
            r"(?:cost|costs|price|prices|pricing|fees?|rates?)(?= |$|[.,!?])",
            r"how much (?:does|do|is|are|will|would|for|it|to)|expensive|afford|balance (?:due|of|on)|owe[ds]?",
            r"statements? (?:in the mail|says|shows)|factura\w*|cobr(?:o|os|aron|ar|an|ando|e)",
            r"seguro(?:s)?(?: medico| de salud|$|[ ?.,!])|cuanto (?:cuesta|vale|sale|cobran|es)|precios?|costos?",
            r"pag(?:o|os|ar|ue|amos|aron)|reembolso|deuda|plan de pagos|presupuesto",
        ),
    ),
    Rule(
        "appointment", Category.APPOINTMENT, Urgency.NORMAL,
        (
            r"app?oi?nt?e?ments?|appts?|appointed time|re-?schedul\w+|schedul(?:e|ing|ed)",
            r"(?:book|cancel|confirm|change|move|make|set up|need|get)(?:ing|led|ed)? (?:\w+ ){0,2}(?:visit|slot|check ?-?up|consult\w*|follow[ -]?up|physical|mammogram|colonoscopy|mri|scan|test|screening|surgery|session|vaccin\w*|flu shot|covid test)(?= |$|[.,?!])",
            r"walk[ -]?ins?|wait(?:ing)? lists?|referrals?|referred",
            r"(?:accept|tak|see)(?:ing|e|s)? (?:any )?new patients",
            r"(?:visit\w*|opening|office|clinic|business|operating|your|pharmacy|holiday|lab|weekend) hours",
            r"(?:hours|open|opened|opens|close|closed|closes|closing)(?= |$|[.,?!])(?! (?:heart|mind|wound|surgery|enrollment|the door|ended|sore|to))",
            r"what time|availab\w+|next (?:available|opening)|parking|directions",
            r"(?:where|how)(?: \w+){0,4} (?:located|get there|find you|address)|which (?:entrance|building|floor)",
            r"tele ?(?:health|visit|medicine)|video visit|cita(?:s)?(?= |$|[.,?!])|agendar|reservar|turno",
            r"consulta(?:s)?(?= |$|[.,?!])|horarios?|abren|cierran|abierto|direccion|lista de espera|reprogramar",
            r"nuevos pacientes",
        ),
    ),
    Rule(
        "job", Category.JOB, Urgency.LOW,
        (
            r"(?:job|jobs|vacanc(?:y|ies)|internships?|externships?|residency (?:program|position|application)|volunteers?|volunteering|careers?|recruit\w*|employment|hiring|hire|job fair|shadow(?:ing)? (?:a|program|doctor)|cna|apprentice\w*)(?= |$|[.,?!])",
            r"(?:my|a|send|submit\w*|your|updated|job|an online|online) (?:resume|cv|application)",
            r"appl(?:y|ied|ying) (?:for|online|to|at|here)",
            r"(?:open|available|nursing|full[ -]time|part[ -]time|new|rn|night shift|entry level) positions?",
            r"work (?:for|at) (?:you|your|the hospital|this hospital|mercy)|salary|empleos?|vacantes?|voluntari\w+",
            r"bolsa de trabajo|curriculum|contratando|(?:hay|busco|buscando|ofrecen) trabajo|practicas profesionales",
        ),
    ),
    Rule(
        "clinical question", Category.CLINICAL, Urgency.NORMAL,
        (
            r"ibuprofen|tylenol|paracetamol|acetaminophen|advil|aspirin|statins?|metformin|vitamins?|incisions?|scars?|symptom\w*",
            r"(?:should i|do i need to|when to|should we) (?:see|go|come|take|worry|get|stop|start|be seen|call|bring)",
            r"(?:pain\w*|aches?|aching|hurts?|hurting|fevers?|rash\w*|cough\w*|nausea|nauseous|vomit\w*|throwing up|diarrh\w+|constipat\w+|dizz\w+|swollen|swelling|diagnos\w+|medications?|medicines?|meds|dosage|doses?|prescri\w+|refills?|pregnan\w+|breast ?feed\w*|diabet\w+|blood pressure|blood sugar|cholesterol|covid\w*|corona\w*|virus\w*|flu|vaccin\w+|boosters?|infect\w+|surger\w+|operation|cancer\w*|chemo\w*|tumou?rs?|antibiotics?|mg|tablets?|pills?|insulin|inhaler|asthma|allerg\w+|anxiety|adhd|autis\w+|arthritis|thyroid|uti|std|hiv|periods?|menopaus\w+|headaches?|sore throat|ear ?ache|itch\w*|bleed\w*|wound|stitches|fracture\w*|sprain\w*|injur\w+|mri|ct scan|x-?rays?|ultrasound|mammogram|colonoscopy|biopsy|treat(?:ment|ed)s?|therap\w+|contagious|immun\w+|side effect\w*|numb\w*|tingl\w+|faint\w*|tired all|insomnia|lumps?|moles?|skin|kidney\w*|liver|lungs?|asymptomatic|quarantin\w+|isolat\w+|masks?|exposed|exposure)",
            r"sintoma\w*|dolor\w*|duele\w*|fiebre|tos|vomit\w*|diarrea|mareo\w*|embaraz\w+|medicament\w+|medicin\w+",
            r"recetas?|vacuna\w*|cancer|diabet\w+|presion alta|cirugia\w*|operacion|tratamiento\w*|alergia\w*|gripe",
            r"gripa|infeccion\w*|pastillas?|inyeccion\w*|ultrasonido|radiografia|contagi\w+|enferm\w+",
        ),
    ),
)  # fmt: skip

COMPLAINT = Rule(
    "complaint",
    Category.COMPLAINT,
    Urgency.NORMAL,
    (
        r"rude\w*|terribl[ey]|horribl[ey]|worst|awful\w*|disgust\w+|unacceptable|disappoint\w+|ridiculous\w*",
        r"incompeten\w+|unprofessional\w*|filthy|dirty|pathetic\w*|shameful|shame on|ashamed|appalling|disgrac\w+",
        r"nightmare|joke of a|a joke|unhelpful|useless|poor(?:ly)?|lazy|arrogant|dismissive|dismissed|uncaring",
        r"careless\w*|abysmal|atrocious|dreadful|shocking|shocked|horrendous|horrific|outrag\w+|inexcusable|sloppy",
        r"chaos|chaotic|shambles|mess|messed up|messing|frustrat\w+|annoy\w+|angry|furious|upset|upsetting",
        r"irritat\w+|sucks?|crap\w*|bullshit|wtf|scam\w*|thieves|rip[ -]?off|ripped off|ripoff|greedy|lied|lying to",
        r"liars?|misdiagnos\w+|mistreat\w*|ignored|ignoring|neglect\w*|unsafe|overcrowded|understaffed|cold and",
        r"condescending|patroni[sz]ing|discriminat\w+|racist|complain\w*|complaints?|grievance|unhappy|unsatisf\w+",
        r"dissatisf\w+",
        r"not (?:happy|satisfied|acceptable|good enough|impressed|helpful|friendly|clean|good|great|ok|okay|pleasant|professional|right|fair|working|nice|listening|interested|worth|recommend\w*|enough)",
        r"never again",
        r"(?:wont|will never|not going to|would not|wouldnt|never|dont|not) (?:\w+ )?(?:going back|go back|come back|return|recommend|go here|go there|going there|use (?:you|them|this))",
        r"stay away|avoid (?:this|at)|waste of|zero stars|0 stars|one star|1 star|lack(?:ed|ing|s)? (?:of )?|rushed",
        r"impersonal|inefficien\w+|unorgani[sz]ed|disorgani[sz]ed|unreliable|inadequate|insufficient|unfair",
        r"pesim[oa]s?|groser[oa]s?|quej(?:a|as|o|arme)",
        r"mal(?:a|os|as)? (?:servicio|atencion|trato|experiencia|hospital|medico|doctor\w*)|terrible|horrible",
        r"verguenza|incompeten\w+|negligentes|suci[oa]s?|maltrat\w+|decepcion\w*|molest[oa]|inaceptable|deficiente",
        r"peor",
    ),
)
"""About how people were treated: it counts more than what it was about."""

PROBLEM = Rule(
    "problem or wait",
    Category.COMPLAINT,
    Urgency.NORMAL,
    (
        r"wrong\w*|mistakes?|errors?|fail(?:ed|ing|s|ure)?|broken|broke|problems?|issues?|fault\w*|defect\w*",
        r"delay(?:s|ed)?|late|cancel+ed|lost my|missing|stolen|bad(?:ly)?|worse|hate|smell\w*|noisy|overpriced",
        r"uncomfortable|not enough|too (?:long|few|busy|expensive|slow|much|many|late|cold|hot|small|noisy)|slow",
        r"hung up|fed up|give up|sort (?:it|this|your)|fix (?:it|this|your)",
        r"(?:no|nobody|no one|none|never|dont|didnt|doesnt|wont|not|cant|couldnt|havent|hasnt|wouldnt|still no|still not|without|yet to)(?: \w+){0,3} (?:answer\w*|call\w*|return\w*|respon\w*|repl\w+|listen\w*|help\w*|came|come|picks?|picked|pick up|show\w*|care[ds]?|explain\w*|contact\w*|heard|hear|receiv\w+|arriv\w+|work\w*|get through|reach|informed|told|offered|given|let (?:me|us) know|check\w*|apolog\w+|communicat\w+|information|sorted|resolved|fixed|solution|deliver\w*|got|get|find|turn\w* up|update\w*|access|connect\w*|load\w*|log|sign)",
        r"(?:still|been|have been|keep|kept|left|had to|sat|stuck|spent|long|extended|the) (?:\w+ )?wait(?:ing|ed|s)?(?! (?:to (?:see|meet|visit)|for christmas))",
        r"wait(?:ed|ing|s)? (?:time|for |over |more than |about |nearly |almost |since |on |\d+|two|three|four|five|six|hours?|forever|ages)",
        r"on hold",
        r"(?:\d+|two|three|four|five|six|several|many|few) (?:hours?|hrs|weeks|months)(?: \w+){0,3} (?:late|delay\w*|wait\w*|for (?:a|an|my)|and (?:still|no|counting))",
        r"(?:how|why) (?:long|come|hard|difficult)(?: \w+){0,3} (?:answer|take to|call|get)",
        r"could (?:be|have been|do) (?:better|improved|more|quicker|faster|cleaner)",
        r"should (?:be|have|improve|not have|provide|stop)|needs? (?:to improve|improv\w+|more|better|to be)",
        r"improve\w*",
        r"more (?:staff|nurses|doctors|seats|parking|privacy|information|communication|care|training|appointments)",
        r"better (?:communication|parking|food|care|information|signs|service|organi\w+|training)|understaff\w*",
        r"(?:phone|line|website|app|site|elevator|lift|toilet|bathroom|parking)s? (?:\w+ ){0,3}(?:down|broken|not working|doesnt work|isnt working|dirty|always busy|busy|full|out of order)",
        r"nadie (?:contesta|responde|llama|atiende|ayuda|me|nos)",
        r"(?:no|nunca) (?:contestan|responden|atienden|me (?:atendieron|llamaron|contestan)|sirve|funciona|hay quien)",
        r"esperando|espera(?:r|mos)? (?:\w+ )?(?:horas|mucho)|horas (?:de espera|esperando)|tardan|lent[oa]s?",
    ),
)
"""About what does not work: a bill, a record or an appointment stays what it is."""

PRAISE = Rule(
    "thanks or praise", Category.PRAISE, Urgency.LOW,
    (
        r"thank(?:s|ful|fully|ed|ing| you)?|thankyou|thnks|thanx|ty|tysm|thx|tks|grateful|gratitude|appreciat\w+",
        r"bless(?:ed|ings?)?|amazing\w*|awesome|wonderful\w*|excellent\w*|excelent|fantastic|brilliant\w*|superb",
        r"outstanding|exceptional|fabulous|terrific|incredible|perfect\w*|marvell?ous|magnificent|top[ -]notch",
        r"first[ -]class|great|good|lovely|nice(?:ly)?|kind(?:ness)?|helpful|friendly|caring|compassionate",
        r"professional\w*|efficient\w*|polite|courteous|attentive|supportive|understanding|reassur\w+|respectful",
        r"welcoming|pleasant|pleased|happy|satisf(?:ied|actory)|impressed|delighted|smooth(?:ly)?|prompt(?:ly)?",
        r"quick(?:ly)?|clean|comfortable|knowledgeable|thorough|best|love[ds]?|loving|enjoyed|recommend\w*",
        r"congrat\w*|well (?:done|deserved|treated|cared|looked|organi\w+|run|explained)|proud|kudos|way to go",
        r"hats off|bravo|heroes|hero|angels?|rockstars?|happy (?:birthday|holidays|nurses|anniversary|retirement)",
        r"cant fault|no complaints?|nothing (?:bad|to (?:improve|complain|change))|none|keep (?:it )?up|go team",
        r"woo+ ?hoo+|yay|five stars|5 stars|saved (?:my|his|her|our)|(?:made|put) me (?:feel )?at ease",
        r"took (?:good |great |the )?(?:care|time)|on time|everything (?:was |is )?(?:ok|fine|good|explained|went)",
        r"well looked after|beautiful|so cute|adorable|sweet",
        r"gracias|agradec\w+|felicid\w+|felicit\w+|excelente\w*|bendicion\w*|bendig\w+",
        r"muy (?:buen\w*|amable\w*|bien|profesional\w*|atent\w+)|maravillos\w+",
        r"buen (?:servicio|trabajo|hospital|trato)|buena atencion|los mejores|el mejor|la mejor|encant\w+|recomiendo",
        r"los amo|hermos\w+|linda|lindo|orgullos\w+",
    ),
)  # fmt: skip

REQUEST = Rule(
    "request", Category.GENERAL, Urgency.NORMAL,
    (
        r"(?:please|pls|kindly|por favor|porfa|favor de)(?! (?:god|pray|stay safe|join|enjoy))",
        r"(?:i|we|he|she|they|need|just|really|still|would) (?:\w+ )?(?:need|want|like|require)(?:s|ed)? (?:to|a|an|some|someone|my|help|more|info\w*|your|the|assistance)",
        r"help|(?:left|lost|forgot) (?:my|our|his|her)|call me|contact me|email me|message me|dm me(?! (?:for|to))",
        r"looking for|trying to|request\w*|inquir\w+|enquir\w+|interested in|send (?:me|us)|could use",
        r"need(?:ing)? (?:help|assistance|support|advice|info\w*)|can i",
        r"(?:number|phone|email|address|link|info\w*|details)(?: \w+)? (?:please|for)|ayuda\w*|necesit\w+|quier[oe]",
        r"quisiera|solicit\w+|busco|me interesa|llamen\w*|informes|informacion|solicito",
    ),
)  # fmt: skip

SPAM = Rule(
    "spam",
    Category.SPAM,
    Urgency.LOW,
    (
        r"crypto (?:invest\w*|trad\w*|coins?|wallet)|bitcoins?|forex|binary options?|(?:investment|business|income) opportunit\w+",
        r"passive income|financial freedom|make (?:\w+ )?money (?:online|fast|from home)|dm me (?:for|to) (?:\w+ ){0,3}(?:earn|invest|promo\w*|collab\w*|make)",
        r"free (?:entry|ringtones?|gift ?cards?|iphone|msg|tones?|polyphonic|followers|prize)|you (?:have )?(?:been )?won (?:a|an|the|\W?\d)",
        r"herbal (?:cure|remedy|healer)|(?:cured|healed) (?:me|my \w+|of \w+)(?=.{0,120}(?:herbal\w*|whatsapp|e-?mail him|contact him))|spell ?cast\w*",
        r"casino|betting tips|xxx+|onlyfans|(?:sexy|hot|local) (?:singles|girls|milfs?)|adult (?:chat|content|videos?)",
        r"follow (?:me back|back|for follow)|follow4follow|f4f|(?:buy|get|cheap|boost|gain) (?:\w+ )?(?:followers|likes|viagra|backlinks)|followers dm|viagra|cialis",
        r"seo (?:services?|expert|ranking)|rank (?:your )?(?:website|site)|airdrop|nfts?|loan offers?|instant loans?|ringtones?|polyphonic|callertune",
        r"(?:txt|text|send|reply|sms)(?: \w+){0,4} to \d{4,6}|\d+ ?p(?:pm| ?per min\w*| ?/ ?(?:min|msg|day|week|tone))|std (?:txt|chgs?|rate)|(?:reply|text|txt|send) stop",
        r"(?:stop|unsub\w*) (?:\w+ )?to (?:end|cancel|stop|\d{4,6})|ganaste un|gana dinero|inversion segura|prestamos? (?:rapid\w+|inmediat\w+|sin)|dinero facil",
    ),
)
"""Advertising and lures that no patient sounds like: one of them is enough."""

LURE = (
    r"won|win|winner|winning|prizes?|award(?:ed)?|jackpot|claim|guaranteed|selected|chosen|rewards?|vouchers?|bonus|free|cash|congratulations|congrats",
    r"urgent!?|offers?|special|chat|dating|dates?|flirt\w*|upgrade|entitled|earn|profits?|invest\w*|exclusive|limited|discount|subscri\w+|unlimited|bid|private|holiday|tickets?",
)
CHANNEL = (
    r"0[89]\d{8,9}|\W?\d{3,}(?:\.\d\d)? (?:cash|prize|pounds|gift|bonus)|[£$€] ?\d[\d.,]*|\d+ ?p|whats ?app \+?\d{6,}|telegram|click|txt|reply|call now|call 0\d{9,10}|from land ?line|link in (?:my )?bio|\d{5}",
)
"""Three different lures and a way to pay or call are spam too; a price or a telephone number alone never is."""
