"""Numbers as text: the only place where a number is rounded and written for a reader.

Rounding is ROUND_HALF_UP (四舍五入) on the decimal number that the reader would write down: a float
is taken as its shortest decimal form, so that 2.025 becomes 2.03 and not 2.02.
"""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

Number = int | float | Decimal | Fraction
NOTHING = "—"
PLACES = 2
EXACT_PLACES = 6
SMALLEST_P, P_PLACES, LIMIT = 0.001, 3, 0.05
THOUSANDS = re.compile(r"[+-]?\d{1,3}([, ]\d{3})+(\.\d*)?%?")
DIGITS = 50
"""Enough that a quotient of counts and points is never rounded twice to another last digit."""


def plain_number(text: str) -> str:
    """What somebody typed as a number with plain digits and signs, and without separators of
    thousands. Any other comma stays, so that `1,5` is refused and not taken for 15."""
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip().replace(" %", "%")
    return re.sub(r"[, ]", "", plain) if THOUSANDS.fullmatch(plain) else plain


def percent(share: Number | None, places: int = PLACES) -> str:
    """A share 0..1 as a percentage: 0.67 -> `67.00%`; None -> `—`."""
    shown = rounded(share, places + 2)
    return NOTHING if shown is None else f"{shown.scaleb(2):.{places}f}%"


def number(value: Number | None, places: int = PLACES) -> str:
    """2.025 -> `2.03`; None -> `—`."""
    shown = rounded(value, places)
    return NOTHING if shown is None else f"{shown:.{places}f}"


def count(value: int | None) -> str:
    """A count without separators, which spreadsheets and screen readers would trip over."""
    return NOTHING if value is None else str(int(value))


def exact(value: Number | None, places: int = EXACT_PLACES) -> str:
    """All digits if there are at most `places` after the point, else rounded; no trailing zeros.

    2.877 -> `2.877`, 1/3 -> `0.333333`, 3 -> `3`. See `is_exact` for which of the two it is.
    """
    shown = rounded(value, places)
    if shown is None:
        return NOTHING
    text = f"{shown:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: Number | None, places: int = PLACES) -> str:
    """Money: 5000.5 -> `5000.50`, 0.125 -> `0.125`; never fewer digits than were stated."""
    whole = value is None or is_exact(value, places)
    return number(value, places) if whole else exact(value)


def is_exact(value: Number, places: int = EXACT_PLACES) -> bool:
    """Whether `exact` writes the number without rounding it."""
    return rounded(value, places) == as_decimal(value)


def weight(value: Number) -> str:
    """A pᵢ as formulas print it: 1 -> `1.0`, 0 -> `0`, 0.30 -> `0.3`."""
    return "1.0" if value == 1 else exact(value)


def span(low: Number | None, high: Number | None, places: int = PLACES) -> str:
    """Both ends of an interval of shares: `57.31%–75.44%`; None -> `—`."""
    if low is None or high is None:
        return NOTHING
    return f"{percent(low, places)}–{percent(high, places)}"


def p_value(p: float | None) -> str:
    """A test's p to three places: 0.0132 -> `0.013`; below 0.001 `<0.001`, above 0.999 `>0.999`,
    so that no chance is printed as none or as certain. What would round to just the limit of
    significance has more digits: 0.0502 -> `0.0502`, for a reader sees on which side it is.
    None -> `—`."""
    if p is None:
        return NOTHING
    if p < SMALLEST_P:
        return f"<{SMALLEST_P}"
    if p > 1 - SMALLEST_P:
        return f">{1 - SMALLEST_P}"
    places = range(P_PLACES, EXACT_PLACES)
    apart = (n for n in places if p == LIMIT or rounded(p, n) != as_decimal(LIMIT))
    return number(p, next(apart, EXACT_PLACES))


def p_equation(p: float | None) -> str:
    """`p = 0.013`, `p < 0.001`, for a sentence; None -> `—`."""
    if p is None:
        return NOTHING
    text = p_value(p)
    return f"p {text[0]} {text[1:]}" if text[0] in "<>" else f"p = {text}"


def signed(value: Number | None, places: int = PLACES) -> str:
    """A difference: `+1.25`, `-0.40`, `0.00`; None -> `—`. The minus is that of a keyboard, as of
    all numbers here: a spreadsheet into which a table is pasted takes no other for a number."""
    return _with_plus(number(value, places), value)


def signed_points(share: Number | None) -> str:
    """A difference of shares in percentage points: 0.0125 -> `+1.25`."""
    return _with_plus(percent(share).removesuffix("%"), share)


def _with_plus(text: str, value: Number | None) -> str:
    return f"+{text}" if value is not None and value > 0 and text.strip("0.") else text


def rounded(value: Number | None, places: int = PLACES) -> Decimal | None:
    """The number rounded half up to `places` digits; None for None and for what is not finite."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    given = as_decimal(value)
    with localcontext(prec=max(DIGITS, given.adjusted() + places + 2)):
        shown = given.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return abs(shown) if shown.is_zero() else shown


def as_decimal(value: Number) -> Decimal:
    """A float by its shortest decimal form, a Fraction to 50 digits, the rest as it is."""
    if isinstance(value, Fraction):
        with localcontext(prec=DIGITS):
            return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value)
