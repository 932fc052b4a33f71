"""Numbers as Terraform computes with them: 512 bits, written with as few digits as tell them apart."""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from s3audit.collectors.terraform.language.convert import (
    LARGEST_EXPONENT,
    TOO_MANY_DIGITS,
    NotKnown,
    Number,
    simplest,
)

BITS = 512
_MOST_BITS = LARGEST_EXPONENT * 332 // 100

DOUBLE = 53
"""The bits of what `log` and `pow` give."""


def fraction(value: Number) -> Fraction:
    """What Terraform holds for a number: the nearest one of 512 bits; raises NotKnown for enormous ones."""
    if isinstance(value, Decimal) and abs(value.adjusted()) > LARGEST_EXPONENT:
        raise NotKnown(TOO_MANY_DIGITS)
    return _held(Fraction(value))


def rounded(exact: Fraction, bits: int = BITS) -> Number:
    """The number of so many bits nearest to a value, in its shortest spelling; raises NotKnown as well."""
    if abs(exact.numerator.bit_length() - exact.denominator.bit_length()) > _MOST_BITS:
        raise NotKnown(TOO_MANY_DIGITS)
    if exact.denominator == 1 and abs(exact.numerator) < 1 << bits:
        return exact.numerator
    value, unit = _nearest(exact, bits)
    half = unit / 2
    is_even = (value / unit).numerator % 2 == 0
    # A number of so many bits tells so many digits; the shortest spelling of one may need a few more.
    digits = (bits - 1) * 30_103 // 100_000
    while True:
        context = Context(digits, ROUND_HALF_EVEN, -99_999, 99_999)
        spelled = context.divide(Decimal(value.numerator), Decimal(value.denominator))
        off = abs(Fraction(spelled) - value)
        if off < half or (is_even and off == half):
            return simplest(context.normalize(spelled))
        digits += 1


def remainder(one: Fraction, other: Fraction) -> Fraction:
    """What is left of one when it is divided: with the sign of one, and with an error at each step."""
    whole = int(_held(one / other))
    return one - _held(whole * other)


def _held(exact: Fraction) -> Fraction:
    return exact if _fits(exact) else _nearest(exact, BITS)[0]


def _fits(value: Fraction) -> bool:
    below = value.denominator
    return not below & (below - 1) and abs(value.numerator) < 1 << BITS


def _nearest(value: Fraction, bits: int) -> tuple[Fraction, Fraction]:
    """The nearest number of so many bits, and what one in its last place is worth."""
    if not value:
        return value, Fraction(1)
    above, below = abs(value.numerator), value.denominator
    shift = bits - (above.bit_length() - below.bit_length())
    unit = Fraction(2) ** -shift
    if abs(value) / unit >= 1 << bits:
        unit *= 2
    # `round` takes the even one of two that are as near.
    made = round(value / unit) * unit
    return made, unit
