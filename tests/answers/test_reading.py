import pytest

from navis_api.answers.reading import reading_grade


def test_the_grade_is_flesch_and_kincaids() -> None:
    # 5 words, 1 sentence, 9 syllables: sur-ger-y can re-move the tu-mor.
    expected = round(0.39 * 5 / 1 + 11.8 * 9 / 5 - 15.59, 1)
    assert reading_grade(["Surgery can remove the tumor."]) == expected


def test_the_grade_of_the_simplest_text_is_nought_and_not_below() -> None:
    assert reading_grade(["The cat sat on the mat."]) == 0.0


def test_harder_words_and_longer_sentences_are_harder() -> None:
    easy = reading_grade(["The liver is hurt.", "Ask a nurse."])
    longer = reading_grade(["The liver is hurt and so you may want to go and ask a nurse."])
    harder = reading_grade(["Hepatic decompensation necessitates multidisciplinary evaluation."])
    assert easy is not None
    assert longer is not None
    assert harder is not None
    assert easy < longer < harder


def test_each_claim_ends_a_sentence_and_bullets_need_no_full_stop() -> None:
    apart = reading_grade(["surgery to remove the tumor", "ablation with heat"])
    stopped = reading_grade(["surgery to remove the tumor. Ablation with heat."])
    assert apart == stopped


@pytest.mark.parametrize("claims", [[], [""], ["123", "—"]])
def test_no_words_have_no_grade(claims: list[str]) -> None:
    assert reading_grade(claims) is None


def test_numbers_and_abbreviations_do_not_break_it() -> None:
    assert reading_grade(["5.5 mg/kg, e.g. of HER2+ type."]) is not None


def test_a_full_stop_within_an_abbreviation_ends_nothing() -> None:
    plain = reading_grade(["Drugs for pain or sleep, for one, may help you rest at night."])
    short = reading_grade(
        ["Drugs for pain, e.g. pills, and so on etc. may help you rest at night."]
    )
    assert plain is not None
    assert short is not None
    assert short >= plain - 1
