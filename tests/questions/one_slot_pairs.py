"""Pairs of questions that differ in one slot: never the same, however alike they are worded.

The second of a pair is worded anew most of the time, so that a pair can't be told by its
wording. The pairs are always the same ones, in the same order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

SEED = 20261121

CANCERS = (
    "breast cancer",
    "colon cancer",
    "rectal cancer",
    "non-small cell lung cancer",
    "small cell lung cancer",
    "prostate cancer",
    "pancreatic cancer",
    "ovarian cancer",
    "cervical cancer",
    "endometrial cancer",
    "bladder cancer",
    "kidney cancer",
    "liver cancer",
    "bile duct cancer",
    "stomach cancer",
    "esophageal cancer",
    "thyroid cancer",
    "melanoma",
    "multiple myeloma",
    "Hodgkin lymphoma",
    "follicular lymphoma",
    "chronic lymphocytic leukemia",
    "acute myeloid leukemia",
    "osteosarcoma",
    "testicular cancer",
)
SUBTYPES = (
    ("lung cancer", "small cell lung cancer"),
    ("lung cancer", "non-small cell lung cancer"),
    ("thyroid cancer", "papillary thyroid cancer"),
    ("papillary thyroid cancer", "medullary thyroid cancer"),
    ("liver cancer", "hepatocellular carcinoma"),
    ("leukemia", "acute myeloid leukemia"),
    ("acute myeloid leukemia", "acute lymphoblastic leukemia"),
    ("non-Hodgkin lymphoma", "Hodgkin lymphoma"),
    ("non-Hodgkin lymphoma", "mantle cell lymphoma"),
    ("bladder cancer", "muscle-invasive bladder cancer"),
    ("breast cancer", "inflammatory breast cancer"),
    ("breast cancer", "triple-negative breast cancer"),
    ("bile duct cancer", "intrahepatic bile duct cancer"),
    ("colorectal cancer", "colon cancer"),
    ("skin cancer", "melanoma"),
    ("kidney cancer", "renal cell cancer"),
    ("glioma", "glioblastoma"),
    ("soft tissue sarcoma", "liposarcoma"),
)
STAGES = (
    ("stage I", "stage II"),
    ("stage II", "stage III"),
    ("stage III", "stage IV"),
    ("stage IIIA", "stage IIIB"),
    ("stage 2", "stage 4"),
    ("stage one", "stage three"),
    ("early-stage", "advanced"),
    ("localized", "metastatic"),
    ("locally advanced", "metastatic"),
    ("low-grade", "high-grade"),
    ("grade 2", "grade 3"),
    ("T1", "T3"),
    ("newly diagnosed", "recurrent"),
    ("resectable", "unresectable"),
    ("stage III", "stage IIIC"),
    ("stage III", ""),
)
LINES = (
    ("first-line", "second-line"),
    ("second-line", "third-line"),
    ("adjuvant", "neoadjuvant"),
    ("maintenance", "induction"),
    ("adjuvant", "palliative"),
    ("first-line", "salvage"),
)
MARKERS = (
    ("breast cancer", "HER2-positive", "HER2-negative"),
    ("breast cancer", "HER2+", "HER2-low"),
    ("breast cancer", "ER-positive", "ER-negative"),
    ("breast cancer", "HER2-positive", "ER-positive"),
    ("breast cancer", "BRCA1-mutated", "BRCA2-mutated"),
    ("breast cancer", "PIK3CA-mutated", "ESR1-mutated"),
    ("non-small cell lung cancer", "EGFR-mutated", "ALK-positive"),
    ("non-small cell lung cancer", "EGFR-mutated", "EGFR wild-type"),
    ("non-small cell lung cancer", "EGFR exon 19", "EGFR exon 20"),
    ("non-small cell lung cancer", "PD-L1-positive", "PD-L1-negative"),
    ("non-small cell lung cancer", "KRAS G12C", "KRAS G12D"),
    ("colon cancer", "KRAS-mutated", "KRAS wild-type"),
    ("colon cancer", "MSI-high", "microsatellite stable"),
    ("colon cancer", "dMMR", "pMMR"),
    ("colon cancer", "BRAF-mutated", "KRAS-mutated"),
    ("melanoma", "BRAF-mutated", "BRAF wild-type"),
    ("melanoma", "BRAF V600E", "BRAF V600K"),
    ("melanoma", "BRAF-mutated", "NRAS-mutated"),
    ("acute myeloid leukemia", "FLT3-positive", "FLT3-negative"),
    ("acute myeloid leukemia", "IDH1-mutated", "IDH2-mutated"),
    ("thyroid cancer", "RET-positive", "RET-negative"),
    ("chronic lymphocytic leukemia", "TP53-mutated", "TP53 unmutated"),
    ("stomach cancer", "HER2-positive", "HER2-negative"),
)
DRUGS = [
    "tamoxifen",
    "letrozole",
    "pembrolizumab",
    "nivolumab",
    "trastuzumab",
    "capecitabine",
    "paclitaxel",
    "docetaxel",
    "cisplatin",
    "carboplatin",
    "imatinib",
    "olaparib",
    "bevacizumab",
    "sorafenib",
    "lenvatinib",
    "rituximab",
    "bortezomib",
    "enzalutamide",
    "abiraterone",
    "osimertinib",
    "methotrexate",
    "doxorubicin",
    "ibuprofen",
    "prednisone",
    "metformin",
]
# Names that no list has: they must be kept apart all the same.
UNHEARD_DRUGS = [
    "zalvotinib",
    "morelumab",
    "Quorvexa",
    "pentrasib",
    "oltrecept",
    "Brimelza",
    "VX-4471",
    "dasuprevir",
    "Halotrex",
    "nimorelin",
]
REGIMENS = ("FOLFOX", "FOLFIRI", "FOLFIRINOX", "CAPOX", "R-CHOP", "ABVD", "BEP", "FLOT", "TCHP")
TREATMENTS = (
    "surgery",
    "chemotherapy",
    "radiation therapy",
    "immunotherapy",
    "hormone therapy",
    "targeted therapy",
    "a stem cell transplant",
    "proton therapy",
    "brachytherapy",
    "watchful waiting",
    "cryoablation",
    "hyperthermia",
    "CAR T-cell therapy",
    "photodynamic therapy",
    "acupuncture",
    "lymph node dissection",
    "laparoscopy",
    "embolization",
)
POPULATIONS = (
    ("in children", "in adults"),
    ("in older adults", "in young adults"),
    ("during pregnancy", ""),
    ("in pregnant women", "in older women"),
    ("in teenagers", "in adults"),
    ("in adults over 70", "in adults under 70"),
    ("in children", ""),
    ("in people with HIV", "in people with diabetes"),
    ("in transplant recipients", "in pregnant women"),
    ("in smokers", "in people who never smoked"),
)
EFFECTS = (
    "hair loss",
    "fatigue",
    "nausea",
    "diarrhea",
    "hot flashes",
    "weight gain",
    "weight loss",
    "mouth sores",
    "hiccups",
    "tinnitus",
    "nosebleeds",
    "memory loss",
    "cold feet",
    "nightmares",
    "brittle nails",
    "a metallic taste",
    "hoarseness",
    "swollen ankles",
)
MATTERS = (
    "alcohol",
    "coffee",
    "red meat",
    "sushi",
    "grapefruit",
    "turmeric",
    "green tea",
    "kefir",
    "soy milk",
    "mushrooms",
    "vitamin D",
    "vitamin C",
    "probiotics",
    "melatonin",
    "ginseng",
)
FACTORS = (
    "smoking",
    "obesity",
    "asbestos",
    "talc",
    "stress",
    "radon",
    "hair dye",
    "night shifts",
    "cell phones",
    "diabetes",
    "air pollution",
    "deodorant",
    "hepatitis B",
    "HPV",
    "sugar",
)
ACTS = (
    "fly",
    "swim",
    "drive",
    "drink alcohol",
    "have sex",
    "get a flu shot",
    "dye my hair",
    "lift weights",
    "go to the dentist",
    "get a tattoo",
    "use a sauna",
    "eat sushi",
    "travel abroad",
    "ride a bike",
)
NUMBERS = (
    (
        "What is the {} survival rate for {{cancer}}?",
        ("5-year", "10-year", "2-year", "one-year"),
    ),
    (
        "How is {{cancer}} treated in someone who is {} years old?",
        ("35", "72", "58", "80"),
    ),
    (
        "Is {} of chemotherapy enough for {{cancer}}?",
        ("3 months", "6 months", "three weeks", "12 months"),
    ),
    (
        "What does a {} tumor mean in {{cancer}}?",
        ("2 cm", "5 cm", "8 mm"),
    ),
    (
        "Do I need chemotherapy for {{cancer}} with {} positive lymph nodes?",
        ("1", "2", "four", "no"),
    ),
    (
        "Are {} cycles of chemotherapy better for {{cancer}}?",
        ("4", "6", "eight"),
    ),
    (
        "Is a {} chance of {{cancer}} coming back high?",
        ("10%", "30%", "5 percent"),
    ),
)
ASKED = (
    ("What are the symptoms of {cancer}?", "signs of {cancer}"),
    ("What causes {cancer}?", "why do people get {cancer}"),
    ("What are the risk factors for {cancer}?", "who is at risk of {cancer}"),
    ("What are the side effects of treatment for {cancer}?", "{cancer} treatment side effects"),
    ("How is {cancer} treated?", "treatment options for {cancer}"),
    ("How is {cancer} diagnosed?", "tests to diagnose {cancer}"),
    ("What is the survival rate for {cancer}?", "how long can you live with {cancer}"),
    ("Can {cancer} be cured?", "is {cancer} curable"),
    ("How likely is {cancer} to come back?", "{cancer} recurrence risk"),
    ("How does {cancer} spread?", "how {cancer} spreads"),
    ("Where does {cancer} spread?", "{cancer} where does it spread to"),
    ("How can I prevent {cancer}?", "{cancer} prevention"),
    ("What are the screening tests for {cancer}?", "{cancer} screening tests"),
    ("How much does treatment for {cancer} cost?", "cost of {cancer} treatment"),
    ("What should I eat with {cancer}?", "diet for {cancer}"),
    ("What is {cancer}?", "{cancer} meaning"),
    ("Is {cancer} hereditary?", "does {cancer} run in families"),
    ("How common is {cancer}?", "{cancer} incidence"),
    ("What are the stages of {cancer}?", "{cancer} stages"),
    ("What are the types of {cancer}?", "types of {cancer}"),
    ("How fast does {cancer} grow?", "growth rate of {cancer}"),
    ("Which clinical trials are there for {cancer}?", "{cancer} clinical trials"),
    ("What follow-up is needed after {cancer} treatment?", "follow-up after {cancer} treatment"),
    ("What happens if {cancer} is not treated?", "what happens when {cancer} is left untreated"),
    ("How does treatment for {cancer} work?", "how {cancer} treatment works"),
    ("How long does treatment for {cancer} take?", "{cancer} treatment duration"),
    ("What are the early signs of {cancer}?", "earliest symptoms of {cancer}"),
    ("What are the complications of {cancer}?", "{cancer} complications"),
    ("Which doctor treats {cancer}?", "what specialist treats {cancer}"),
    ("Why is {cancer} so hard to treat?", "why {cancer} is difficult to treat"),
    ("Is {cancer} contagious?", "can you catch {cancer}"),
    ("Where can I get a second opinion on {cancer}?", "second opinion {cancer}"),
    ("What are new treatments for {cancer}?", "newest treatments for {cancer}"),
    ("What is the most aggressive form of {cancer}?", "most aggressive {cancer}"),
    ("Can {cancer} be found by a blood test?", "blood test for {cancer}"),
    ("Does {cancer} hurt?", "is {cancer} painful"),
)
OF_TREATMENT = (
    ("What are the side effects of {treatment} for {cancer}?", "{cancer} {treatment} side effects"),
    ("How does {treatment} work for {cancer}?", "how {treatment} works in {cancer}"),
    ("How long does {treatment} for {cancer} take?", "{treatment} for {cancer} duration"),
    ("How effective is {treatment} for {cancer}?", "success rate of {treatment} in {cancer}"),
    ("What is {treatment} for {cancer}?", "explain {treatment} for {cancer}"),
    ("How much does {treatment} for {cancer} cost?", "cost of {treatment} for {cancer}"),
    ("How do I prepare for {treatment} for {cancer}?", "preparing for {treatment} for {cancer}"),
    ("What are the risks of {treatment} for {cancer}?", "dangers of {treatment} in {cancer}"),
    ("What are the benefits of {treatment} for {cancer}?", "{treatment} benefits {cancer}"),
    ("Who should have {treatment} for {cancer}?", "who is eligible for {treatment} for {cancer}"),
    (
        "How often is {treatment} given for {cancer}?",
        "how frequently is {treatment} given {cancer}",
    ),
    ("When is {treatment} used for {cancer}?", "when {treatment} is given for {cancer}"),
    ("Why is {treatment} used for {cancer}?", "reason for {treatment} in {cancer}"),
    ("Is {treatment} for {cancer} painful?", "does {treatment} for {cancer} hurt"),
    ("Do I need {treatment} for {cancer}?", "should I have {treatment} for {cancer}"),
    ("Can {treatment} cure {cancer}?", "is {cancer} curable with {treatment}"),
    ("Where is {treatment} for {cancer} done?", "where to get {treatment} for {cancer}"),
    ("How long is recovery after {treatment} for {cancer}?", "recovery time {treatment} {cancer}"),
)
TREATED = (
    "What are the treatment options for {what}?",
    "How is {what} treated?",
    "how do doctors treat {what}",
    "My mother has {what}. What treatments are there?",
    "{what} treatment",
    "Could you tell me about therapies for {what}, please?",
)
OUTLOOK = (
    "What is the prognosis for {what}?",
    "How long can people live with {what}?",
    "{what} survival rate",
    "My father was told he has {what}. What is his life expectancy?",
)
NEGATED = (
    ("Who should be screened for {cancer}?", "Who should not be screened for {cancer}?"),
    ("Can {cancer} be treated with chemotherapy?", "Can {cancer} be treated without chemotherapy?"),
    (
        "What happens if I have surgery for {cancer}?",
        "what happens if I refuse surgery for {cancer}",
    ),
    ("Is {cancer} curable?", "Is {cancer} incurable?"),
    ("What foods should I eat with {cancer}?", "What foods should I avoid with {cancer}?"),
    (
        "When should I start chemotherapy for {cancer}?",
        "When should I stop chemotherapy for {cancer}?",
    ),
    (
        "What happens if treatment for {cancer} works?",
        "what happens if treatment for {cancer} fails",
    ),
    ("Is surgery needed for {cancer}?", "Is surgery not needed for {cancer}?"),
    ("Does {cancer} always need treatment?", "Does {cancer} never need treatment?"),
    ("Why do I need radiation for {cancer}?", "Why don't I need radiation for {cancer}?"),
    ("Is it safe to exercise with {cancer}?", "Is it unsafe to exercise with {cancer}?"),
    ("Can I skip surgery for {cancer}?", "Can I have surgery for {cancer}?"),
    (
        "treatment options for {cancer} with surgery",
        "treatment options for {cancer} without surgery",
    ),
    ("Should I keep taking aspirin with {cancer}?", "Should I stop taking aspirin with {cancer}?"),
    ("Are lymph nodes removed for {cancer}?", "Are lymph nodes not removed for {cancer}?"),
    ("Does exercise raise the risk of {cancer}?", "Does exercise lower the risk of {cancer}?"),
    ("What makes {cancer} grow faster?", "What makes {cancer} grow slower?"),
    (
        "Does chemotherapy increase fertility after {cancer}?",
        "Does chemotherapy decrease fertility after {cancer}?",
    ),
    (
        "What if {cancer} responds to immunotherapy?",
        "what if {cancer} does not respond to immunotherapy",
    ),
    ("Can anyone get {cancer} if they smoke?", "Can anyone get {cancer} if they don't smoke?"),
)
DIRECTED = (
    ("What are the risk factors for {cancer}?", "Is {cancer} a risk factor for other cancers?"),
    ("What are the risk factors for {cancer}?", "What is {cancer} a risk factor for?"),
    ("Does diabetes cause {cancer}?", "Does {cancer} cause diabetes?"),
    ("Does {cancer} cause depression?", "Does depression cause {cancer}?"),
    ("Can anemia lead to {cancer}?", "Can {cancer} lead to anemia?"),
    ("What causes {cancer}?", "What does {cancer} cause?"),
    ("Is pain a symptom of {cancer}?", "Is {cancer} a symptom of pain?"),
    (
        "Should I switch from tamoxifen to letrozole for {cancer}?",
        "Should I switch from letrozole to tamoxifen for {cancer}?",
    ),
    (
        "Is surgery better than radiation for {cancer}?",
        "is radiation better than surgery for {cancer}",
    ),
    (
        "Can I have chemotherapy before surgery for {cancer}?",
        "Can I have surgery before chemotherapy for {cancer}?",
    ),
    (
        "Why is radiation given after surgery for {cancer}?",
        "why is surgery done after radiation for {cancer}",
    ),
    (
        "Does chemotherapy affect diabetes in {cancer}?",
        "Does diabetes affect chemotherapy in {cancer}?",
    ),
    ("Does stress affect {cancer}?", "Does {cancer} affect stress?"),
    ("Does insomnia worsen fatigue in {cancer}?", "Does fatigue worsen insomnia in {cancer}?"),
    (
        "Can metformin replace cisplatin for {cancer}?",
        "Can cisplatin replace metformin for {cancer}?",
    ),
    ("Can obesity hide {cancer}?", "Can {cancer} hide obesity?"),
    ("What triggers {cancer}?", "What does {cancer} trigger?"),
    (
        "Should cisplatin be added to paclitaxel for {cancer}?",
        "Should paclitaxel be added to cisplatin for {cancer}?",
    ),
    ("Does {cancer} spread to the liver?", "Does liver disease spread to {cancer}?"),
    (
        "Is chemotherapy followed by surgery for {cancer}?",
        "Is surgery followed by chemotherapy for {cancer}?",
    ),
    ("Does {cancer} treatment cause infertility?", "Does infertility treatment cause {cancer}?"),
    ("Does lupus provoke {cancer}?", "Does {cancer} provoke lupus?"),
)
TIMED = (
    (
        "Can I {act} before chemotherapy for {cancer}?",
        "Can I {act} after chemotherapy for {cancer}?",
    ),
    ("Can I {act} during radiation for {cancer}?", "Can I {act} after radiation for {cancer}?"),
    (
        "Is it ok to {act} before surgery for {cancer}?",
        "is it okay to {act} after surgery for {cancer}",
    ),
    (
        "Can I {act} during chemotherapy for {cancer}?",
        "can I {act} while having radiation for {cancer}",
    ),
    (
        "Can I {act} two weeks after surgery for {cancer}?",
        "Can I {act} six weeks after surgery for {cancer}?",
    ),
    (
        "How long after surgery for {cancer} can I {act}?",
        "how long before surgery for {cancer} can I {act}",
    ),
    (
        "Can I {act} between cycles of chemo for {cancer}?",
        "Can I {act} after cycles of chemo for {cancer}?",
    ),
    (
        "How soon after chemo for {cancer} can I {act}?",
        "How often after chemo for {cancer} can I {act}?",
    ),
    (
        "Can I {act} on the day of my scan for {cancer}?",
        "Can I {act} on the day after my scan for {cancer}?",
    ),
    (
        "Can I {act} the morning of surgery for {cancer}?",
        "Can I {act} the evening of surgery for {cancer}?",
    ),
)


@dataclass(frozen=True)
class Pair:
    """Two questions with different answers, and the slot in which they differ."""

    slot: str
    a: str
    b: str


def pairs() -> list[Pair]:
    """Return all pairs, each once."""
    choice = Random(SEED)
    made = [
        *_cancers(choice),
        *_whose(choice),
        *_care(choice),
        *_asked(choice),
        *_fillers(choice),
        *_templates(choice),
    ]
    return list(dict.fromkeys(made))


def _cancers(choice: Random) -> Iterator[Pair]:
    for cancer in CANCERS:
        for wordings in choice.sample(ASKED, 12):
            other = choice.choice([each for each in CANCERS if each != cancer])
            a, b = _two(choice, wordings)
            yield Pair("cancer", a.format(cancer=cancer), b.format(cancer=other))
    for one, other in SUBTYPES:
        for wordings in choice.sample(ASKED, 5):
            for first, second in ((one, other), (other, one)):
                a, b = _two(choice, wordings)
                yield Pair("subtype", a.format(cancer=first), b.format(cancer=second))


def _whose(choice: Random) -> Iterator[Pair]:
    for slot, kinds, frames in (
        ("stage", STAGES, (TREATED, OUTLOOK)),
        ("population", POPULATIONS, (TREATED, OUTLOOK)),
    ):
        for one, other in kinds:
            for cancer in choice.sample(CANCERS, 10):
                what = "{} {}" if slot == "stage" else "{1} {0}"
                for frame in frames:
                    a, b = _two(choice, frame)
                    yield Pair(
                        slot,
                        a.format(what=what.format(one, cancer).strip()),
                        b.format(what=what.format(other, cancer).strip()),
                    )
    for cancer, one, other in MARKERS:
        for frame in (TREATED, OUTLOOK, TREATED, TREATED):
            a, b = _two(choice, frame)
            first, second = choice.sample((one, other), 2)
            yield Pair(
                "marker" if one.split("-")[0] != other.split("-")[0] else "polarity",
                a.format(what=f"{first} {cancer}"),
                b.format(what=f"{second} {cancer}"),
            )
    for one, other in LINES:
        for cancer in choice.sample(CANCERS, 12):
            a, b = _two(
                choice,
                (
                    "What is the {line} treatment for {cancer}?",
                    "{cancer} {line} therapy",
                    "which {line} treatments are there for {cancer}",
                ),
            )
            yield Pair(
                "line",
                a.format(line=one, cancer=cancer),
                b.format(line=other, cancer=cancer),
            )


def _care(choice: Random) -> Iterator[Pair]:
    for slot, names in (
        ("drug", (*DRUGS, *UNHEARD_DRUGS)),
        ("regimen", REGIMENS),
        ("treatment", TREATMENTS),
    ):
        for name in names:
            for wordings in choice.sample(OF_TREATMENT, 8):
                other = choice.choice([each for each in names if each != name])
                cancer = choice.choice(CANCERS)
                a, b = _two(choice, wordings)
                yield Pair(
                    slot,
                    a.format(treatment=name, cancer=cancer),
                    b.format(treatment=other, cancer=cancer),
                )


def _asked(choice: Random) -> Iterator[Pair]:
    for at, wordings in enumerate(ASKED):
        for other in (*ASKED[:at], *ASKED[at + 1 :]):
            cancer = choice.choice(CANCERS)
            yield Pair(
                "what is asked",
                choice.choice(wordings).format(cancer=cancer),
                choice.choice(other).format(cancer=cancer),
            )
    for at, wordings in enumerate(OF_TREATMENT):
        for other in (*OF_TREATMENT[:at], *OF_TREATMENT[at + 1 :]):
            cancer = choice.choice(CANCERS)
            treatment = choice.choice((*TREATMENTS, *DRUGS))
            yield Pair(
                "what is asked",
                choice.choice(wordings).format(cancer=cancer, treatment=treatment),
                choice.choice(other).format(cancer=cancer, treatment=treatment),
            )


def _fillers(choice: Random) -> Iterator[Pair]:
    for slot, things, frame in (
        (
            "effect",
            EFFECTS,
            (
                "Does chemotherapy for {cancer} cause {it}?",
                "{it} from chemotherapy for {cancer}",
                "Is {it} a side effect of chemo for {cancer}?",
            ),
        ),
        ("symptom", EFFECTS, ("Is {it} a symptom of {cancer}?", "can {cancer} cause {it}")),
        (
            "food",
            MATTERS,
            (
                "Can I have {it} during chemo for {cancer}?",
                "is {it} safe while on chemotherapy for {cancer}",
                "Is {it} good for {cancer}?",
            ),
        ),
        ("factor", FACTORS, ("Does {it} cause {cancer}?", "is {it} a risk factor for {cancer}")),
        (
            "act",
            ACTS,
            ("Can I {it} with {cancer}?", "is it safe to {it} when you have {cancer}"),
        ),
    ):
        for thing in things:
            for other in choice.sample([each for each in things if each != thing], 8):
                cancer = choice.choice(CANCERS)
                a, b = _two(choice, frame)
                yield Pair(
                    slot, a.format(it=thing, cancer=cancer), b.format(it=other, cancer=cancer)
                )


def _templates(choice: Random) -> Iterator[Pair]:
    for slot, templates in (("negation", NEGATED), ("direction", DIRECTED)):
        for one, other in templates:
            for cancer in choice.sample(CANCERS, 12):
                yield Pair(slot, one.format(cancer=cancer), other.format(cancer=cancer))
    for one, other in TIMED:
        for act in ACTS:
            cancer = choice.choice(CANCERS)
            yield Pair(
                "timing", one.format(cancer=cancer, act=act), other.format(cancer=cancer, act=act)
            )
    for template, numbers in NUMBERS:
        for cancer in choice.sample(CANCERS, 12):
            one, other = choice.sample(numbers, 2)
            yield Pair(
                "number",
                template.format(one).format(cancer=cancer),
                template.format(other).format(cancer=cancer),
            )


def _two(choice: Random, wordings: Sequence[str]) -> tuple[str, str]:
    """Return a wording for each of a pair; three times in four it isn't the same one."""
    if choice.random() < 1 / 4:
        same = choice.choice(wordings)
        return same, same
    one, other = choice.sample(wordings, 2)
    return one, other
