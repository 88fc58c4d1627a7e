"""The rules of triage, as data: a name that a person reads, what they mean, and the words that they look for.

A rule's words are a pattern on normalised text (lower case, straight quotes, single spaces). English and Spanish.
They err toward ringing; `EXCUSES` takes back what only sounds like danger.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from switchboard.domain.vocabulary import Category, Urgency


@dataclass(frozen=True, slots=True)
class Rule:
    """*name* stands in the reason; the author's words never do."""

    name: str
    category: Category
    urgency: Urgency
    words: str

    @property
    def pattern(self) -> re.Pattern[str]:
        """The words, compiled once."""
        return _compiled(self.words)


@cache
def _compiled(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})", re.VERBOSE)


_BODY = r"(?:chest|heart|left\ arm|jaw)"
_PERSON = r"(?:he|she|they|i|we|dad|mom|father|mother|son|daughter|baby|child|kid|husband|wife|neighbou?r|friend|man|woman|patient|someone|somebody|who)"

EMERGENCIES = (
    Rule(
        "self-harm",
        Category.EMERGENCY,
        Urgency.EMERGENCY,
        r"suicid\w* | (?:kill|hurt|harm|cut)(?:ing)?\ (?:my|him|her|your|them)?sel(?:f|ves)\b | kms\b | self[ -]harm\w*"
        r" | end(?:ing)?\ (?:my|it|her|his|their)\ (?:own\ )?(?:life|all)\b"
        r" | (?:want|wants|wanted|wanna|going|ready)\ (?:to\ )?(?:die|not\ be\ here|be\ dead)\b"
        r" | (?:don'?t|do\ not)\ want\ to\ (?:live|be\ alive|wake\ up|be\ here\ any\ ?more)"
        r" | (?:no\ reason|nothing\ left|not\ worth)\ (?:to\ live|living)(?:\ for)? | better\ off\ (?:dead|without\ me)"
        r" | take\ my\ (?:own\ )?life | can'?t\ go\ on\ (?:any\ ?more|like\ this) | said\ goodbye\ to\ everyone"
        r" | (?:quiero|quiere|queria)\ morir\w* | suicid\w* | matarme | quitarme\ la\ vida | hacerme\ da[nñ]o"
        r" | no\ quiero\ (?:vivir|seguir\ viviendo)",
    ),
    Rule(
        "violence",
        Category.EMERGENCY,
        Urgency.EMERGENCY,
        r"(?:going|gonna|want|will|i'?ll|plan(?:ning)?)\ (?:to\ )?(?:kill|shoot|stab|murder|hurt|bomb|burn\ down)\b"
        r"(?!\ (?:two|time|some))"
        r" | (?:has|have|having|with|got|brought|bring(?:ing)?)\ a\ (?:gun|bomb|knife)\b | active\ shooter"
        r" | (?:was|been|got|getting|is\ being)\ (?:stabbed|shot\ (?:in|at|by)|raped|strangled|beaten|choked)"
        r" | (?:he|she|husband|wife|boyfriend|girlfriend|partner)\ (?:is\ )?(?:hits?|hitting|beats?|beating|chok\w+|threaten\w*)\ (?:me|us|my)"
        r" | bomb\ threat | (?:lo|la|los|te|me)\ va(?:n)?\ a\ matar | voy\ a\ matar",
    ),
    Rule(
        "breathing",
        Category.EMERGENCY,
        Urgency.EMERGENCY,
        r"(?:not|isn'?t|stopped|stops|isnt|no\ longer)\ breath\w* | (?:can(?:'?|no)t|cant|can\ not|couldn'?t|barely|unable\ to|trouble|difficulty|difficult|hard\ to|struggl\w+\ to|struggling)\ breath\w*"
        r" | breath\w*\ (?:is\ )?(?:hard|difficult|labou?red) | short(?:ness)?\ of\ breath | sob\ (?:worsening|at\ rest|after)"
        r" | gasping\b | chok(?:ing|ed)\b | turn(?:ing|ed)?\ blue | blue\ lips | lips\ (?:are\ )?(?:turning\ )?blue"
        r" | dyspn(?:ea|oea) | stridor | hypoxi\w+ | throat\ (?:is\ )?(?:closing|swelling|tight\w*)"
        r" | no\ (?:puede|puedo)\ respirar | no\ respira | se\ (?:esta\ )?ahoga\w* | falta\ de\ aire",
    ),
    Rule(
        "heart",
        Category.EMERGENCY,
        Urgency.EMERGENCY,
        rf"{_BODY}\ (?:pain|pressure|tight\w*|discomfort|hurts|heaviness) | (?:pain|pressure|tight\w*|crushing|squeezing|heaviness)\ (?:\w+\ ){{0,3}}(?:in|across|on)\ (?:\w+\ )?chest"
        r" | (?:having|had|has|have)\ a\ heart\ attack | cardiac\ arrest | near[ -]syncope | palpitations\ (?:and|with)"
        r" | dolor\ (?:\w+\ ){0,2}(?:de|en\ el)\ pecho | ataque\ (?:al|de)\ coraz[oó]n | infarto",
    ),
    Rule(
        "stroke",
        Category.EMERGENCY,
        Urgency.EMERGENCY,
        r"(?:having|had|has|have)\ a\ stroke | stroke\ (?:symptoms|signs) | slurr\w+\ (?:speech|words) | speech\ (?:is\ )?slurr\w+"
        r" | (?:face|mouth)\ (?:is\ |side\ )?(?:droop\w*|crooked) | facial\ droop | (?:one|left|right)[ -]sid(?:e|ed)\ (?:of\ \w+\ \w+\ )?(?:weak\w*|numb\w*|paraly\w+)"
        r" | (?:weak\w*|numb\w*)\ (?:on|of|in)?\ ?(?:\w+\ )?(?:one|left|right)\ (?:side|arm|leg) | (?:sudden|suddenly)\ (?:\w+\ ){0,3}(?:weak\w*|numb\w*|confus\w*|blind\w*|vision|vision\ loss|headache)"
        r" | worst\ headache | thunderclap | can(?:'?|no)t\ (?:speak|talk|move|feel)\ (?:\w+\ ){0,3}(?:side|arm|leg|face|suddenly)? | derrame\ cerebral | habla\ arrastrad\w+",
    ),
    Rule(
        "consciousness",
        Category.EMERGENCY,
        Urgency.EMERGENCY,
        r"unconscious | unrespons\w+ | passed\ out | passing\ out | collaps(?:ed|ing) | faint(?:ed|ing)\b | syncope | black(?:ed|ing)\ out"
        r" | (?:won'?t|not|will\ not|can'?t|cannot)\ wak(?:e|ing)(?:\ \w+)? | seizure\w* | convuls\w+ | (?:altered|change\ in)\ mental\ status"
        r" | confus(?:ed|ion)\ (?:and|with)\ | very\ confused | letharg\w+ | limp\b(?=.{0,30}(?:baby|infant|child|newborn)) | (?:baby|infant|child|newborn)\b.{0,30}\b(?:limp|floppy)"
        r" | inconsciente | desmay\w+ | convulsi\w+ | no\ (?:despierta|reacciona|responde)",
    ),
    Rule(
        "bleeding",
        Category.EMERGENCY,
        Urgency.EMERGENCY,
        r"(?:bleeding|blood)\ (?:\w+\ ){0,3}(?:heavily|badly|a\ lot|everywhere|out|non ?stop|profusely|won'?t\ stop) | (?:heavy|severe|bad|lots\ of|uncontrolled)\ bleeding"
        r" | (?:won'?t|not|can'?t|doesn'?t)\ stop\ (?:the\ )?bleeding | (?:vomit\w*|cough\w*|throw\w*|spit\w*|puk\w+)\ (?:\w+\ )?blood | hemorrhag\w+ | haemorrhag\w+"
        r" | (?:black|bloody|tarry)\ stools? | melena | soaking\ (?:a\ |through\ )?pads? | bleeding\b.{0,40}\b(?:pregnan\w+|head|neck) | pregnan\w+.{0,40}\bbleed\w+"
        r" | sangr\w+\ (?:mucho|sin\ parar) | vomit\w*\ sangre | hemorragia",
    ),
    Rule(
        "poisoning or overdose",
        Category.EMERGENCY,
        Urgency.EMERGENCY,
        r"overdos\w+ | od'?(?:ed|ing)\b | poison(?:ed|ing)\b | (?:took|taken|swallow\w*|drank|ate|ingest\w*)\ (?:\w+\ ){0,4}(?:bottle|all\ (?:my|his|her|the)|too\ many|bleach|battery|batteries|pills|detergent|antifreeze)"
        r" | too\ many\ (?:pills|tablets|tylenol) | carbon\ monoxide | sobredosis | envenen\w+",
    ),
    Rule(
        "severe allergy",
        Category.EMERGENCY,
        Urgency.EMERGENCY,
        r"anaphyla\w+ | (?:tongue|lips?|face|throat)\ (?:\w+\ ){0,3}swell\w* | swell\w*\ (?:of\ (?:the\ )?|in\ (?:my\ |his\ |her\ )?)?(?:tongue|lips?|face|throat) | epi-?pen",
    ),
    Rule(
        "sepsis, shock or acute abdomen",
        Category.EMERGENCY,
        Urgency.EMERGENCY,
        r"sepsis | septic | (?:stiff\ neck).{0,60}fever | fever.{0,60}(?:stiff\ neck|confus\w+|rigors|shaking\ chills) | (?:confus\w+).{0,60}(?:fever|chills)"
        r" | (?:severe|sudden|worst|sharp)\ (?:\w+\ ){0,3}(?:abdominal|stomach|belly|back|testic\w+|pelvic)\ pain | (?:t|temp|temperature)\s?=?\s?10[4-9]"
        r" | (?:lightheaded|dizzy|sweating|clammy).{0,60}(?:chest|bleed\w*|blood|heart) | ripping\ (?:chest|back) | tearing\ (?:chest|back)"
        r" | water\ broke | in\ labou?r\b | cord\ prolapse | severe\ burn\w* | electrocut\w+ | drown\w+ | hit\ by\ a\ (?:car|truck|bus) | car\ (?:crash|accident|wreck)",
    ),
    Rule(
        "call for help",
        Category.EMERGENCY,
        Urgency.EMERGENCY,
        r"call(?:ing|ed)?\ (?:911|999|112|an\ ambulance) | need\ an?\ ambulance | (?:is|are|'?s|he'?s|she'?s)\ dying\b(?!\ to)(?!\ for) | medical\ emergency | (?:please\ )?help\ (?:him|her|me|us)\ (?:now|please|asap)"
        r" | ayuda\ (?:por\ favor|urgente) | (?:necesito|llamen)\ (?:a\ )?una\ ambulancia | se\ (?:esta\ )?muri?endo",
    ),
)

EXCUSES = re.compile(
    r"\b(?:not|never|isn'?t|wasn'?t|no\ longer|non)[ -](?:\w+[ -]){0,2}suicidal | dying\ (?:to|for)\b | to\ die\ for"
    r" | (?:wait(?:ing)?|line|traffic|bill\w*|parking|music|hold|queue|feet|back|price\w*|food|coffee|cost\w*)\ (?:\w+\ ){0,3}(?:is|are|was|will\ be)\ (?:the\ death|killing)"
    r" | heart\ attack\ when\ (?:i|we)\ (?:saw|got|opened|read) | (?:almost|nearly)\ (?:had\ a\ heart\ attack|died\ (?:laughing|of))"
    r" | (?:flu|covid|tetanus|booster|allergy|vaccin\w*)\ shots? | suicide\ (?:prevention|awareness|squad|hotline|lifeline|loss)"
    r" | (?:stroke|heart|cardiac|sepsis|overdose|seizure|choking)\ (?:awareness|prevention|month|walk|class|center|centre|unit|care|support|survivors?|association|training|program\w*)"
    r" | (?:cpr|first[ -]aid|choking)\ (?:class|training|course)\w* | (?:died|passed\ away)\ (?:last|in\ \d{4}|\d+\ (?:years|months)\ ago)"
    r" | (?:years|months|weeks)\ ago | last\ (?:year|month|week) | back\ in\ \d{4} | killed\ (?:it|the\ game)",
    re.VERBOSE,
)
"""Idiom, denial, awareness months and the past: they take back every emergency but self-harm by somebody living."""

TOPICS = (
    Rule(
        "allergic or adverse reaction",
        Category.ADVERSE_EVENT,
        Urgency.URGENT,
        r"side\ effects? | (?:allergic|adverse|bad)\ reaction | reaction\ to\ (?:the|my|a|your)\ (?:vaccine|shot|med\w*|drug|pill\w*|injection) | wrong\ (?:medication|medicine|dose|drug)"
        r" | efectos?\ secundarios? | reacci[oó]n\ al[eé]rgica",
    ),
    Rule(
        "privacy",
        Category.PRIVACY,
        Urgency.URGENT,
        r"hipaa | (?:my|her|his|our)\ (?:private|medical|personal)\ (?:\w+\ )?(?:info\w*|records?|data|details)\ (?:\w+\ ){0,3}(?:shared|posted|leaked|exposed|seen|sent)"
        r" | (?:shared|posted|leaked|exposed|looked\ at|gave\ out)\ my\ (?:\w+\ )?(?:info\w*|records?|data|chart|results|photo\w*) | (?:data|privacy)\ (?:breach|violation|leak) | without\ my\ (?:consent|permission) | privacidad",
    ),
    Rule(
        "press",
        Category.PRESS,
        Urgency.URGENT,
        r"(?:i'?m|am|i\ am)\ (?:a\ )?(?:reporter|journalist|producer) | (?:reporter|journalist)\ (?:with|for|at|from) | press\ (?:inquiry|enquiry|request|office|release|contact) | media\ (?:inquiry|enquiry|request|contact) | for\ (?:a|our|my)\ (?:story|article|broadcast) | periodista",
    ),
    Rule(
        "threat of a lawsuit",
        Category.COMPLAINT,
        Urgency.URGENT,
        r"(?:my|a|our|get(?:ting)?\ a)\ (?:lawyer|attorney) | lawsuit | (?:going\ to|gonna|will|i'?ll)\ sue\b | su(?:e|ing)\ (?:you|the\ hospital|this) | malpractice | negligen(?:ce|t) | demandar(?:los)? | abogado",
    ),
    Rule(
        "getting worse",
        Category.CLINICAL,
        Urgency.URGENT,
        r"(?:getting|gotten|got|becoming|is|are|feel\w*)\ (?:much\ |a\ lot\ |even\ )?worse(?!\ (?:service|hospital|care)) | worsening | (?:high\ fever|fever\ of\ 10[2-9]|severe\ pain|infected|infection|pus\b|can'?t\ keep\ (?:\w+\ )?down|blood\ in\ (?:my|his|her|the)\ (?:urine|stool))"
        r" | discharged\ .{0,40}(?:pain|fever|bleed\w*) | empeor\w+ | fiebre\ alta",
    ),
    Rule(
        "billing",
        Category.BILLING,
        Urgency.NORMAL,
        r"bill(?:s|ed|ing)?\b | invoice | (?:over)?charged? (?:me|us|twice|\d)? | co-?pay | insurance | deductible | payment\ plan | refund | collections\ agency | financial\ (?:aid|assistance) | factura\w* | cobr(?:o|aron|ar|an)\b | seguro\ m[eé]dico | how\ much\ (?:does|do|is|are|will|would)",
    ),
    Rule(
        "records",
        Category.RECORDS,
        Urgency.NORMAL,
        r"(?:medical|my|health|hospital|discharge|immuni[sz]ation|vaccin\w+)\ (?:records?|papers|paperwork|chart|file|summary) | (?:test|lab|blood|x-?ray|mri|biopsy|scan)\ results? | my\ ?chart | patient\ portal | portal\b | expediente | resultados",
    ),
    Rule(
        "appointment",
        Category.APPOINTMENT,
        Urgency.NORMAL,
        r"appointments? | appt\b | re-?schedul\w+ | schedul(?:e|ing)\b | (?:book|cancel)(?:ing)?\ (?:a|an|my|the)\b | walk-?ins? | waiting\ list | referral | accept(?:ing)?\ new\ patients | cita\b | citas\b | agendar | (?:visiting|opening|office)\ hours",
    ),
    Rule(
        "job",
        Category.JOB,
        Urgency.LOW,
        r"(?:job|position|vacanc\w+|internship|residency\ program|volunteer\w*)\b | hiring | (?:my|submit\w*\ a?)\ ?(?:resume|application)\b | apply\ (?:for|online) | empleo | vacante | voluntari\w+",
    ),
    Rule(
        "complaint",
        Category.COMPLAINT,
        Urgency.NORMAL,
        r"(?:rude|terrible|horrible|worst|awful|disgust\w+|unacceptable|disappoint\w+|ridiculous|incompetent|unprofessional|filthy|dirty|pathetic|shameful|appalling|disgraceful|nightmare)"
        r" | (?:no|nobody|no\ one|never)\ (?:\w+\ ){0,2}(?:answer\w*|call(?:s|ed)?(?:\ \w+)?\ back|return\w*|respond\w*|replied|listen\w*|helped|came|picks?\ up)"
        r" | (?:still|been|have\ been)\ wait(?:ing|ed)\b | wait(?:ed|ing)\ (?:for\ )?(?:over\ |more\ than\ )?(?:\d+|two|three|four|five|six|hours|forever) | (?:on\ hold|complain\w*|not\ (?:happy|satisfied|acceptable)|lost\ my|ignored|neglect\w*)"
        r" | p[eé]simo | grosero\w* | queja\b | nadie\ (?:contesta|responde|llama) | mal\ servicio",
    ),
    Rule(
        "clinical question",
        Category.CLINICAL,
        Urgency.NORMAL,
        r"symptom\w* | (?:should\ i|do\ i\ need\ to)\ (?:see|go|come|take|worry|get) | (?:pain|ache|hurts?|fever|rash|cough\w*|nausea|vomit\w*|dizz\w+|swollen|swelling|diagnos\w+|medication|dosage|dose|prescri\w+|pregnan\w+|diabet\w+|covid|virus|vaccin\w+|infect\w+|surgery|cancer|antibiotic\w*|mg)\b"
        r" | s[ií]ntoma\w* | dolor\b | fiebre | embaraza\w+ | medicamento\w* | receta\b",
    ),
)

PRAISE = re.compile(
    r"\b(?:thank(?:s|\ you|\ u|ful)?\b | ty\b | thx | grateful | bless(?:ed|ings)? | amazing | awesome | wonderful | excellent | fantastic | great\ (?:job|work|team|staff|care|news|hospital|place|experience|service|people)"
    r" | love\ (?:this|you|it|them|our|the)\b | best\ (?:hospital|nurses?|doctors?|staff|care|team|place) | congrat\w* | well\ done | good\ job | so\ proud | proud\ of | kudos | way\ to\ go | (?:very|so)\ (?:kind|helpful|friendly|caring|professional)"
    r" | gracias | felicid\w+ | excelente | bendicion\w* | happy\ (?:birthday|holidays|nurses|anniversary|retirement))",
    re.VERBOSE,
)

SPAM = re.compile(
    r"\b(?:crypto\w* | bitcoin | forex | investment\ opportunity | work\ from\ home | earn\ \$?\d+ | make\ money | click\ (?:here|the\ link|my) | dm\ me\ (?:for|to) | whats\s?app\ (?:me|\+) | free\ (?:entry|ringtone|gift\ ?card|iphone) | prize | you(?:'ve|\ have)?\ (?:been\ )?(?:won|selected) | winner\b | claim\ (?:your|ur|now) | loan\ offer | herbal\ (?:cure|remedy|doctor) | dr\.?\ \w+\ (?:cured|herbal) | casino | xxx | onlyfans | follow\ (?:me|back) | promo\ code | txt\b.{0,20}\bto\ \d+ | spell\ caster )",
    re.VERBOSE,
)
