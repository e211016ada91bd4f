"""Colours of the charts: apart for everybody, on paper without colour too."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from analysis.charts.palette import (
    APART,
    BAR,
    GREY,
    INK,
    NOMINAL,
    ORDERED,
    WHITE,
    Fill,
    contrast,
    luminance,
    nominal,
    ordered,
)

# Machado, Oliveira, Fernandes (2009), severity 1, on linear RGB.
BLINDNESS = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def seen(colour: str, blindness: str) -> float:
    """Relative luminance of the colour as somebody with this blindness sees it."""
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    shown = np.clip(np.array(BLINDNESS[blindness]) @ linear, 0, 1)
    return float(shown @ [0.2126, 0.7152, 0.0722])


def sequences() -> list[tuple[Fill, ...]]:
    """Every order in which fills stand side by side in a stacked bar."""
    scales = [(*fills, *APART) for fills in ORDERED.values()]
    return [*scales, nominal(20), (*ordered(11),)]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#ffffff", "#000000", 21.0), ("#777777", "#ffffff", 4.48), ("#0000ff", "#ffffff", 8.59)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    """Known values of the WebAIM checker."""
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize("fills", sequences(), ids=len)
def test_neighbours_differ_by_three_to_one(fills: tuple[Fill, ...]) -> None:
    assert [
        (a, b) for a, b in pairwise(fills) if contrast(a.colour, b.colour) < 3 and b != APART[0]
    ] == []


@pytest.mark.parametrize("options", range(1, 17))
@pytest.mark.parametrize("beside", APART)
def test_what_stands_beside_the_answers_is_apart_by_contrast_or_hatching(
    options: int, beside: Fill
) -> None:
    for last in (nominal(options)[-1], ordered(options)[-1]):
        assert contrast(last.colour, beside.colour) >= 3 or last.hatch != beside.hatch


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("fills", sequences(), ids=len)
def test_neighbours_are_apart_for_the_colour_blind(fills: tuple[Fill, ...], blindness: str) -> None:
    for a, b in pairwise(fills):
        low, high = sorted((seen(a.colour, blindness), seen(b.colour, blindness)))
        assert (high + 0.05) / (low + 0.05) > 2.4 or a.hatch != b.hatch


@pytest.mark.parametrize("steps", [4, 5, 7])
def test_both_sides_of_a_scale_grow_darker_outwards(steps: int) -> None:
    light = [luminance(fill.colour) for fill in ORDERED[steps]]
    half = steps // 2
    assert light[:half] == sorted(light[:half])
    assert light[-half:] == sorted(light[-half:], reverse=True)


@pytest.mark.parametrize("steps", [4, 5, 7])
def test_sides_of_a_scale_are_told_apart_without_colour(steps: int) -> None:
    half = steps // 2
    assert all(not fill.hatch for fill in ORDERED[steps][:half])
    assert all(fill.hatch for fill in ORDERED[steps][-half:])


def test_no_two_fills_of_a_bar_are_the_same() -> None:
    assert len(set(NOMINAL)) == len(NOMINAL)
    assert all(len(set(fills)) == steps for steps, fills in ORDERED.items())


def test_text_and_intervals_are_read_on_what_they_stand_on() -> None:
    fills = {*NOMINAL, *APART, BAR, *(fill for some in ORDERED.values() for fill in some)}
    assert all(contrast(fill.colour, fill.ink) >= 4.5 for fill in fills)
    assert contrast(BAR.colour, INK) >= 4.5 and contrast(WHITE, GREY) >= 4.5
