"""Interviews over more than twenty topics, with answers that have led to embarrassing replies.

No reply holds a cut name, the topic as it was typed, a phrase that nobody surely said, a repeated question, or thanks
for nonsense.
"""

import re
from dataclasses import dataclass

import pytest

from interview.prompt import build_prompt
from interview.record import Cv, Level
from local.gemini import briefing, families, interviewer, topic
from local.gemini.conversation import Conversation, Stage
from local.gemini.intents import Intent, read
from tests.local.gemini.conftest import BEGIN

# What is said back of an answer stands in one of these.
QUOTED = re.compile(
    r"(?:You mentioned|Let me stay with|I would like to hear more about|Thanks, it helps to hear about"
    r"|Thank you for telling me about) (?!that for a moment)(.+?)(?: for a moment)?\."
)
CUT = re.compile(r"\b(?:St|Dr|Mr|Mrs|Ms|Prof|Ph|Node|Vue|Next|No|B)\.$")
ASKED_AGAIN = (Intent.REPEAT, Intent.CLARIFY, Intent.QUESTION)
SOLID = (
    "I planned it with a colleague, and we checked the result twice before anybody else saw it.",
    "I learned to ask early, because waiting costs more than a question.",
    "In the end we did it by hand, which took three days and taught us a lot.",
)
NONSENSE = (
    "purple monkey dishwasher bananas",
    "asdf qwer zxcv",
    "blorp flibber glibbet wug",
    "banana banana banana banana banana",
    "lorem ipsum dolor sit amet",
)
CV = """Jane Doe
Registered Nurse
WORK EXPERIENCE
Registered Nurse, Intensive Care Unit, St. Mary's Hospital, 2016 - 2020"""


@dataclass(frozen=True)
class Field:
    """A topic as it was typed, the answers to it, the candidate's name, and what may be said back of the answers."""

    topic: str
    level: Level
    answers: tuple[str, ...]
    name: str | None = None
    sure: tuple[str, ...] = ()
    cv: str | None = None


FIELDS = (
    Field(
        "Emergency room nursing",
        "intermediate",
        ("I'm Tom.", "I worked at St. Mary's for six years. Then I moved.", "Yes.", "I'd call the doctor at once."),
        "Tom",
        ("St. Mary's",),
    ),
    Field(
        "Intensive care nursing",
        "advanced",
        ("I did my Ph.D. in Boston. It was about pain.", "Mostly at St. Mary's Hospital, with Dr. Patel.", "Teamwork."),
        None,
        ("St. Mary's Hospital",),
        CV,
    ),
    Field(
        "Primary school teaching",
        "beginner",
        (
            "My name is Maria Lopez and I did my B.Ed. in Leeds.",
            "Dunno",
            "I don't know.",
            "My mentor Mrs. Hall helped.",
        ),
        "Maria",
    ),
    Field(
        "Contract law",
        "advanced",
        (
            "Call me Ade.",
            "I have a Ph.D. and I work for Baker & Stone LLP in London.",
            "It depends.",
            "What do you mean?",
        ),
        "Ade",
        ("Baker & Stone LLP",),
    ),
    Field(
        "Hotel front desk",
        "beginner",
        ("Hi Iris, I'm Priya.", "I worked at the Grand Hotel in Bath.", "I smile.", "Next question please."),
        "Priya",
        ("the Grand Hotel",),
    ),
    Field(
        "Electrician apprenticeship", "beginner", ("Tom", "My uncle Joe took me along.", "Lock it off.", "Skip."), "Tom"
    ),
    Field(
        "B2B sales",
        "intermediate",
        ("I am Sofia.", "I sold pumps for Zentrix Systems to clinics.", "I called the CFO, Mr. O'Neil, and he signed."),
        "Sofia",
        ("Zentrix Systems",),
    ),
    Field(
        "Cardiology",
        "advanced",
        (
            "Good morning, Dr. Patel here.",
            "I trained at Johns Hopkins Hospital and at St. Bartholomew's.",
            "You listen.",
        ),
        "Dr. Patel",
        ("Johns Hopkins Hospital", "St. Bartholomew's"),
    ),
    Field(
        "Pastry chef",
        "intermediate",
        ("It's Luc.", "I trained in Lyon at Boulangerie St. Michel.", "Butter.", "We cut 20 kg. of waste per week."),
        "Luc",
        ("Boulangerie St. Michel",),
    ),
    Field("Car mechanic", "beginner", ("Hello", "I fix brakes at my father's garage, at 7 a.m. sharp.", "By ear.")),
    Field(
        "Supermarket cashier",
        "beginner",
        ("You can call me Jo.", "I was on the till at Tesco for two years.", "I call my boss Anna.", "Nothing."),
        "Jo",
        ("Tesco",),
    ),
    Field(
        "Digital marketing",
        "intermediate",
        ("I'm German.", "I ran Google Ads for a bakery called Krume.", "We read HubSpot's reports.", "Why do you ask?"),
        None,
        ("Google Ads", "Krume", "HubSpot"),
    ),
    Field(
        "Product management: saying no to stakeholders",
        "advanced",
        (
            "i'm sam",
            "I said no to our biggest client at Acme Inc. It was hard.",
            "User interviews.",
            "I'd say yes to less.",
        ),
        "Sam",
        ("Acme Inc",),
    ),
    Field(
        "First-time engineering manager",
        "beginner",
        ("I'm Chen Wei.", "I led one intern.", "Delegation.", "I don't know.", "Could you repeat that?"),
    ),
    Field(
        "Financial auditing",
        "intermediate",
        (
            "Fatima.",
            "I audited banks for K.P.M.G. in the U.S. and in Canada.",
            "Excel.",
            "I would ask for the audit trail.",
        ),
        "Fatima",
        ("K.P.M.G.", "Excel"),
    ),
    Field(
        "Human resources",
        "advanced",
        ("My friends call me Bea.", "I built pay bands at Northwind Corp. and everybody hated them.", "Bias."),
        "Bea",
        ("Northwind Corp",),
    ),
    Field(
        "Warehouse logistics",
        "intermediate",
        ("I'm Olu, nice to meet you.", "I ran the night shift for D.H.L. for five years.", "More people."),
        "Olu",
        ("D.H.L.",),
    ),
    Field(
        "Mechanical engineering",
        "advanced",
        ("My name's Jean-Luc.", "I designed pumps with SolidWorks at Hydra Motors.", "I'd test it.", "Fine."),
        "Jean-Luc",
        ("SolidWorks", "Hydra Motors"),
    ),
    Field(
        "Biology research",
        "beginner",
        (
            "Hello Iris, this is Anne-Marie.",
            "I pipetted for Prof. Okonkwo's lab.",
            "My sample no. 7 was bad.",
            "I can't say.",
        ),
        "Anne-Marie",
    ),
    Field(
        "Journalism",
        "advanced",
        (
            "I go by Mo.",
            "I wrote for the St. Louis Post and it was my first job.",
            "Sources lie.",
            "I'd rather not say.",
        ),
        "Mo",
        ("the St. Louis Post",),
    ),
    Field(
        "Social work with children",
        "intermediate",
        ("Bea", "I did home visits in St. Paul's, twice a week.", "Boundaries.", "You can't save everyone."),
        "Bea",
        ("St. Paul's",),
    ),
    Field(
        "React and TypeScript",
        "advanced",
        ("I'm Siobhan.", "I moved our shop from Vue.js to Next.js and Node.js.", "It was fast... and then it wasn't."),
        "Siobhan",
        ("Vue.js", "Next.js", "Node.js"),
    ),
    Field(
        "System design for a chat app",
        "intermediate",
        ("Ada here.", "I built one with Kafka and Redis at Parcelway Ltd. and it held.", "Sharding.", "No."),
        "Ada",
        ("Kafka", "Redis", "Parcelway Ltd"),
    ),
    Field(
        "Tell me about yourself",
        "beginner",
        ("My name is Xiaopin.", "I studied at the University of Leeds.", "Nope.", "Sorry, I didn't hear you."),
        "Xiaopin",
        ("the University of Leeds",),
    ),
)


@dataclass
class Exchange:
    heard: str
    sentences: tuple[str, ...]

    @property
    def said(self) -> str:
        return " ".join(self.sentences)

    @property
    def asks(self) -> str:
        return next((sentence for sentence in self.sentences if sentence.endswith("?")), "")


def hold(field: Field, *, spoken: bool, seed: int) -> tuple[Conversation, list[Exchange]]:
    """A whole interview: the field's answers with nonsense between them, then solid ones to its end."""
    cv = field.cv and Cv(filename="cv.txt", pages=1, characters=len(field.cv), text=field.cv)
    prompt = build_prompt(
        skill_topic=field.topic,
        level=field.level,
        language="en-US",
        cv=cv or None,
        job_description=None,
        minutes=25,
    )
    now = interviewer.begin(briefing.read(prompt), seed)
    nonsense = NONSENSE[seed % len(NONSENSE)]
    heard = [*field.answers, nonsense, nonsense, *SOLID, nonsense, *(SOLID * 3), "No, thank you."]
    exchanges = []
    for words in [BEGIN, *heard]:
        now, say = interviewer.reply(now, words, spoken=spoken)
        exchanges.append(Exchange(words, say.sentences))
        if now.stage is Stage.CLOSED:
            break
    return now, exchanges


def ids(field: Field) -> str:
    return field.topic


@pytest.mark.parametrize("spoken", [False, True], ids=["typed", "spoken"])
@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("field", FIELDS, ids=ids)
def test_no_reply_embarrasses(field: Field, seed: int, *, spoken: bool) -> None:
    now, exchanges = hold(field, spoken=spoken, seed=seed)
    about = topic.read(field.topic)
    family = families.find(field.topic)
    sure = {*field.sure, *(family.terms if family else ())}
    asked: set[str] = set()
    for exchange in exchanges:
        said, asks = exchange.said, exchange.asks
        assert said.count("?") <= 1, said
        assert not any(map(CUT.search, exchange.sentences)), said
        quoted = {found.group(1).rstrip(".") for found in map(QUOTED.fullmatch, exchange.sentences) if found}
        assert quoted <= {one.rstrip(".") for one in sure}, said
        if about.name != field.topic:
            assert field.topic not in said.replace(f"“{field.topic}”", ""), said
        if read(exchange.heard) not in ASKED_AGAIN:
            assert asks == "" or asks not in asked, said
        asked.add(asks)
        if exchange.heard in NONSENSE:
            assert "thank" not in said.lower() or now.stage is Stage.CLOSED, said
    assert now.stage is Stage.CLOSED
    assert now.asked >= 8


@pytest.mark.parametrize("field", FIELDS, ids=ids)
def test_nonsense_is_not_followed_and_nobody_is_thanked_for_it(field: Field) -> None:
    _, exchanges = hold(field, spoken=False, seed=3)
    replies = [one.said for one in exchanges if one.heard in NONSENSE]
    assert len(replies) >= 2
    assert all(reply.startswith(("I didn't follow that", "I couldn't follow that")) for reply in replies)


@pytest.mark.parametrize("field", [field for field in FIELDS if not field.cv], ids=ids)
def test_a_name_that_is_told_is_understood(field: Field) -> None:
    now, exchanges = hold(field, spoken=False, seed=0)
    assert now.name == field.name
    assert (f"today, {field.name}." in exchanges[-1].said) is (field.name is not None)


def test_at_least_twenty_topics_and_the_pages_examples_of_other_fields() -> None:
    assert len({families.find(field.topic) and field.topic for field in FIELDS}) >= 20


def test_a_spoken_name_of_a_place_is_said_back_only_as_the_cv_spells_it() -> None:
    field = FIELDS[1]
    for seed in range(5):
        _, exchanges = hold(field, spoken=True, seed=seed)
        assert not any("Mary's." in one.said for one in exchanges)
        assert not any("Intensive Care Unit" in one.said for one in exchanges)
        assert any("Your CV mentions St. Mary's Hospital." in one.said for one in exchanges)
