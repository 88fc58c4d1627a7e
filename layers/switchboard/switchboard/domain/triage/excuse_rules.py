"""What takes danger back: denial, idiom, awareness campaigns, and stories of what is over."""

from __future__ import annotations

_THING = r"(?:(?!(?:is|are|was|has|have|he|she|i|my|but|and|or|nor|breathing|pulse|response|reason|longer|one|way|feeling|urine|movement|point|purpose|idea|help|future|more|use|ambulance|matter|respira\w*|puede\w*|puedo|podia|despierta|reacciona|responde|quiero|quiere|se|tiene|vale|para|deja|me|mas|him|her|us|you|aguanto|pulso|esta|will|sense|good)\b)[\w/-]+)"
_THINGS = rf"{_THING}(?: {_THING}){{0,3}}(?:,? ?(?:or|nor|/|and) (?:any )?{_THING}(?: {_THING}){{0,3}}){{0,4}}"

DENIALS = (
    rf"(?:denies|denied|denying|negative for|without(?: any)?|w/o|no|nor|zero|no signs? of|no (?:history|hx|evidence|complaints?) of|never had(?: a| any)?) {_THINGS}",
    r"non[ -]?(?!blanching|stop|responsive)\w+",
    r"no breathing (?:issue|problem|difficult|trouble|concern)\w*",
    r"(?:dont|doesnt|didnt|not|isnt|arent|wasnt|never|havent|hasnt|no longer|aint|neither) (?:\w+ ){0,2}(?:have |having |feel |feeling |had |a |any |be |been |being |experiencing ){0,3}(?:suicid\w+|self harm\w*|chest \w+|short(?:ness)? of breath|trouble breathing|difficulty breathing|a stroke|a heart attack|having a heart attack|having a stroke|a seizure|seizures?|bleeding|an emergency|a medical emergency|life[- ]threatening|unconscious|faint\w*|vomiting blood|overdos\w+|confus\w+|slurr\w+|anaphyl\w+|dying|violent|abus\w+)(?! (?:stop|control)\w*)",
    r"(?:would|will|could) never (?:\w+ )?(?:hurt|kill|harm) (?:my|your|him|her|them)sel(?:f|ves)",
    r"not (?:thinking|going|planning|trying|wanting) (?:of |about |to )?(?:kill\w*|hurt\w*|harm\w*|end\w*) (?:my|him|her)sel(?:f|ves)",
    r"(?:no|sin|niega|no tiene|no tengo|no hay) (?:dolor (?:de|en el) pecho|dificultad para respirar|falta de aire|sangrado|fiebre|pensamientos suicidas)",
    r"no (?:soy|es|esta|estoy) suicida",
)
"""Each cuts out a few words: a denial never reaches into the next clause."""

_LAUGH = r"(?:lol|lmao|lmfao|rofl|haha\w*|hehe\w*|jaja\w*)"
IDIOMS = (
    r"(?:dying|die) (?:to (?:know|see|try|hear|get|find|go|meet|visit|eat|ask|read|watch|have|be there|tell|learn)|for (?:a|an|some|the|this|that|it)|of (?:boredom|curiosity|laught\w*|embarrassment|shame|heat)|laughing|inside|on this hill|hard|down|out|over here)",
    r"to die for|died (?:laughing|of (?:laught\w*|embarrassment|boredom|shame))",
    r"(?:is|are|was|were|been|its|this|that|it|feet|back|wait|line|traffic|bill|suspense|anticipation|waiting|prices?|allergies|heels|legs|knees|heat|curiosity|jokes?|you|you guys|you all|yall) (?:is |are |was |were |be |been |has been |really |literally |absolutely |just |lowkey |straight up |slowly |about |going ){0,4}(?:to |gonna )?(?:be )?(?:the death of me|kill(?:ing|s)? (?:me|us|it|them|the game|my (?:vibe|feet|back|knees|wallet|patience|budget|mood|bank account|head|neck|legs|shoulders?)))(?! (?:and|if|tonight|with|when|unless|because))",
    r"(?:would|could|i d|id|might) (?:\w+ )?(?:kill|die) for",
    r"kill(?:ing|ed)? (?:two birds|time|some time|an hour|the (?:vibe|mood|game|lights?|engine)|it(?= |$|[.,!])|for a)",
    r"(?:husband|wife|mom|mum|mother|dad|boss|boyfriend|girlfriend|kids|sister|brother|parents|she|he|they)(?: is| are)? (?:is |are |will |would |going to |gonna )+kill me(?= (?:for|when|if|lol|haha\w*|because)|[.!]* ?(?:lol|haha))",
    r"killer (?:app|smile|workout|deal|view|cookies|music|team|heels|whale)",
    r"(?:nearly |almost |about |just |near |practically )?(?:gave|give|gives|giving|had|have|having) (?:me |us |him |her |my \w+ )?(?:\w+ )?(?:a )?(?:heart attack|stroke|seizure|coronary|fit)(?: \w+){0,3} (?:when|after|over|at|from|seeing|opening|reading|looking)(?: \w+){0,5} (?:bill\w*|price\w*|cost\w*|invoice|charge\w*|fees?|statement|balance|copay|parking|wait|traffic|score|game|news|total|letter|menu|queue|line)",
    r"(?:bill\w*|price\w*|cost\w*|invoice|charge\w*|fees?|statement|it|that|this|you|scare|game|movie|jump scare)(?: \w+){0,3} (?:gave|give|gives|giving|gonna give|going to give|will give) (?:me|us|him|her|my \w+) (?:\w+ )?a (?:\w+ )?(?:heart attack|stroke|seizure|coronary)",
    r"(?:nearly|almost|about) (?:had|have|gave \w+) (?:a|the) (?:\w+ )?(?:heart attack|stroke|fit)",
    r"stroke of (?:luck|genius|midnight|a pen|bad luck|insight|inspiration)",
    r"(?:back|breast|key|brush|golf|butterfly|swim\w*) ?strokes?",
    r"heart (?:attack|stopping) (?:burger|grill|sandwich|food|on a plate|menu)",
    r"(?:almost |nearly |about )?(?:faint(?:ed|ing)?|pass(?:ed|ing)? out|collaps(?:ed|ing)|chok(?:ed|ing)|blacked out)(?: \w+){0,3} (?:when|at|after|over|from)(?: \w+){0,6} (?:bill\w*|price\w*|cost\w*|invoice|charge\w*|fees?|laught\w*|excitement|joy|total|estimate)",
    r"(?:flu|covid|corona\w*|tetanus|booster|allergy|vaccin\w*|shingles|hpv|mmr|rsv|pneumonia|b12|steroid|cortisone|insulin|rabies|second|first|third|2nd|1st|next|free|two|both|my|her|his|our|their|get|got|getting|need|give|gives?|take|worth|best|long|head|screen|money|slap|espresso|tequila|great|good|mug|cheap|big|parting|call the|calling the|a) (?:\w+ )?(?:shots?|jab)(?! (?:fired|in the (?:head|chest|leg|arm|back|stomach|face)|by|at))",
    r"(?:suicide|stroke|heart (?:attack|disease|health|failure)|heart|cardiac|sepsis|overdose|seizure|choking|anaphylaxis|bleeding|drowning|violence|abuse|domestic violence|sexual assault|self ?-?harm|child abuse|poison|allergy|meningitis|asthma|preeclampsia|miscarriage|cpr|first ?aid|narcan|epi ?-?pen|trauma|emergency|active shooter) (?:\w+ ){0,1}(?:awareness|prevention|month|walk|week|day|class\w*|cent(?:er|re)s?|unit|ward|team|nurse\w*|support groups?|survivors?|association|foundation|training|train\w*|program\w*|courses?|rehab\w*|screening|research|fundrais\w*|conference|education|seminar|webinar|lecture|study|trial|drill|group|event|5k|run|specialist\w*|institute|clinic|certif\w*|campaign|workshop|squad|watch duty|statistics|rates?|risks?)",
    r"(?:thoughts?|prayers?|walk|speak\w*|talk|class|workshop|event|article|book|movie|film|series|episode|documentary|lecture|campaign|poster|sign|pamphlet|brochure|leaflet) (?:on|about|for|against) (?:\w+ ){0,2}(?:suicide|stroke|overdose|violence|choking|abuse|sepsis|heart attacks?|bleeding|rape|self harm)",
    r"(?:lost|died|passed away|passed|death|deaths|dies|loss)(?: \w+){0,4} (?:by|of|from|to|due to|after|through) (?:a |an )?(?:\w+ )?(?:suicide|overdose|heart attack|stroke|cancer|sepsis|cardiac arrest|seizure|bleeding)",
    r"(?:scared|bored|worried|starving|starved|frozen|tickled|sick|love\w*|annoy\w*|freez\w*|talk\w*|work\w*|worked) (?:me |us |you |it |him |her )?(?:half )?to death",
    r"drown(?:ing|ed)? in (?:\w+ )?(?:paper\w*|bills?|debt|work|e-?mails?|calls|fees|forms|tears|sorrow\w*|medical)",
    r"suffocating (?:fees|prices|debt|bills|bureaucra\w*|heat|smell|in here)",
    r"bleeding (?:money|edge|heart|hearts|gums?|us|me|dry|obvious)|choked up|chok(?:ed|ing) (?:me )?up",
    r"blue (?:badge|book|light|cross|shield|line)|black(?:ed)? out curtains|sick burn|heart ?burn|sun ?burn\w*",
    r"burn(?:ed|t)? out|food poison\w*|seizure (?:disorder|medic\w+|meds|free|dog)",
    r"overdose of (?:work|sugar|cute\w*|chocolate|caffeine|fun|love)",
    r"passed out (?:from|after) (?:drinking|partying|last night)|still passed out",
    r"unresponsive (?:\w+ ){0,2}(?:staff|website|app|team|service|department|office|page|management|people)",
    r"(?:staff|nurses|office|team|department|they)(?: \w+){0,2} unresponsive|poison (?:ivy|oak|control number)",
    r"(?:photo|bath|seed|f|cherry|sex|glitter|love) ?bomb\w*|the bomb(?= |[.!]|$)",
    r"bomb(?:ed|ing)? (?:my|the|an?) (?:test|interview|exam)",
    r"(?:top|hot|glue|nerf|nail|water|massage|flu|staple|heat|price) ?gun\w*|\d+ ?kms",
    r"(?:covid\w*|virus|corona\w*|smoking|cancer|sugar|stress) (?:\w+ )?(?:kills?|killing|killed)",
    r"will (?:covid\w*|corona\w*|the virus) kill|jump(?:ing)? the gun|nerve pinch|killing me softly|crime scene",
    r"take my (?:life|breath) away|breath[- ]taking",
    rf"{_LAUGH}[ ,.!]*(?:(?:i am|im|hes|shes) )?(?:dying|dead|cant breathe|deceased|kill me|gonna die|going to die)",
    rf"(?:i am|im|hes|shes)? ?(?:dying|dead|cant breathe|deceased|kill me|kms|passed out|choking|going to die)[ ,.!]*(?:{_LAUGH}|laughing|of laughter|from laughing|at this|😂|🤣)",
    r"(?:laugh\w*|giggl\w*|funny)(?: \w+){0,6} (?:cant breathe|couldnt breathe|choking|dying|pass(?:ed)? out|cried|stroke|seizure)",
    r"[😂🤣💀] ?(?:i am )?(?:dying|dead|cant breathe|deceased)",
    r"(?:se me hace|me muero|muerto|muriendo|morirse|morir) (?:de|por) (?:ganas|hambre|risa|sueno|frio|calor|saber|ver|aburrimiento|verguenza|curiosidad|la risa)",
    r"casi me da (?:un|algo)(?: \w+){0,6} (?:cuenta|factura|precio|cobr\w+)",
    r"(?:precio|cuenta|factura)\w*(?: \w+){0,4} infarto|mata de (?:risa|aburrimiento)",
    r"(?:prevencion|concientizacion|mes|dia|curso|charla|clase|taller)(?: \w+){0,4} (?:suicidio|infarto\w*|derrames?|violencia|atragantamiento|sobredosis|rcp)",
    r"(?:what (?:is|are)|know|learn|list|teach|recogni[sz]e|spot)(?: \w+){0,3} (?:signs?|symptoms?|difference|causes?|risk|warning signs?)(?: \w+){0,4} (?:stroke|heart attack|sepsis|seizure|overdose|anaphyla\w+|meningitis|suicid\w+|appendicitis|concussion|abuse)",
)
"""Sayings, scares over a bill, jabs, campaigns and classes, deaths that are mourned, and what is dangerous in name alone."""

_UNIT = r"(?:years?|yrs?|months?|decades?|anos|meses)"
PAST = (
    rf"(?:\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|few|several|couple|many|some) (?:of )?{_UNIT} (?:ago|back|earlier|prior|before)",
    r"hace (?:\w+ ){1,3}(?:anos|meses)",
    r"(?:last|in) (?:year|month|spring|summer|winter|fall|autumn|january|february|march|april|june|july|august|september|october|november|december|(?:19|20)\d\d)",
    r"when i was (?:a |an |\d|little|young|born|in )\w*|el ano pasado|en (?:19|20)\d\d|years since|used to",
    r"since (?:my|her|his|their|the) (?:stroke|heart attack|accident|surgery|seizure|fall)",
    r"after (?:my|her|his) (?:stroke|heart attack|accident)|recover(?:y|ing|ed) (?:from|after)|survived|survivors?",
    r"history of(?= (?:a |an )?(?:stroke|heart attack|seizures?|tia|suicid\w+|overdose|asthma attack\w*))",
)
"""A clause with one of these is about long ago. Minutes, hours, days and weeks are not."""

STORY = (
    r"thank(?:s|ful|ed|ing)?|thankyou|grateful|gratitude|excellent|brilliant|saved (?:my|his|her|our|their)",
    r"wonderful|amazing|fantastic|superb|great (?:care|staff|team|service|job)|looked after|took (?:\w+ ){0,2}care",
    r"well (?:treated|cared)|friendly|professional|kind|caring|reassur\w+|calm\w*|angels?|gracias|excelente",
    r"no complaints",
    r"(?:ambulance|paramedics?|crew|doctors?|staff|nurses?|operator|they|111|999|a&e|hospital)(?: \w+){0,3} (?:came|arrived|told|said|took|never|sent|did|didnt|was|were|asked|refused|insisted|advised|ignored|left|turned|called)",
    r"(?:i|we|my \w+) (?:was|were) (?:seen|treated|admitted|given|told|discharged|transferred|taken)",
    r"(?:i|we) (?:rang|phoned|attended|waited|called)|suffered",
)
"""Signs of a story about care that was given, or was not."""

PAST_TENSE = (
    r"was|were|had|did|didnt|came|told|said|took|sent|refused|asked|called|rang|phoned|arrived|went|got|helped",
    r"treated|saved|attended|waited|wanted|kept|gave|felt|contacted|used|been|wasnt|hadnt|couldnt|waiting|stayed",
    r"checked|listened|suffers",
)
TOLD_NOW = (
    r"now|right now|currently|at the moment|today|tonight|this (?:morning|afternoon|evening|minute)|please|asap",
    r"is (?:not|in|having|un\w+|bleeding|choking|dying|turning)|isnt",
    r"(?:he|she|it|my \w+|baby|they|and|who|mom|dad) (?:is|has|are|cant|wont|keeps)|hes|shes|theyre|i am|i have",
    r"i cant|cant|wont|hasnt|havent|minutes? ago|min ago|mins ago|hours? ago|started|what (?:do|should|can) (?:i|we)",
    r"should (?:i|we)|ahora|ayuda|esta|hoy|favor",
)
"""A sentence of such a story that tells the past and has no sign that it goes on is over."""
