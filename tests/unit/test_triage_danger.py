"""Danger to life: each kind in several wordings, what takes it back, and what does not.

The texts are invented. Those on self-harm and violence follow the warning signs that the 988 Lifeline, Samaritans,
the NHS and the US Office on Women's Health publish. Of these none may be missed.
"""

from __future__ import annotations

import pytest

from switchboard.domain.triage import triage
from switchboard.domain.vocabulary import Category, Urgency


def texts(block: str) -> list[str]:
    return [text for line in block.strip().splitlines() for text in line.split("|")]


SELF_HARM = """
I want to kill myself|I want to die|I wanna die|i want 2 die|I feel suicidal|im sucidal
having suicidal thoughts again|I'm thinking about suicide|I am thinking of ending my life
I'm going to end it all tonight|I can't go on|I can't do this anymore|I cant take it any more
I don't want to be here anymore|I don't want to live|I dont want to wake up tomorrow|there is no reason to live
I have nothing to live for|I don't see the point anymore|my life is not worth living
Everyone would be better off without me|They'd be better off if I was dead|I'm a burden to everyone
nobody would miss me if I was gone|I wish I was dead|I wish I had never been born
I want to go to sleep and never wake up|I want to disappear forever|I want it all to stop|I want everything to end
I've been cutting myself|I started cutting again|I slit my wrists|I hurt myself on purpose, I cut my arms
I self-harm|thoughts of hurting myself|I have a plan to kill myself|I bought a rope to hang myself
I have been saving up pills to end it|I'm standing on a bridge and going to jump off the bridge
I'm going to jump in front of a train|My son says he wants to kill himself
my daughter is talking about killing herself|My friend texted goodbye and won't answer|he left a suicide note
She tried to hang herself|I should not be alive|I deserve to die|I'd rather be dead|I feel hopeless and trapped
I'm tired of living|I hate being alive|gonna kms tonight|she said she will unalive herself
is there a suicide hotline|I tried to kill myself last year and it is coming back|Nothing matters, goodbye everyone
I feel like dying|I have the pills in my hand and I have the pills ready|I cant keep living|quiero morir
me quiero matar|quiero quitarme la vida|no quiero vivir más|ya no quiero vivir|pienso en suicidarme
mi hijo dice que se quiere matar|tengo ganas de morir|me corto los brazos, quiero hacerme daño
todos estarían mejor sin mí|soy una carga para todos|ya no aguanto más
"""
VIOLENCE = """
he is threatening to kill me|my husband hits me|my boyfriend choked me last night|She is beating her kids right now
I was raped|my friend was sexually assaulted|someone has a gun in the lobby|there's a man with a knife in the ER
active shooter at the clinic|there is a bomb in the building|I'm going to shoot up the hospital
I am going to kill my doctor|I'm going to hurt someone|I will kill everyone there|he tried to strangle me
I'm scared he will kill me|my ex is threatening me and my kids|he got stabbed outside|my brother was shot in the leg
I've been stabbed|my stepdad touches me|my mom's boyfriend is abusing her|I don't feel safe at home
I might hurt my baby|I have a gun and I'm coming down there|he keeps punching me
domestic violence, I need to get out|a nurse was attacked, someone pulled a knife|my partner is hitting me
they are going to kill him|mi esposo me pega|me va a matar|tiene una pistola|me violaron|lo van a matar
voy a matar a alguien
"""
BODY = {
    "breathing": """
my dad isn't breathing|she stopped breathing|I can't breathe|he cant breath!!|my son is choking on a grape
baby is turning blue|mom is gasping for air|severe asthma attack and the inhaler is not working|her oxygen is at 82
trouble breathing since an hour|mi papá no respira|no puedo respirar|le cuesta respirar
""",
    "heart": """
crushing chest pain|pain in my chest going down my left arm|chest feels tight and I'm sweating|chest pian
I think dad is having a heart attack|hart attack|there's an elephant on my chest|no pulse|cardiac arrest at the gym
le duele el pecho|creo que es un infarto|dolor fuerte en el pecho
""",
    "stroke": """
his face is drooping|her speech is slurred|grandma can't move her right arm|sudden weakness on one side
suddenly can't see out of my left eye|worst headache of my life|I think he had a stroke
numbness in my left arm and face|mom can't speak all of a sudden, mouth crooked|tiene la cara torcida
no puede hablar ni mover el brazo
""",
    "consciousness": """
she won't wake up|he is unconscious|found him unresponsive|my neighbor collapsed|she passed out in the shower
he's having a siezure|baby is limp|convulsing on the floor|my daughter is unconcious
he's very confused and doesn't know where he is|se desmayó mi abuela|mi bebé no despierta|está convulsionando
""",
    "bleeding": """
the bleeding won't stop|he is bleeding heavily from the head|coughing up blood|she's vomiting blood
there is blood everywhere|blood is pouring out|I'm pregnant and bleeding|soaking a pad every hour
black tarry stool and dizzy|está sangrando mucho|vomita sangre
""",
    "poisoning or overdose": """
my kid drank bleach|he swallowed a battery|I took too many pills|she overdosed|my toddler ate rat poison
took a whole bottle of tylenol|carbon monoxide alarm and we feel sick|my friend od'd on something
snake bite on my foot|se tomó todas las pastillas y cloro|mi hija se tragó una pila
""",
    "severe allergy": """
anaphylaxis|his tongue is swelling|throat is closing up after peanuts|used the epipen and still wheezing
her lips are swollen and she has hives|se le cierra la garganta
""",
    "sepsis, shock or acute illness": """
my 3 week old has a fever|fever and a stiff neck|high fever and confused|severe stomach pain and can't stand
my water broke|third degree burns|he was electrocuted|hit by a car|baby stopped moving, 36 weeks
fell off a ladder and can't move|child found drowning in the pool|se me rompió la fuente|lo atropelló un carro
""",
    "call for help": """
please call 911|should I call 911|someone call an ambulance|I need an ambulance|she's dying|help him now
it is a medical emergency|necesito una ambulancia|se está muriendo|es una emergencia
""",
}
HARMLESS = """
this wait is killing me|I'm dying to know when the new wing opens|nearly had a heart attack when I saw the bill
that bill gave me a heart attack|my feet are killing me|I would kill for a parking spot
to die for cookies in the cafeteria|lol I'm dying|bored to death in your waiting room|scared to death of needles
drowning in paperwork|stroke of luck that you had a slot|Where can I get my flu shot?|got my covid shot today
great shot of the new building|you are killing it, nurses!|killing time in the lobby|I am not suicidal
he is not suicidal|she denies chest pain|no chest pain, no shortness of breath|I don't have chest pain
No bleeding, just sore|not an emergency|suicide prevention walk on Saturday|stroke awareness month|CPR class signup
heart attack survivors group|overdose prevention training|is the stroke unit on floor 3
I lost my brother to suicide, is there a support group?|my father died of a heart attack in 2012
I had a stroke three years ago and you saved me|thank you for saving dad after his heart attack last year
what are the symptoms of a stroke|how long is the emergency room wait|what is the emergency department number
heartburn refill please|do you have black book clubs|I laughed so hard I couldn't breathe|breathtaking view
bleeding edge technology|blood test results|blood pressure check|dead tired, great shift|photobomb
The nurses were kind when my mum was rushed in unconscious, they were excellent
the ambulance crew were brilliant when I had a seizure|He fainted when he saw the bill
overdose of cuteness in this picture|food poisoning note for work|my back pain is killing me
my kids will kill me if I miss it|do you sell epipen training|seizure dog visits|me muero de hambre
casi me da un infarto cuando vi la factura|no tengo dolor de pecho|muerta de risa|curso de RCP
mes de prevención del suicidio
"""


@pytest.mark.parametrize("text", texts(SELF_HARM))
def test_no_sign_of_self_harm_is_missed(text: str) -> None:
    found = triage(text)

    assert (found.urgency, found.category, found.needs_answer) == (Urgency.EMERGENCY, Category.EMERGENCY, True)


@pytest.mark.parametrize("text", texts(VIOLENCE))
def test_no_sign_of_violence_is_missed(text: str) -> None:
    assert triage(text).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, many in BODY.items() for text in texts(many)])
def test_danger_to_the_body_rings(kind: str, text: str) -> None:
    found = triage(text)

    assert found.urgency is Urgency.EMERGENCY, kind
    assert found.reason.startswith("Emergency: rule “")


@pytest.mark.parametrize("text", texts(HARMLESS))
def test_what_only_sounds_like_danger_does_not_ring_as_an_emergency(text: str) -> None:
    assert triage(text).urgency is not Urgency.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "I'm not suicidal but my dad has chest pain",
        "no chest pain, but he collapsed",
        "the bill gave me a heart attack lol. Seriously though, my wife is unconscious",
        "Thank you for the great care last year. Now my husband is not breathing",
        "No, she is not breathing",
        "Great staff. I want to kill myself",
        "She is not bleeding any more but won't wake up",
        "I had a stroke in 2015. Now my face is drooping again",
        "no ambulance came and he is unconscious",
    ],
)
def test_an_excuse_covers_its_own_words_and_not_the_danger_beside_it(text: str) -> None:
    assert triage(text).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "SHE IS NOT BREATHING!!!",
        "heeeelp she's not breathiiiing",
        "she isn\N{RIGHT SINGLE QUOTATION MARK}t breathing",
        "she is not brething",
        "she\nis not\tbreathing",
    ],
)
def test_danger_is_heard_through_capitals_repeated_letters_curly_quotes_and_slips(text: str) -> None:
    assert triage(text).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    "person", ["my neighbour", "a stranger", "my 4 year old", "someone in the parking lot", "my coworker", "grandpa"]
)
def test_danger_to_others_rings_as_well(person: str) -> None:
    assert triage(f"{person} collapsed and is not breathing").urgency is Urgency.EMERGENCY
