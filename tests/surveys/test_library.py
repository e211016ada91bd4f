"""The shipped questionnaires: version 1 as published, version 2 with each fault mended."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from surveys.answers import check, is_asked
from surveys.definition import Audience, Kind, Meaning, Question, Questionnaire
from surveys.load import load_file

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "surveys" / "library"
SOURCE = ROOT / "tests" / "published" / "nanchong-2018-questionnaires.yaml"
PUBLISHED = {q["id"]: q for q in yaml.safe_load(SOURCE.read_text("utf-8"))["questionnaires"]}
NAMES = {"dibao-residents": "masses", "dibao-cadres": "cadres"}
BOTH = pytest.mark.parametrize("slug", NAMES)
ALL_FILES = pytest.mark.parametrize("path", sorted(LIBRARY.glob("*.yaml")), ids=lambda p: p.stem)


def shipped(slug: str, version: int) -> Questionnaire:
    return load_file(LIBRARY / f"{slug}-{version}.yaml")


def residents(code: str) -> Question:
    return shipped("dibao-residents", 2).by_code[code]


def cadres(code: str) -> Question:
    return shipped("dibao-cadres", 2).by_code[code]


def texts(question: Question) -> list[str]:
    return [option.text for option in question.options]


def meanings(question: Question) -> set[Meaning | None]:
    return {option.meaning for option in question.options}


def complaints(slug: str, code: str, answer: Any) -> list[str]:
    """Codes of what is wrong with this one answer, other questions being blank."""
    checked = check(shipped(slug, 2), {code: answer}, None)
    return [c.code for c in checked.complaints if c.key == code]


def published(slug: str) -> list[dict[str, Any]]:
    return list(PUBLISHED[NAMES[slug]]["questions"])


@ALL_FILES
def test_file_is_named_after_its_slug_and_version(path: Path) -> None:
    questionnaire = load_file(path)
    assert path.stem == f"{questionnaire.slug}-{questionnaire.version}"


@ALL_FILES
def test_notice_says_what_the_law_wants_said(path: Path) -> None:
    notice = load_file(path).consent.text
    for duty in (
        "自愿",
        "不会影响",
        "不记录您的姓名、身份证号码",
        "回执编号",
        "撤回",
        "年满18周岁",
    ):
        assert duty in notice, duty


@ALL_FILES
def test_questions_are_numbered_without_a_gap(path: Path) -> None:
    codes = [question.code for question in load_file(path).questions]
    assert codes == [f"q{number:02d}" for number in range(1, len(codes) + 1)]


@ALL_FILES
def test_option_codes_are_letters_in_order_then_dont_know_then_refused(path: Path) -> None:
    for question in load_file(path).questions:
        codes = "".join(o.code for o in question.options)
        substantive = codes.removesuffix("R").removesuffix("U")
        assert "ABCDEFGHI".startswith(substantive), question.code


@BOTH
def test_version_1_has_the_published_title(slug: str) -> None:
    assert shipped(slug, 1).title == PUBLISHED[NAMES[slug]]["title"]


@BOTH
def test_version_1_has_the_published_questions_to_the_letter(slug: str) -> None:
    ours = [(int(q.code[1:]), q.text, q.kind.value) for q in shipped(slug, 1).questions]
    assert ours == [(q["number"], q["text"], q["type"]) for q in published(slug)]


@BOTH
def test_version_1_has_the_published_options_to_the_letter(slug: str) -> None:
    ours = [[(o.code, o.text) for o in q.options] for q in shipped(slug, 1).questions]
    theirs = [[(o["letter"], o["text"]) for o in q["options"]] for q in published(slug)]
    assert ours == theirs


@BOTH
def test_version_1_prints_the_published_skip_notes(slug: str) -> None:
    ours = {
        (q.code, o.code): o.printed
        for q in shipped(slug, 1).questions
        for o in q.options
        if o.printed
    }
    theirs = {
        (f"q{q['number']:02d}", skip["when_option"]): skip["raw"]
        for q in published(slug)
        for skip in q.get("skip", [])
    }
    assert ours == theirs


@BOTH
def test_version_1_enforces_nothing_that_the_paper_only_printed(slug: str) -> None:
    for question in shipped(slug, 1).questions:
        assert question.asked_if is None
        assert question.audiences == ()
        assert question.at_most is None
        assert not question.required
        assert not any(option.stands_alone for option in question.options)


def test_version_1_shows_the_recipients_mark_in_the_question() -> None:
    marked = [q.code for q in shipped("dibao-residents", 1).questions if "（低保户答）" in q.text]
    assert marked == ["q12", "q13"]


def test_version_1_asks_a_note_exactly_where_the_wording_does() -> None:
    for slug in NAMES:
        questionnaire = shipped(slug, 1)
        worded = {
            f"{q.code}_{o.code}_note"
            for q in questionnaire.questions
            for o in q.options
            if "请说明" in o.text
        }
        assert questionnaire.notes.keys() == worded
    assert shipped("dibao-cadres", 1).notes.keys() == {"q04_E_note", "q05_F_note"}


def test_residents_are_recipients_and_non_recipients_in_both_versions() -> None:
    for version in (1, 2):
        audiences = shipped("dibao-residents", version).audiences
        assert audiences == (Audience.RECIPIENT, Audience.NON_RECIPIENT)
        assert shipped("dibao-cadres", version).audiences == (Audience.CADRE,)


@BOTH
def test_version_2_keeps_number_and_order_of_the_questions(slug: str) -> None:
    assert list(shipped(slug, 2).by_code) == list(shipped(slug, 1).by_code)


@BOTH
def test_every_question_of_version_2_can_be_refused_and_is_required(slug: str) -> None:
    for question in shipped(slug, 2).questions:
        assert question.required
        refused = question.option("R")
        assert (refused.text, refused.meaning) == ("拒绝回答", Meaning.REFUSED)
        assert meanings(question) >= {None, Meaning.REFUSED}


@BOTH
def test_dont_know_has_one_code_and_one_text_in_version_2(slug: str) -> None:
    unsure = [
        (o.code, o.text)
        for q in shipped(slug, 2).questions
        for o in q.options
        if o.meaning is Meaning.DONT_KNOW or "不清楚" in o.text
    ]
    assert set(unsure) == {("U", "不清楚")}


@BOTH
def test_every_other_option_of_version_2_asks_for_a_note_and_says_so(slug: str) -> None:
    for question in shipped(slug, 2).questions:
        for option in question.options:
            is_other = re.match(r"(有，)?其他", option.text) is not None
            assert option.note == is_other == option.text.endswith("（请说明）")


@BOTH
def test_no_printed_text_is_left_in_version_2(slug: str) -> None:
    for question in shipped(slug, 2).questions:
        assert question.printed == ""
        assert "低保户答" not in question.text
        assert [o.printed for o in question.options if o.printed] == []


@BOTH
def test_every_changed_question_has_its_reason_in_a_comment_above(slug: str) -> None:
    lines = (LIBRARY / f"{slug}-2.yaml").read_text("utf-8").splitlines()
    old = shipped(slug, 1).by_code
    for question in shipped(slug, 2).questions:
        above = lines[lines.index(f"  - code: {question.code}") - 1]
        commented = re.match(r"  # \S", above) is not None
        assert commented == (_substance(question) != _substance(old[question.code])), question.code


def _substance(question: Question) -> Question:
    """The question without what version 2 changes everywhere (see the top of the file)."""
    options = tuple(o for o in question.options if o.meaning is not Meaning.REFUSED)
    return question.model_copy(update={"options": options, "required": False})


@pytest.mark.parametrize("audience", [None, Audience.RECIPIENT, Audience.NON_RECIPIENT])
def test_question_6_is_hidden_exactly_for_those_who_know_nothing_of_the_policy(
    audience: Audience | None,
) -> None:
    for option in residents("q05").options:
        asked = is_asked(residents("q06"), {"q05": option.code}, audience)
        assert asked == (option.text != "完全不了解")
    assert is_asked(residents("q06"), {}, audience)


def test_question_7_is_asked_whatever_the_answer_to_question_5() -> None:
    for option in residents("q05").options:
        assert is_asked(residents("q07"), {"q05": option.code}, Audience.NON_RECIPIENT)


def test_exactly_questions_12_13_and_15_are_for_recipients_only() -> None:
    questions = shipped("dibao-residents", 2).questions
    assert {q.code for q in questions if not q.is_for(Audience.NON_RECIPIENT)} == {
        "q12",
        "q13",
        "q15",
    }
    assert all(q.is_for(Audience.RECIPIENT) for q in questions)


def test_question_13_is_hidden_exactly_for_recipients_who_will_not_leave() -> None:
    for option in residents("q12").options:
        asked = is_asked(residents("q13"), {"q12": option.code}, Audience.RECIPIENT)
        assert asked == (option.text != "不愿意退出")


def test_question_13_does_not_call_being_forced_out_voluntary() -> None:
    assert any("强制" in text for text in texts(residents("q13")))
    assert "自愿" not in residents("q13").text


def test_question_10_can_be_answered_with_none_and_with_dont_know() -> None:
    question = residents("q10")
    assert question.kind is Kind.SINGLE
    assert question.options[0].text == "没有"
    assert Meaning.DONT_KNOW in meanings(question)


def test_question_10_keeps_every_published_reason() -> None:
    reasons = texts(shipped("dibao-residents", 1).by_code["q10"])
    assert texts(residents("q10"))[1:5] == [f"有，{reason}" for reason in reasons]


def test_age_bands_start_at_18_and_neither_overlap_nor_leave_a_gap() -> None:
    bands = [o.text for o in residents("q01").options if o.meaning is None]
    *closed, last = bands
    ranges = [tuple(map(int, re.fullmatch(r"(\d+)—(\d+)周岁", b).groups())) for b in closed]  # type: ignore[union-attr]
    opened = re.fullmatch(r"(\d+)周岁及以上", last)
    assert opened is not None
    ages = [age for low, high in ranges for age in range(low, high + 1)]
    assert ages == list(range(18, int(opened[1])))


@pytest.mark.parametrize("code", ["q06", "q07", "q10", "q11", "q13", "q14", "q15", "q16", "q18"])
def test_residents_may_not_know_where_they_need_it(code: str) -> None:
    assert Meaning.DONT_KNOW in meanings(residents(code))


@pytest.mark.parametrize("code", ["q01", "q02", "q05", "q08", "q09"])
def test_dont_know_is_not_offered_about_oneself(code: str) -> None:
    assert Meaning.DONT_KNOW not in meanings(residents(code))


def test_a_household_that_is_not_poor_can_say_so_and_nothing_else() -> None:
    [not_poor] = [o for o in residents("q04").options if o.exclusive]
    assert not_poor.text == "家庭不贫困"
    assert complaints("dibao-residents", "q04", ["A", not_poor.code]) == ["exclusive"]
    assert complaints("dibao-residents", "q04", [not_poor.code]) == []


def test_main_causes_and_main_difficulties_are_three_at_most() -> None:
    for slug, code in (("dibao-residents", "q04"), ("dibao-cadres", "q06")):
        assert "主要" in shipped(slug, 2).by_code[code].text
        assert complaints(slug, code, ["A", "B", "C"]) == []
        assert complaints(slug, code, ["A", "B", "C", "D"]) == ["too_many"]


@BOTH
def test_what_asks_for_the_most_takes_one_answer(slug: str) -> None:
    most = [q for q in shipped(slug, 2).questions if "最应该" in q.text or "最有效" in q.text]
    assert most
    for question in most:
        assert question.kind is Kind.SINGLE
        assert complaints(slug, question.code, ["A", "B"]) == ["one_answer_only"]


def test_question_14_takes_one_answer() -> None:
    assert complaints("dibao-residents", "q14", ["A", "B"]) == ["one_answer_only"]


def test_question_16_has_as_many_steps_above_the_middle_as_below() -> None:
    scale = [o.text for o in residents("q16").options if o.meaning is None]
    assert len(scale) % 2 == 1
    assert scale[len(scale) // 2] == "一般"


def test_satisfaction_has_the_same_four_levels_for_residents_and_cadres() -> None:
    levels = [
        [o.text for o in question.options if o.meaning is None]
        for question in (residents("q18"), cadres("q07"))
    ]
    assert levels == [["非常满意", "比较满意", "不太满意", "很不满意"]] * 2


def test_question_19_no_longer_mixes_no_feeling_with_not_knowing() -> None:
    assert "没感觉" in texts(residents("q19"))
    assert not any("不太了解" in text for text in texts(residents("q19")))
    assert Meaning.DONT_KNOW in meanings(residents("q19"))


@BOTH
@pytest.mark.parametrize("slip", ["绩效价", "起保进", "你认为", ","])
def test_slips_of_the_published_text_are_mended(slug: str, slip: str) -> None:
    questionnaire = shipped(slug, 2)
    words = [questionnaire.title, *(q.text for q in questionnaire.questions)]
    words += [text for q in questionnaire.questions for text in texts(q)]
    assert [text for text in words if slip in text] == []


def test_cadres_judge_coverage_and_exit_apart() -> None:
    judgements = [o.text for o in cadres("q02").options if o.meaning is None]
    assert len(judgements) == 4
    assert "做到应保尽保，没有做到应退尽退" in judgements


@pytest.mark.parametrize("code", ["q05", "q06"])
def test_cadres_who_see_no_fault_can_say_so_and_nothing_else(code: str) -> None:
    [none] = [o for o in cadres(code).options if o.exclusive]
    assert none.text.startswith("没有")
    assert complaints("dibao-cadres", code, ["A", none.code]) == ["exclusive"]
