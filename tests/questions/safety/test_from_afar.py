"""A verdict on one person is declined kindly; what has an answer for anybody is answered."""

import time

import pytest

from navis_api.questions.safety.from_afar import judged_from_afar
from navis_api.questions.safety.recognition import SafetyKind, safety_notices

VERDICTS = [
    "found a lump in my boob, is it cancer",
    "Do I have leukaemia or lymphoma? My white cells are 14.2 and platelets 98",
    "My PSA came back 6.8. Does that mean I've got prostate cancer?",
    "Have I got ovarian cancer?",
    "tell me if its cancer pls",
    "bloated for weeks and my gran had ovarian cancer. do you think i have it?",
    "Has he got the cancer his father had?",
    "bowel cancer or piles which one is it",
    "would you look at it and diagnose whether it is mouth cancer",
    "mole on my arm has gone black, is it melanoma",
    "I've been coughing for six weeks and lost a stone. Have I got lung cancer?",
    "does my son have leukemia, he bruises easily",
    "my husband has a swollen neck gland, is it lymphoma?",
    "do you reckon its cancer? theres blood when i wee",
    "my CA125 is 61, does this mean I have ovarian cancer",
    "white patch on my tongue two weeks, is that cancer",
    "got a hard lump on my testicle is it cancer or what",
    "please tell me whether I have cancer",
    "has my mum got breast cancer? her nipple has turned in",
    "is it piles or bowel cancer, i've had bright red blood",
    "do i have skin cancer",
    "my poo is black and thin. have i got bowel cancer",
    "do u think my dad has got cancer he's so thin",
    "lump in my armpit 2 weeks now is it breast cancer",
    "hav i got cancer",
    "my scan shows an 8mm nodule. Is it cancer?",
    "brain tumour or migraine, which is it",
    "dont sugar coat it, have i got pancreatic cancer yes or no",
    "Does my wife have womb cancer? She has bled since Tuesday",
    "my FIT test was 84, does it mean i have bowel cancer",
    "there's a sore on my lip that won't heal, is this cancer?",
    "would you say i have thyroid cancer, lump in neck and hoarse",
    "i have night sweats and itchy skin, do i have hodgkins",
    "just tell me if i've got it, my sister had ovarian cancer and i'm bloated",
    "Hi, I'm 34, my breast is red and hot, is it inflammatory breast cancer?",
    "my mum had melanoma. this freckle has changed. have i got it too?",
    "does my little boy have a brain tumour? he gets headaches every morning",
]

ANSWERABLE = [
    "My Pap test was abnormal and my HPV test is positive. Do I have cervical cancer?",
    "They found it on a scan, is it really cancer? Do I need surgery?",
    "I have Barrett's, do I have cancer?",
    "Could a persistent cough be a sign of lung cancer?",
    "what are signs of bowel cancer",
    "I was told I have DCIS, is it cancer?",
    "Is Barrett's oesophagus cancer?",
    "is a carcinoid tumour cancer",
    "does a high PSA mean prostate cancer?",
    "do I have to have chemo",
    "have I got time to have children before chemo",
    "how do they know I have cancer",
    "do I have the gene",
    "do I have the BRCA gene",
    "My CA-125 is high, does that mean I have ovarian cancer?",
    "hpv positive on my pap test and CIN 2, does that mean i have cervical cancer",
    "blood in urine but no pain, is it cancer",
    "they found dcis in my mammogram, is it really cancer? do i have to have an operation",
    "the letter says 'suspicious' - is that cancer",
    "My stool test came back positive for blood you can't see. Does it mean bowel cancer?",
    "how long have i got with stage 4 lung cancer",
    "why have i got lung cancer when i never smoked",
    "why do I have cancer at 30",
    "how did he get cancer",
    "what kind of cancer do i have if it is HER2 positive",
    "what stage cancer do I have if it's in the nodes",
    "do i have a higher risk of breast cancer",
    "do I have breast cancer risk if my mum had it",
    "has he got long",
    "have i got to tell work about my cancer",
    "has she got to have chemo for breast cancer",
    "does my daughter have to be tested for breast cancer",
    "do i still have cancer after the surgery",
    "can a blood test tell me if i have cancer",
    "will the biopsy tell me if it's cancer",
    "how will they tell me if it is cancer",
    "what test shows if i have cancer",
    "how do doctors diagnose whether it is cancer",
    "can you diagnose lung cancer with an x-ray",
    "how do you diagnose lymphoma",
    "if my PSA is 7 does that mean I have cancer",
    "a lump in the breast, could it be cancer",
    "my neck lump grows slowly, could it be lymphoma?",
    "is every lump cancer",
    "are moles that itch cancer",
    "is a skin tag cancer",
    "I have breast cancer, is it hereditary",
    "I have lung cancer, is it because I smoked",
    "my dad has bowel cancer, is it going to kill him",
    "my mole was removed, it was melanoma in situ, is that cancer",
    "uncle bled to death from a stomach ulcer before i was born. is that cancer",
    "do we have cancer genes in our family",
    "do you have information on sarcoma",
    "do you think chemo works for lung cancer",
    "do you think i should have chemo for breast cancer",
    "do you think it's worth having a second opinion on melanoma",
    "my husband has a lump in his neck and they said papillary thyroid cancer",
    "how likely is it that a lump is cancer",
    "what is the chance my lump is cancer",
    "does everyone with BRCA get cancer",
    "what do I do if I have cancer",
    "When they said I have cancer I cried",
    "has the cancer spread if nodes are positive",
    "do they have cancer nurses",
    "do they have breast cancer clinics on Saturdays",
    "my brother has got leukaemia, has he got a good chance",
    "does my mum have options with pancreatic cancer",
    "PSA of 8, what tests come next for prostate cancer",
    "Is there a way to know whether i have cancer without a biopsy",
    "I'm scared it's cancer, who do I see about a lump",
    "my friend asked have i got cancer because i'm bald. what do i say",
    "how do I tell my boss I have cancer",
    "does he have cancer treatment at home",
    "ibs or bowel cancer, what are the differences",
    "arthritis or bone cancer how do doctors tell",
    "my cyst is benign, is it a cancer risk",
    "do i have breast cancer surgery before chemo",
    "i have two kids, do they have cancer genes from me",
    "my son says do aliens have cancer",
]


@pytest.mark.parametrize("text", VERDICTS)
def test_whether_somebody_has_cancer_is_not_for_us_to_say(text: str) -> None:
    assert judged_from_afar(text)


def test_the_refusal_says_who_can_tell_also_where_a_cancer_is_named() -> None:
    (notice,) = safety_notices("Have I got ovarian cancer?", names_cancer=True)
    assert notice.kind is SafetyKind.OUT_OF_SCOPE
    assert "can't tell from here" in notice.message


@pytest.mark.parametrize("text", ANSWERABLE)
def test_what_is_asked_of_anybody_or_was_told_by_doctors_is_answered(text: str) -> None:
    assert not judged_from_afar(text)


def test_a_verdict_asked_for_does_not_hide_an_emergency() -> None:
    text = "I'm coughing up lots of blood and can't breathe. Have I got lung cancer?"
    assert [notice.kind for notice in safety_notices(text)] == [SafetyKind.EMERGENCY]


@pytest.mark.parametrize(
    "text",
    [
        "is it " * 4000,
        "my lump is it a " * 1500,
        "cancer or " * 2500,
        "tell me if " * 2500,
        "do i " * 4000,
    ],
)
def test_the_time_grows_with_the_text_and_no_faster(text: str) -> None:
    def seconds(part: str) -> float:
        start = time.process_time()
        judged_from_afar(part)
        return time.process_time() - start

    short = min(seconds(text[:2_000]) for _ in range(3))
    long = min(seconds(text[:20_000]) for _ in range(3))
    assert long < 60 * max(short, 0.001)


@pytest.mark.parametrize("text", ["", "\u0000", "\ud800", "🙂" * 500])
def test_a_text_without_words_asks_for_no_verdict(text: str) -> None:
    assert not judged_from_afar(text)


@pytest.mark.parametrize(
    "text",
    [
        "His PSA is 8. Does that mean he has prostate cancer?",
        "my CA125 is 61, does this mean I have ovarian cancer",
    ],
)
def test_who_sent_a_value_is_told_of_values_and_not_of_photos(text: str) -> None:
    [notice] = safety_notices(text, names_cancer=True)
    assert "value" in notice.message
    assert "photo" not in notice.message


def test_who_told_of_a_sign_is_not_told_of_values() -> None:
    [notice] = safety_notices("found a lump in my boob, is it cancer", names_cancer=False)
    assert "photo" in notice.message
