"""How sources write of what is looked for where no concept of the thesaurus stands for it."""

from collections.abc import Mapping

from navis_api.generation.extractive.higher_risk import RAISED
from navis_api.generation.extractive.stage_groups import TELLING_GROUPS

# How sources write from what age something is done, and how often.
TIMES = (
    "every year", "each year", "once a year", "yearly", "annual", "annually", "every other year",
    "every 2 years", "every two years", "every 3 years", "every three years", "every 5 years",
    "every five years", "every 10 years", "every ten years", "every 6 months", "every six months",
    "every 3 months", "every three months", "age 21", "age 25", "age 30", "age 40", "age 45",
    "age 50", "age 55", "age 65", "age 70", "age 75", "age 80", "ages 21", "ages 25", "ages 30",
    "ages 40", "ages 45", "ages 50", "ages 55", "aged 40", "aged 50", "aged 55", "65 years",
    "75 years", "older than", "younger than",
)  # fmt: skip
# How sources write how often somebody is seen again.
HOW_OFTEN = (
    *(phrase for phrase in TIMES if phrase.startswith("every ") or phrase.endswith("year")),
    "every 4 months", "every 3 to 6 months", "every 6 to 12 months", "every few months",
    "once a month", "twice a year", "at regular intervals", "regular follow up",
)  # fmt: skip
# How sources write of whom a treatment didn't help, or no longer does.
_NO_LONGER = (
    "did not work", "does not work", "not worked", "no longer works", "no longer working",
    "stopped working", "stops working", "not respond", "not responded", "no longer responding",
    "no longer responds", "not responding", "unresponsive", "did not get better",
    "not gotten better", "does not get better", "has not gotten better", "not improved",
    "stop responding", "resistant", "refractory", "progressed after", "progressed during",
    "gotten worse after", "gotten worse during", "worse after", "worse during",
    "previously treated", "already treated", "already been treated", "failed",
    "not cured",
)  # fmt: skip
# How sources write of what a treatment does that nobody wants.
_PROBLEMS = (
    "problem", "problems", "risk of", "risks of", "complications", "side effect", "side effects",
    "late effects", "can cause", "may cause", "might cause", "impotence", "leakage", "infertility",
    "harms", "serious", "unable to",
)  # fmt: skip
# How sources write that something is done about the disease.
_TREATING = (
    "treatment", "treatments", "treat", "treated", "therapy", "chemotherapy", "radiation",
    "immunotherapy", "drug", "drugs", "medicine", "medicines", "medication", "is used",
    "may be used", "procedure", "ablation", "embolization", "stent", "bypass", "cryosurgery",
    "transplant", "may receive",
)  # fmt: skip
# How sources write that something is made less likely, and that the disease comes again.
_LOWERING = (
    *(
        f"{verb} {whose}{what}"
        for verb in ("lower", "lowers", "lowering", "reduce", "reduces", "reducing", "decrease",
                     "decreases", "decreasing")
        for whose in ("", "the ", "your ", "their ")
        for what in ("risk", "chance", "likelihood")
    ),
    "prevent", "prevents", "keep cancer from", "keep the cancer from",
    "keep it from", "keep the tumor from", "less likely", "lower risk of",
)  # fmt: skip
_RETURNING = (
    "recurrence", "recurrences", "recur", "recurs", "recurring", "relapse", "relapses",
    "come back", "comes back", "coming back", "return", "returns", "returning",
)  # fmt: skip

_SCREENED = (
    "screening", "screened", "screen", "colonoscopy", "mammogram", "mammograms", "mri",
    "surveillance",
)  # fmt: skip

# How sources write of a value, and of what is done where it isn't as it should be.
_VALUE = (
    "elevated", "abnormal", "higher than normal", "normal", "high level", "high levels", "raised",
    "higher level", "higher levels", "levels to rise", "levels to increase", "can increase",
    "increase in", "increased levels", "increased amounts", "false positive", "to be raised",
)  # fmt: skip
_CHECKED_AGAIN = (
    "another psa test", "another test", "repeat", "repeated", "repeating", "confirm",
    "additional tests", "further tests", "further testing", "more tests", "biopsy", "other tests",
    "an elevated", "follow up test",
)  # fmt: skip
# How sources write of what people do who are likely to get a cancer, and of what that does.
_RISK_REDUCING_SURGERY = (
    "risk reducing", "prophylactic", "preventive surgery", "preventive mastectomy",
    "prophylactically",
)  # fmt: skip
_RISK_REDUCING = (
    *_RISK_REDUCING_SURGERY, "surgery to reduce the risk", "surgery to lower the risk",
    "reduce someone's risk", "reduce their risk", "lower their risk", "lowers the risk",
    "reduces the risk", "lower the risk", "reduce the risk",
)  # fmt: skip
_HARMS = (
    "harms", "complications", "risks", "irreversible", "menopause", "side effects", "problems",
    "anxiety", "infection",
)  # fmt: skip
_RISK_REDUCING_MEDICINE = (
    "risk reducing medications", "risk reducing medicines", "chemoprevention", "tamoxifen",
    "raloxifene", "aspirin", "more frequent", "enhanced surveillance", "oral contraceptives",
    "aromatase inhibitors",
)  # fmt: skip
_RISK = ("risk", "lifetime risk", "chance of developing", "likely to develop", "will develop")
# How sources head what keeps a chance of children.
_KEPT = (
    "freezing", "banking", "cryopreservation", "fertility preservation", "preserve fertility",
    "preserving fertility", "preserve your fertility",
)  # fmt: skip
# How sources head what cancer in childhood may leave behind.
_LATE = ("late effects", "late effect", "second cancer", "second cancers", "survivors")
# How sources write whether a cancer is dangerous.
_SERIOUS = (
    "rarely spread", "rarely spreads", "rarely metastasizes", "does not usually spread",
    "usually does not spread", "seldom spreads", "often spreads", "spreads quickly",
    "can spread quickly", "grows slowly", "tends to grow slowly", "grows quickly",
    "usually curable", "highly curable", "usually cured", "almost always cured",
    "life threatening",
)  # fmt: skip

WRITTEN: Mapping[str, tuple[str, ...]] = {
    "@no_longer": _NO_LONGER,
    "@problems": _PROBLEMS,
    "@treating": _TREATING,
    "@raised": RAISED,
    "@screened": _SCREENED,
    "@lowering": _LOWERING,
    "@returning": _RETURNING,
    "@value": _VALUE,
    "@checked_again": _CHECKED_AGAIN,
    "@risk_reducing": _RISK_REDUCING,
    "@risk_reducing_surgery": _RISK_REDUCING_SURGERY,
    "@risk_reducing_medicine": _RISK_REDUCING_MEDICINE,
    "@harms": _HARMS,
    "@kept": _KEPT,
    "@serious": _SERIOUS,
    "@late": _LATE,
    "@risk": _RISK,
    "@telling_groups": TELLING_GROUPS,
    "@contagious": ("contagious",),
}
"""What the needs of an aspect stand for, whatever is asked."""
