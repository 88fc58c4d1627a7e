"""The forms of a question: what stands first, what is turned round, and what asks without asking.

All on canonical text: "whats", "dont", "you" for "u"; a mention is "@".
"""

from __future__ import annotations

_FILLER = (
    r"(?:so|and|well|but|or|ok|okay|oh|ooh|ah|aw|aww|um|uh|er|hmm|hey|heyy|hi|hello|yo|please|then|now|yeah|yep|yes|no|lol|lmao|haha|like|just|because|cuz|cause|also|"
    r"actually|anyway|anyways|i mean|you know|say|guys|folks|everyone|everybody|all|doctor|sir|madam|maam|hun|sweet|girl|dude|man|bro|omg|wow|sorry|"
    r"excuse me|good morning|good afternoon|good evening|good day|thanks|thank you|btw|honestly|seriously|really|maybe|i knew|halo|team|there|urgent|question|quick question|my question is|admin|still|dear)"
)
_FILLED = rf"(?:{_FILLER}(?:[,.!:@ -]|\.\.\.){{1,4}}){{0,5}}"
_FIRST = rf"^(?:[ @,.:*-]{{0,3}}){_FILLED}"
_START = rf"(?:^|(?<=[.!?;:,()\"\n@*/-])|(?<=[.!?;:,()\"\n@*/-] )){_FILLED}"
_SENTENCE = rf"(?:^|(?<=[.!?\"\n@*])|(?<=[.!?\"\n@*-] )){_FILLED}"
_PRONOUN = r"(?:i|you|we|they|he|she|it|this|that|these|those|there|ya|@|anyone|anybody|someone|somebody|everyone|everybody|people|any|all)"
_SUBJECT = rf"(?:{_PRONOUN}|the|your|my|our|his|her|their|its|a|an|covid\w*|corona\w*)"
_BE = r"(?:is|are|am|was|were|isnt|arent|wasnt|werent|aint)"
_DO = r"(?:do|does|did|dont|doesnt|didnt)"
_MODAL = r"(?:can|could|will|would|should|shall|may|might|must|cant|couldnt|wont|wouldnt|shouldnt|has|have|had|hasnt|havent|hadnt)"
_AUX = rf"(?:{_BE}|{_DO}|{_MODAL})"
_NOT_NOUN = (
    r"(?!(?:be|been|being|have|has|had|get|got|go|gone|do|done|does|see|try|love|like|make|made|take|pay|call|come|say|said|tell|think|know|let|not|never|always|also|"
    r"probably|definitely|only|just|still|even|ever|need|want|give|keep|put|use|work|help|find|look|wait|leave|stop|start|run|play|talk|speak|going|gonna|coming|very|so|too|really|"
    r"good|great|nice|fine|bad|ok|okay|cool|true|right|easy|hard|better|best|more|much|sorta|kinda|sure|happy|glad|back|here|now|then|it|to|in|on|at|of|for|with|from|as|by|about|and|or|but|"
    r"what|why|how|where|when|who|which|because|if|than|no|yes|supposed|able|one|two|some|told|seen|given|taken|well|lovely|excellent|\w+ing|\w+ed|\w+ly|hi|hello|agree|add|bet|enjoy|miss|hate|feel|hear|hope|change|remember|believe|admit|understand|respond|bring|send|return|certainly|recommend)\b)"
)

OPENING = (
    # what do, what kind of music do, whats the, how long does, how are, where can, why did
    rf"(?:{_START}(?:what|how|why)|{_SENTENCE}(?:where|when|who|whom|whose|which))(?: (?!(?:i|you|we|he|she|they|it|my|was|were)\b)[a-z']+){{0,3}}? (?:{_AUX}) (?:{_SUBJECT})(?! (?:i|you|he|she|we|they) (?:thought|mean|meant|said))",
    rf"{_START}(?:whats|hows|wheres|whos|whys|whens)(?! (?:up|new|happening is|more|worse|important is|being|going to be|left|important)\b)",
    rf"{_START}whats up with",
    rf"(?:{_START}(?:what|how|why)|{_SENTENCE}(?:who|where)) (?:is|are|was|were|am)(?! (?:i|is|are|being|more|worse|important is)\b)",
    rf"{_FIRST}(?:what the (?:\w+)|where|why|how|who|when) (?:is|are|do|does|did|can|could|will|would|should|has|have|had) [a-z@]",
    rf"{_FIRST}what (?:do|does|did|can|could|will|would|should|has|have|had|happens|happened|about|if|else|causes|kind of|sort of|time|are|day|time)\b(?! (?:i|we|they|he|she) (?!do)\w+ (?:is|was))",
    rf"{_FIRST}(?:how (?:about|come|much|many|long|far|often|soon|old|to|likely|safe|bad|serious|accurate|contagious|effective)|why (?:not|no|so|cant|dont|wont|isnt|doesnt|didnt|only|would|the|are|is)|where (?:at|to|can|you)|which (?:one|of|is (?:better|best|right|correct|safer|worse|the))|who (?:can|do|does|did|else|should|to|would|will)|when (?:can|will|do|does|did|is the|are you|should|would|could))(?! (?:i (?:was|am|have|had|got|lived)))",
    rf"{_SENTENCE}(?:which|what|whose|how many|how much) [a-z-]+(?: [a-z-]+){{0,2}} (?:is|are|do|does|did|was|were|can|will|would|should|has|have) ",
    rf"{_FIRST}(?:what|why|who|where|when|how|how so|why not|which one|at what time|what time|since when|for what|like what|says who|with who|and you|and yours|and yourself|good and you|good and yourself|how about you|what about you|or what)[ .!]*$",
    # do you, is it, can anyone
    rf"{_START}(?:{_AUX}) {_PRONOUN}(?! (?:self|so|again|himself|with)\b)(?<!do it)(?<!do that)(?<!do this)(?<!do all)(?<!have it)(?<!have that)(?<!have this)(?<!have all)(?<!have any)(?<!dont you)(?<!had it)(?<!had this)(?<!had that)(?<!had a)(?<!had all)(?<!do these)(?<!do those)(?<!dont it)(?<!dont that)(?<!wont any)(?<!dont any)(?<!had to)(?<!had people)(?<!havent any)(?<!had any)(?<!have people)(?<!have these)(?<!have those)(?<!had i)(?<!was there)(?<!was all)(?<!will all)(?<!had no)(?<!was that)(?<!was this)(?<!was it)(?<!dont i)(?<!had there)(?<!had those)(?<!had these)(?<!had someone)(?<!have someone)(?<!was someone)(?<!have there)(?<!dont all)(?<!dont everyone)(?<!so did @)(?<!so do i)(?<!so am i)(?<!so did i)(?<!so are you)(?<!so do we)(?<!so is he)(?<!so is she)(?<!so does he)(?<!so does she)(?<!so was i)(?<!so have i)",
    rf"{_START}(?:do (?:do |does |is |are )?(?:you|they|we|i)|was (?:it|that|this|there) [a-z]|dont you|do are you|(?:havent|have) any of|(?:does|did|do|is|are) any\w*)",
    rf"^(?:{_FILLER}(?:[,.!:@ -]|\.\.\.){{1,4}}){{0,5}}(?:is|are|does|do|did|can|could|will|would|should|has|am) (?:the|your|my|our|his|her|their|covid\w*|corona\w*|its|u)\b",
    # anyone know, any update
    rf"{_START}(?:any ?(?:one|body))(?! (?:who|that|can (?:see|be|do)|could|with half|would|is|was|will|has|should|knows (?:me|that))\b)",
    rf"{_START}(?:how about|how come|what about|why (?:not|no|so))",
    rf"{_FIRST}any [a-z]+(?: [a-z]+)?[ @.!]*$",
    rf"{_START}any (?:ideas?|updates?|news|chance|word|advice|suggestions?|thoughts?|tips|recommend\w+|info\w*|luck|plans|reason|way|(?:[a-z/-]+ ){{1,2}}(?:want|here|know|in|from|for|on|available|open|yet|today|tomorrow|up|who|that|need|around|left|out there))",
    rf"{_START}(?:you|it|he|she|they) (?:ok|okay|sure|there|serious|kidding|guys open|open|still (?:there|open)|have any|got any|alright|awake|ready)(?= |$)",
    rf"{_START}(?:got|have|know|need me|want me|want to|seen|heard|tried|care) (?:any |to (?:chat|talk|go|know|come|join|help|trade|play)(?= |$)|to\b(?<=me to))(?<!have to know)(?<!have to talk)(?<!have to go)(?<!have to help)(?<!have to come)(?<!got to go)(?<!got to know)(?<!got to talk)(?<!got to come)(?<!got to help)(?<!need to)",
    rf"{_START}(?:a/?s/?l|asl|wyd|wya|wbu|hbu|hru|wuu2|hmu|eta)(?= |$|[.!])",
)

INVERTED = (
    r"(?<!so )(?<!neither )(?<!nor )(?<!than )(?<!as )(?<!only )(?:do|does|did|are|can|could|will|would|should|have|cant|couldnt|wouldnt|arent|didnt|wont|shouldnt|havent) (?:you|ya)(?! (?:know|see|imagine|and i)\b[,.]*$)",
    r"(?<!so )(?<!neither )(?<!nor )(?<!only )(?<!i )(?:should|can|could|will|may|shall|am) i(?! (?:see|know|say|tell)\b)",
    r"(?:how|when|where|what|why|who)(?: \w+){0,2} (?:do|can|should|could|will|would|did|does) (?:i|we|one|someone|a person|a patient|patients)(?! (?:know|see|say)\b$)",
    r"(?:can|could|will|would|does|do|did|has|have|is) (?:any ?one|any ?body|someone|somebody|you guys|your (?:hospital|clinic|office|er|lab|pharmacy)|the (?:hospital|clinic|office|er|lab|pharmacy))",
    r"how (?:are|is|was) (?:you|everyone|everybody|your|the|things)|what the \w+ (?:is|are|was)|what (?:should|can|must) (?:i|we) (?:do|take|eat|expect|bring)|is (?:it|this|that|there) (?:ok|okay|safe|normal|possible|any|anything|dangerous|serious|true that|a way|necessary|still|too|bad|common|due|because|better|advisable|harmful|something|cancer|curable)",
)

INDIRECT = (
    r"(?:i |am |was |were |just |im |been )(?:still |just |kind of |really )?wonder(?:ing|ed)?(?= (?:if|whether|what|how|when|where|why|who|which|about|is|are|does|do|can|the))(?! about the wonder)|wondering (?:if|whether|what|how|when|where|why|who|about)",
    r"(?:want|wants|wanted|like|love|need|needs|trying|try|hoping|hope|would like|keen|curious)(?:ed)? to (?:know|ask|find out|check if|check whether|check when|inquire|enquire|confirm|clarify|get (?:a|your|some) (?:opinion|advice|suggestion))",
    r"(?:please|kindly)(?: \w+){0,2} (?:tell|advise|advice|let (?:me|us) know|help|explain|suggest|confirm|clarify|guide|answer|inform|respond|reply|recommend|share|comment|give|provide|say|prescribe|look|check|opine|assist|revert)",
    r"(?:let me|let us) know (?:if|whether|what|how|when|where|why|who|the|your|about|which|any|is|are|please)|(?:please|kindly) let (?:me|us) know|(?:can|could|please|kindly|someone|anyone|somebody|doctor|now) (?:tell|advise|inform|guide) (?:me|us)|^tell (?:me|us)\b|(?<!they )(?<!he )(?<!she )(?<!to )(?<!would )(?<!will )(?<!didnt )(?<!cant )(?<!you )(?:tell|advise|inform|explain to) (?:me|us) (?:if|whether|what|how|when|where|why|who|which|about|the)",
    r"(?:dont know|not sure|unsure|no idea|no clue|confused|need to know|cant figure out|cant find|cant tell|couldnt find|unclear|curious|asking|ask|asked|any idea|have any idea|worried|unable to (?:find|understand|decide|figure out))(?: about| out| as to| on)? (?:if|whether|what|how|where|when|who|which) (?:(?:i|we) (?:should|can|need|have to|am supposed|are supposed|could|must|would)|to\b|(?:your|the) (?:hours|hospital|clinic|office|er|appointment|doctor|results?|number|fee|cost|price)|(?:you|your) (?:accept|take|offer|are open|do))|curious (?:if|whether|what|how|when|where|why|about|to know)|(?:wanted|want|like) to ask",
    r"(?:looking for|need|seek(?:ing)?|want|appreciate|get|have|give me|obtain|require|grateful for|request)(?: (?:some|any|your|a|an|the|more|me|further|honest|expert|professional|kind|medical|valuable))* (?:info\w*|advice|advise|opinions?|suggestions?|guidance|clarification|second opinion|recommendations?|feedback on|thoughts|views?|answers?)(?! (?:desk|was|is|from the doctor was|given|line|centre|center))",
    r"(?:have|had|got) (?:a|one|some|two|three|few|a few|a couple of|another|several)? ?(?:\w+ )?(?:questions?|query|queries|doubts?)(?= |$|[.,!?:])(?! (?:that|in my mind))|(?:my|main|another) (?:\w+ )?(?:questions?|query|doubts?|concern) (?:is|are|was)|(?:here is|heres) my question|question(?: \w+){0,2}:",
    r"(?:suggest|recommend) (?:me|a|any|some|if|what|the|good)(?= )(?<!would recommend the)(?<!recommend the)(?<!recommend a)|(?:can|could|would|will) (?:you|someone|anyone) |(?:is|are) there any|do i (?:need|have to|get|qualify|call|come|bring)|(?:does|do|did|has|have) any ?(?:one|body)|(?:what|which) (?:is|are) (?:the|your|my)|whats (?:the|your|my) (?:number|address|phone|cost|hours|price|name|best|difference|process|policy|email|wait)",
    r"(?:help|advise|advice|suggest\w*|guide) (?:me )?(?:please|pls|needed|required|appreciated|wanted)|any (?:help|advice|suggestions?|ideas?|info\w*|recommendations?|tips|thoughts|updates?|news)(?: \w+){0,4} (?:appreciated|welcome|please|helpful|grateful|great)|thanks in advance|thank you in advance|what are the (?:odds|chances)|(?:kindly|please) (?:do )?(?:the needful|help|advise|suggest|reply|respond|guide|answer)|(?:phone|contact) (?:number|info\w*|details) (?:for|of|please)",
)

TAGS = (
    r"(?:in|for|by|with|near|of|from|to|after|at|into|as|on|under|is|are|was|were|lasts?|has|have|had) (?:what|which|whom|how (?:many|long|much|often))(?: (?!(?:he|she|i|we|they|you|it|is|was)\b)\w+){0,2}[ .!]*$",
    r", ?(?:isnt it|arent you|arent they|arent we|dont you|dont they|dont we|right|huh|eh|correct|is it|are you|do you|doesnt it|didnt (?:i|you|he|she|they|it)|wasnt it|werent you|wont you|cant you|havent you|hasnt it|no|verdad|o no|no es cierto|am i right|or not|or no|or what|yes or no)[ .!]*$",
    r"(?:isnt it|arent you|arent they|didnt (?:i|you|he|she|they|it)|doesnt it|dont you|dont they|wasnt it|havent you|wont you|cant you|yes or no|or what|or are [\w ]{1,30}|o no)[ .!]*$",
)

STATED = (
    r"(?:(?:and|but|so|well|uh|um|or|like|because|i mean|you know|then|now|back then|yeah|oh)[, ]{1,2}){0,4}(?:when|what|where|how|who)(?: (?!is |are |was |were |do |does |did |can |could |should |would |will |must |may )\w+)? (?:i|we|my) (?:was|were|am|are|had|have|got|get|went|came|arrived|needed|called|think|thought|mean|meant|like|liked|love|loved|want|wanted|hear|heard|saw|said|do|did|lived|live|worked|work)(?= )",
    r"(?:(?:and|but|so|well|uh|um|or|like|because|i mean|you know|then|now|back then|yeah|oh)[, ]{1,2}){0,4}(?:what a|what an|how (?:nice|sweet|cute|sad|funny|lovely|wonderful|awesome|cool|beautiful|exciting|awful|rude|great|amazing|terrible|precious|kind|thoughtful))(?= |$|[.!])",
    r"(?:(?:and|but|so|well|uh|um|or|like|because|i mean|you know|then|now|back then|yeah|oh)[, ]{1,2}){0,4}(?:is|are|was|were) (?:what|where|how|why|who|when)(?= )",
)
"""Openings that look like a question and state something: "when I was a child", "what a team"."""

ECHO = (
    r"(?:(?:oh|ah|um|lol|yeah|wow|and|well)[, ]{1,2})?(?:right|yea|yeah|yes|yep|no|ok|okay|oh|really|seriously|huh|hm+|uh[ -]?huh|is (?:that so|that right)|(?:have|is|are|do|did|does|was|were|has|had|can|will|would) (?:you|she|he|they|it|we|i)|oh really|wow|eh|lol|alright|sure|i beg your pardon|pardon|excuse me)(?:[ @,]{1,3})?",
)
"""What a listener says with a question mark and no question."""

_GREETED = r"(?:(?:so|and|but|hi|hello|hey|ok|please|doctor|um|uh)[,! ]{1,2}){0,3}"
QUERY = (
    rf"{_GREETED}(?:when|where|how|why|who|what|which|whom)(?! (?:i|you|we|he|she|they|it|my|a|an|nice|sweet|cute|sad|funny|cool|up|ever|him|the hell|that|one)\b) [\w@-]+(?: [\w@'/-]+)*",
    rf"{_GREETED}(?:(?:is|are|does|do|did|can|could|will|would|should|has|was|were) {_NOT_NOUN}|(?:was|were|have|had) (?:covid\w*|corona\w*|the|my|your|our) |(?:have|are|were) (?!(?:always|has|was|is|ours|yours|this|as)\b)(?=[a-z]{{2,}}s )(?=(?:\w+ ){{1,5}}\w+(?:ed|en|n|t)\b)|(?:is|are) (?=[a-z]+ing )(?=(?:\w+ ){{1,4}}(?:safe|effective|dangerous|enough|allowed|ok|good|bad|harmful|better|worth|required|free|possible)\b))[\w@-]+ (?!you\b)[\w@-]+",
    r"(?:was|were|had|has|is|did) (?:covid\w*|corona\w*) \w+|(?:shouldnt|cant|isnt|doesnt|wont|couldnt|wouldnt) [a-z]+ (?:be|have|help|it|a|the)\b|(?:can|will|does|is|would|could) [a-z]+ing [a-z]+ (?:\w+ ){0,12}?(?:be|help|cause|work|prevent|reduce|spread|make|lead|safe|allowed)",
    r"why (?:we|they|he|she|it|i|you|my|the) \w+",
    r"(?:name|define|describe|list|explain|compare) (?:the|a|an|all|some|one|two|three|what|how|why|of)",
    r"(?:in|for|to|at|from|by|on|with|of|about|under|until|till|since|during|through) (?:what|which|whom|whose|how (?:many|much|long|often|far))\b",
    r"(?:cost|price|prices|fee|fees|hours|opening hours|visiting hours|address|phone number|number|directions|location|symptoms|difference between|treatment|side effects|cure|eta|availability|list|timings?|signs|causes|process|requirements) (?:of|for|to|at|between|in|on|please)\b|best (?:way|time|place|treatment|doctor|medicine) (?:to|for|in)",
    r"^(?:any|is there any|can|do) \w+ (?:want|here|know)\b|(?:.{0,30} )?any (?:\w+ ){0,3}(?:ladies|ladis|girls|guys|females|males|men|women|boys|one|people|doctors?|nurses?|patients?|parents?|moms?|mums?)(?: \w+){0,3} (?:want|here|know|tried|had|heard|interested|like|chat|into|need|here)",
)
"""What people type into a search box; only for one short sentence."""

FRONTED = (
    r"(?:if|since|after|before|given|when|once|assuming|being|although|now that|until|without|during|considering|unless|with|as)\b.{1,200}?[ ,](?:(?:does|did|can|could|will|would|should) (?:i|we|you|they|he|she|there|the|a|an|people|my|your|someone|anyone|that|it)|do (?:i|we|you|they|people)|why(?: \w+)? (?:is|are|do|does|did|can|should|would|go|was|has)|how (?:much|many|long|do|does|can|is|are)|what (?:do|does|should|can|would|is the)|which \w+ (?:is|are|do|does|can|should))\b",
)

ADDRESSED = (
    r"(?:(?:hi|hello|dear|hey|respected|good (?:morning|evening|afternoon|day))[, ]+)+(?:doctors?|sir|madam)\b.{60,90}?",
)
CASE = (
    r"(?:i am|iam|am|my (?:\w+ )?(?:son|daughter|mother|father|wife|husband|baby|child|mom|dad|brother|sister|partner|friend)(?: is)?|he is|she is)(?: (?:a|an|only|about|now|currently|aged))* \d{1,2}[ -]?(?:years?|yrs?|yo|y/o|months?|weeks?)[ -]?(?:old)?.{0,400}?(?:pain|ache|fever|cough|rash|swell\w*|bleed\w*|blood|itch\w*|dizz\w*|nausea|vomit\w*|burn\w*|numb\w*|tired|weak\w*|lump|test|period\w*|infection|diabet\w*|pressure|symptom\w*|surgery|tablet\w*|medicin\w*|diagnos\w*)",
)
"""People who lay their case before a doctor ask for advice, whether they say so or not."""

SPANISH_OPENING = (
    (
        r"(?:^|(?<=[.!,;:@] ))(?:(?:hola|hey|buenos dias|buenas tardes|buenas noches|buenas|disculpe|disculpen|oiga|perdon|y|pero|por favor|saludos|una pregunta)[,.!: ]{1,3}){0,3}"
        r"(?:que (?:hora|horario|puedo|debo|hago|pasa|tal|tipo|dia|dias|documentos|necesito|significa|es un|medicamento|tengo que|seguros?|doctor|especialista|numero|requisitos)|cuales?|quien(?:es)?|como (?:es|esta|estan|puedo|hago|se|saco|pido|obtengo|puede|funciona|agendo|llego|te|debo|fue|era)|donde (?:es|esta|estan|queda|puedo|hay|se)|cuando (?:abren|cierran|es|puedo|van|sera|hay|debo)|cuant[oa]s?|por que|para que|a que|en que|de que|con que|desde cuando|hasta que|hasta cuando|"
        r"(?:se )?(?:puedo|puede|pueden|podria|podrian|podemos|tienen|hay|aceptan|atienden|hacen|ofrecen|saben|sabe|sabes|alguien|tendran|me (?:puede|pueden|podria|podrian|ayudan)|es (?:normal|posible|necesario|seguro|verdad|cierto)|debo|deberia|estan (?:abiertos|atendiendo)|abren|cierran)\b)"
    ),
)
SPANISH = (
    r"(?:quiero|quisiera|me gustaria|necesito|deseo|queria|quisieramos) (?:saber|preguntar|consultar|informacion|conocer|averiguar|ayuda|hacer una pregunta)|alguien (?:sabe|me puede|puede|conoce|podria)|(?:me|nos) (?:pueden?|podrian?) |(?:tengo|una) (?:una )?(?:duda|pregunta|consulta)|no se (?:si|que|como|donde|cuando|cual)|(?:digan|diganme|dime|diga|digame|informen|expliquen|aconseje\w*|recomiend\w*)(?= |$)|saben (?:si|donde|como|cuando|que)|sabe usted|cuanto (?:cuesta|vale|sale|cobran|tarda|tiempo)|informes? (?:por favor|de|sobre)|mas informacion|informacion (?:sobre|de|por favor|acerca)",
)
SPANISH_ACCENTED = (
    r"(?<!¡)(?:qué|cuáles|cuál|quiénes|quién|cómo|dónde|adónde|cuándo|cuánt[oa]s?)(?!\w)(?! (?:lind|bonit|buen|bell|hermos|rico|alegr))",
)
"""On the text as written: with an accent these words ask, without one they tell."""
