"""An interview in one hand: type sizes, targets, reading aloud, and nothing that axe objects to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from surveys.catalogue import find
from tests.browser.conftest import Live
from tests.browser.every_kind import EVERY_KIND
from tests.browser.interviewing import NEXT, TABLET, fill_in, imagined
from tests.browser.tablet_interview import Mounted
from tests.browser.test_collect_in_browser import MEASURE

RESIDENTS = find("dibao-residents@2")
PHONE: ViewportSize = {"width": 360, "height": 640}
SIZES = ("standard", "large", "largest")
SPEAK = "[data-speak]:visible"
Look = Callable[[str], None]

# Chromium without a screen has no voices, hence these; what is said and stopped is kept.
VOICES = """voices => {
  const told = window.spoken = {texts: [], cancelled: 0, queue: []};
  const listeners = [];
  window.SpeechSynthesisUtterance = class {
    constructor(text) { this.text = text; }
  };
  const synthesis = {
    getVoices: () => voices,
    addEventListener: (name, action) => listeners.push(action),
    speak: utterance => {
      told.texts.push([utterance.text, utterance.voice.name]);
      told.queue.push(utterance);
    },
    cancel: () => { told.cancelled += 1; told.queue.length = 0; },
  };
  Object.defineProperty(window, "speechSynthesis", {value: synthesis});
  window.voicesCome = more => { voices = more; for (const action of listeners) action(); };
}"""
LOCAL = {"name": "本机", "lang": "zh-CN", "localService": True, "default": False}


def voice(name: str, lang: str, local: bool = True, default: bool = False) -> dict[str, Any]:
    return {"name": name, "lang": lang, "localService": local, "default": default}


CHOICES: dict[str, tuple[str, list[dict[str, Any]], str | None]] = {
    "no voice at all": ("zh", [], None),
    "a voice of a service would send the text away": (
        "zh",
        [voice("a", "zh-CN", local=False)],
        None,
    ),
    "a voice of another language": ("zh", [voice("a", "en-US")], None),
    "Zhuang is not Chinese": ("zh", [voice("a", "zha")], None),
    "a local Chinese voice": ("zh", [voice("a", "en-US"), voice("b", "zh-CN")], "b"),
    "as Android writes it": ("zh", [voice("a", "zh_CN_#Hans")], "a"),
    "the mainland before others": ("zh", [voice("a", "zh-HK"), voice("b", "zh_CN")], "b"),
    "any Chinese voice rather than none": ("zh", [voice("a", "zh-TW")], "a"),
    "the default among equals": ("zh", [voice("a", "zh-CN"), voice("b", "zh-CN", True, True)], "b"),
    "English for English questionnaires": ("en", [voice("a", "zh-CN"), voice("b", "en-GB")], "b"),
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=TABLET)
    yield context.new_page()
    context.close()


@pytest.fixture
def look(page: Page) -> Iterator[Look]:
    """Looks at the page as it is; at the end nothing serious may have been found."""
    found: dict[str, list[tuple[str, list[str]]]] = {}

    def at(name: str) -> None:
        violations = Axe().run(page).response["violations"]
        found[name] = [
            (v["id"], [node["html"][:120] for node in v["nodes"]])
            for v in violations
            if v["impact"] in ("serious", "critical")
        ]

    yield at
    assert found != {}
    assert {name: faults for name, faults in found.items() if faults} == {}


def interview(live: Live, page: Page, mode: str, size: str = "standard", **of: Any) -> Mounted:
    settings = {"mode": mode, "type_size": size}
    return Mounted(live, page, of.pop("questionnaire", RESIDENTS), settings=settings, **of)


@pytest.mark.parametrize("case", CHOICES)
def test_the_voice_is_a_local_one_of_the_language(page: Page, scripts: str, case: str) -> None:
    language, voices, expected = CHOICES[case]
    page.goto(f"{scripts}/form.js")
    chosen = page.evaluate(
        """async ([language, voices]) => {
          const {voiceFor} = await import("/tablet/speak.js");
          return voiceFor(language, voices)?.name ?? null;
        }""",
        [language, voices],
    )
    assert chosen == expected


def test_a_question_is_read_with_its_options(live: Live, page: Page) -> None:
    with_voices(page, [LOCAL])
    interview(live, page, "one").open()
    page.click(SPEAK)
    texts = [text for text, name in page.evaluate("window.spoken.texts")]
    assert texts == [
        RESIDENTS.questions[0].text,
        *(option.text for option in RESIDENTS.questions[0].options),
    ]
    expect(page.locator(SPEAK)).to_have_text("停止朗读")


def test_reading_ends_by_itself_at_a_second_tap_and_with_the_question(
    live: Live, page: Page
) -> None:
    with_voices(page, [LOCAL])
    interview(live, page, "one").open()
    button = page.locator(SPEAK)
    button.click()
    page.evaluate("window.spoken.queue.at(-1).onend()")
    expect(button).to_have_text("朗读")
    button.click()
    button.click()
    expect(button).to_have_text("朗读")
    assert page.evaluate("window.spoken.queue") == []
    button.click()
    assert page.evaluate("window.spoken.queue.length") > 0
    page.check("[name=q01][value=A]")
    page.click(NEXT)
    assert page.evaluate("window.spoken.queue") == []
    expect(page.locator(SPEAK)).to_have_text("朗读")


def test_another_question_interrupts_the_one_being_read(live: Live, page: Page) -> None:
    with_voices(page, [LOCAL])
    interview(live, page, "whole").open()
    page.locator(SPEAK).nth(0).click()
    page.locator(SPEAK).nth(1).click()
    assert page.evaluate("window.spoken.queue[0].text") == RESIDENTS.questions[1].text
    expect(page.locator(SPEAK).nth(0)).to_have_text("朗读")
    expect(page.locator(SPEAK).nth(1)).to_have_text("停止朗读")


def test_without_a_local_voice_there_is_no_button(live: Live, page: Page) -> None:
    with_voices(page, [voice("online", "zh-CN", local=False)])
    interview(live, page, "whole").open()
    expect(page.locator(SPEAK)).to_have_count(0)


def test_a_voice_that_comes_later_brings_the_buttons(live: Live, page: Page) -> None:
    with_voices(page, [])
    interview(live, page, "one").open()
    expect(page.locator(SPEAK)).to_have_count(0)
    page.evaluate("voice => window.voicesCome([voice])", LOCAL)
    expect(page.locator(SPEAK)).to_have_count(1)


def test_a_browser_that_cannot_speak_has_no_button(live: Live, page: Page) -> None:
    page.add_init_script("Object.defineProperty(window, 'speechSynthesis', {value: undefined})")
    interview(live, page, "whole").open()
    expect(page.locator("[data-question]:visible")).to_have_count(19)
    expect(page.locator(SPEAK)).to_have_count(0)


def test_three_type_sizes_are_chosen_in_turn_and_remembered(live: Live, page: Page) -> None:
    mounted = interview(live, page, "one", size="nonsense")
    mounted.open()
    button = page.locator("[data-type-size]")
    seen = []
    for _ in range(4):
        size = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
        seen.append((button.inner_text(), size))
        button.click()
    names, pixels = zip(*seen, strict=True)
    assert names == ("字号：标准", "字号：大", "字号：特大", "字号：标准")
    assert pixels[0] == 16 < pixels[1] < pixels[2] and pixels[3] == 16
    assert mounted.told()["settings"]["type_size"] == "large"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", [TABLET, PHONE], ids=["tablet", "phone"])
def test_targets_are_large_and_nothing_overflows_at_any_type_size(
    live: Live, page: Page, view: ViewportSize, size: str, language: str
) -> None:
    page.set_viewport_size(view)
    with_voices(page, [LOCAL])
    found = {}

    def measure(name: str) -> None:
        found[name] = page.evaluate(MEASURE)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= view["width"], name

    interview(live, page, "one", size, language=language).open(values={"q01": ["A"]})
    measure("one question")
    page.click(NEXT)
    measure("a question passed over")
    page.evaluate("document.querySelector('[data-submit]').click()")
    measure("summary")
    page.click("[data-open=q03]")
    measure("a question from the summary")
    given = {"submit": ["99"], "querySelector": ["1"]}
    kinds = interview(live, page, "whole", size, language=language, questionnaire=EVERY_KIND)
    kinds.open(values=given)
    measure("whole form")
    page.click("[data-submit]")
    measure("summary of every kind")
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("size", SIZES)
def test_the_buttons_are_at_the_bottom_of_the_screen(live: Live, page: Page, size: str) -> None:
    interview(live, page, "one", size).open()
    box = page.locator(NEXT).bounding_box()
    assert box is not None
    assert TABLET["height"] - 120 < box["y"] + box["height"] <= TABLET["height"]
    page.evaluate("document.querySelector('[data-submit]').click()")
    box = page.locator("[data-back]").bounding_box()
    assert box is not None
    assert TABLET["height"] - 120 < box["y"] + box["height"] <= TABLET["height"]


def test_a_reminder_does_not_move_the_options_under_the_finger(live: Live, page: Page) -> None:
    interview(live, page, "one").open()
    last = page.locator("[data-question=q01] .option").last
    before = last.bounding_box()
    page.click(NEXT)
    expect(page.locator("[data-question=q01] .question-message")).not_to_be_empty()
    assert last.bounding_box() == before


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_no_serious_fault_at_any_type_size(
    live: Live, page: Page, look: Look, size: str
) -> None:
    with_voices(page, [LOCAL])
    interview(live, page, "one", size).open()
    look("empty, one question")
    page.click(NEXT)
    look("passed over")
    page.click("[data-mode-switch]")
    look("whole form")
    page.click("[data-submit]")
    look("summary with blanks")


def test_axe_finds_no_serious_fault_in_any_state(live: Live, page: Page, look: Look) -> None:
    mounted = interview(live, page, "whole", questionnaire=EVERY_KIND)
    mounted.open(values={"submit": ["99"], "action": ["2018-06-30"]})
    page.fill(".number-field[name=querySelector]", "x")
    page.keyboard.press("Tab")
    look("wrong values")
    page.click("[data-submit]")
    look("summary with wrong values")
    page.click("[data-open=submit]")
    look("a wrong value from the summary")
    mounted.fail("save")
    page.fill(".number-field[name=submit]", "9")
    expect(page.locator("[data-alert]")).not_to_be_empty()
    look("not saved")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_no_serious_fault_in_a_filled_form(
    live: Live, page: Page, look: Look, language: str
) -> None:
    interview(live, page, "whole", language=language).open()
    fill_in(page, imagined("recipient"))
    look("filled")
    page.click("[data-submit]")
    look("summary of a whole interview")


def with_voices(page: Page, voices: list[dict[str, Any]]) -> None:
    page.add_init_script(f"({VOICES})({json.dumps(voices)})")
