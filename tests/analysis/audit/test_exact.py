"""Exact arithmetic: linear programmes against scipy, GRIM and monotone weights by brute force."""

from __future__ import annotations

import itertools
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis.audit.exact import maximise
from analysis.audit.model import Satisfaction
from analysis.audit.satisfaction_rules import Scored, have_common_weights, possible_weights
from analysis.printed import grim, nearest_shares, read_number, read_percent

small = st.integers(-4, 6)


@given(st.data())
@settings(max_examples=200)
def test_a_programme_has_the_optimum_that_scipy_finds(data: st.DataObject) -> None:
    size, count = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    rows = data.draw(
        st.lists(st.lists(small, min_size=size, max_size=size), min_size=count, max_size=count)
    )
    bounds = data.draw(st.lists(small, min_size=count, max_size=count))
    gain = data.draw(st.lists(small, min_size=size, max_size=size))
    total = data.draw(st.integers(0, 3))
    equal = [([Fraction(1)] * size, Fraction(total))]
    pairs = [([Fraction(v) for v in row], Fraction(b)) for row, b in zip(rows, bounds, strict=True)]
    found = maximise([Fraction(g) for g in gain], pairs, equal)
    wanted = linprog(-np.array(gain), rows, bounds, [[1] * size], [total], method="highs")
    assert (found is None) == (wanted.status == 2)
    if found is not None:
        best, x = found
        assert float(best) == pytest.approx(-wanted.fun, abs=1e-7)
        assert sum(x) == total and min(x) >= 0
        assert all(sum(a * v for a, v in zip(row, x, strict=True)) <= b for row, b in pairs)


@given(st.integers(1, 150), st.integers(0, 10_100), st.integers(0, 2))
def test_grim_gives_the_counts_that_print_as_the_share(base: int, cents: int, places: int) -> None:
    digit = Decimal(1).scaleb(-places)
    shown = (Decimal(cents) / 100).quantize(digit, ROUND_HALF_UP)
    wanted = [
        k
        for k in range(base + 1)
        if (Decimal(100 * k) / base).quantize(digit, ROUND_HALF_UP) == shown
    ]
    assert list(grim(read_percent(f"{shown}%"), base)) == wanted


@pytest.mark.parametrize(
    ("share", "base", "counts"),
    [
        ("32.5%", 100, ()),
        ("35%", 20, (7,)),
        ("12.5%", 8, (1,)),
        ("12.50%", 80, (10,)),
        ("0.13%", 800, (1,)),  # 0.125% rounds half up
        ("0.12%", 800, ()),
        ("33%", 1000, tuple(range(325, 335))),
        ("100%", 7, (7,)),
        ("101%", 7, ()),
    ],
)
def test_grim_of_known_cases(share: str, base: int, counts: tuple[int, ...]) -> None:
    assert grim(read_percent(share), base) == counts


def test_the_nearest_shares_are_on_both_sides() -> None:
    below, above = nearest_shares(read_percent("32.5%"), 100)
    assert (below.text, above.text) == ("32.0%", "33.0%")


def scored(counts: tuple[int, ...], score: str, points: str = "3") -> Scored:
    item = Satisfaction(
        place="附件1", name="满意度", survey="s", question="1", points=points, score=score
    )
    return Scored(item, tuple("ABCDEFGH"[: len(counts)]), counts)


def test_the_published_scores_are_impossible_apart_and_together() -> None:
    residents, cadres = scored((87, 10, 3, 0), "2.025"), scored((5, 15, 0, 0), "1.95")
    assert [float(s) for s in (residents.steps[0], residents.steps[-1])] == [2.61, 3.0]
    assert not residents.is_possible
    assert cadres.is_possible
    assert not have_common_weights([residents, cadres])


@pytest.mark.parametrize(
    ("score", "is_possible"),
    [
        ("2.61", True),
        ("2.610", True),
        ("2.609", False),
        ("2.6", True),
        ("2.60", False),
        ("3.00", True),
        ("3", True),
        ("3.001", False),
    ],
)
def test_the_ends_of_the_possible_range_count_rounding(score: str, is_possible: bool) -> None:
    assert scored((87, 10, 3, 0), score).is_possible is is_possible


def test_rounding_up_to_the_lowest_possible_score_is_possible_and_just_below_is_not() -> None:
    # 1/8 x 3 = 0.375 prints as 0.38 (half up), never as 0.37.
    assert scored((1, 7), "0.38").is_possible
    assert not scored((1, 7), "0.37").is_possible
    assert have_common_weights([scored((1, 7), "0.38")])
    assert not have_common_weights([scored((1, 7), "0.37")])


@given(
    st.lists(st.integers(0, 9), min_size=3, max_size=4),
    st.lists(st.integers(0, 9), min_size=3, max_size=4),
    st.lists(st.integers(0, 10), min_size=3, max_size=3),
)
def test_scores_made_with_one_scale_have_a_common_scale(
    one: list[int], other: list[int], steps: list[int]
) -> None:
    levels = min(len(one), len(other))
    assume(sum(one[:levels]) and sum(other[:levels]))
    weights = [Fraction(1), *(Fraction(s, 10) for s in sorted(steps, reverse=True))][:levels]
    group = []
    for counts in (one[:levels], other[:levels]):
        index = sum(n * p for n, p in zip(counts, weights, strict=True)) / sum(counts)
        exact = Decimal(3 * index.numerator) / Decimal(index.denominator)
        shown = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        group.append(scored(tuple(counts), str(shown)))
    assert all(made.is_possible for made in group)
    assert have_common_weights(group)
    for level in range(1, levels):
        low, high = possible_weights(group[0], level)
        assert low <= weights[level] <= high


def test_two_scores_that_fix_two_weights_go_together_only_if_the_weights_fall() -> None:
    """4/6/0 fixes p2 = (s - 1.2)/1.8 and 4/0/6 fixes p3 in the same way."""
    for first, second in itertools.product(("1.50", "2.10", "2.70"), repeat=2):
        group = [scored((4, 6, 0), first), scored((4, 0, 6), second)]
        assert have_common_weights(group) is (Decimal(second) <= Decimal(first))


@pytest.mark.parametrize("given", [2.4, True, "2.4.1", "12%", "", None, "1e5", "nan"])
def test_what_is_no_printed_number_is_refused(given: object) -> None:
    with pytest.raises(ValueError, match="number"):
        read_number(given)


@pytest.mark.parametrize(
    ("given", "value", "places"),
    [("2.40", "2.4", 2), ("1,310.5", "1310.5", 1), ("１２．５", "12.5", 1), (7, "7", 0)],
)
def test_a_printed_number_keeps_its_digits(given: object, value: str, places: int) -> None:
    read = read_number(given)
    assert (read.value, read.places) == (Decimal(value), places)
