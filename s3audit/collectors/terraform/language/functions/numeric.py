"""Functions of numbers."""

import math
from decimal import Decimal

from s3audit.collectors.terraform.language.convert import LARGEST_EXPONENT, TOO_MANY_DIGITS, NotKnown, Number
from s3audit.collectors.terraform.language.functions.common import (
    Call,
    Function,
    Refused,
    number_in,
    sequence_in,
    strict,
)
from s3audit.collectors.terraform.language.values import Primitive, Value, is_null

_HALF_ROOT = math.sqrt(2) / 2
_LN_2_HIGH, _LN_2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_LN = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)

_DIGITS = {digit: value for value, digit in enumerate("0123456789abcdefghijklmnopqrstuvwxyz")}
_UPPER = {letter.upper(): value for letter, value in _DIGITS.items()}


def _ceil(number: Number) -> Number:
    return math.ceil(number)


def _floor(number: Number) -> Number:
    return math.floor(number)


def _abs(number: Number) -> Number:
    return number.copy_abs() if isinstance(number, Decimal) else abs(number)


def _signum(number: Number) -> Number:
    if number and not isinstance(number, int):
        raise Refused("a whole number is required here")
    return 1 if number > 0 else -1 if number < 0 else 0


def _max(*numbers: Number) -> Number:
    if not numbers:
        raise Refused("it needs a number")
    return max(numbers)


def _min(*numbers: Number) -> Number:
    if not numbers:
        raise Refused("it needs a number")
    return min(numbers)


def _sum(call: Call) -> Value:
    items = sequence_in(call.arguments[0], any_order=True)
    if not items:
        raise Refused("there is nothing to add up")
    if any(is_null(item) for item in items):
        raise Refused("null can't be added")
    total: Number = 0
    for item in items:
        total = _added(total, number_in(item))
    return Primitive.of(call.at, total)


def _added(one: Number, other: Number) -> Number:
    if isinstance(one, int) and isinstance(other, int) and abs(one + other) < 1 << 512:
        return one + other
    from s3audit.collectors.terraform.language.functions.exact import fraction, rounded

    return rounded(fraction(one) + fraction(other))


def _log(number: Number, base: Number) -> Number:
    above, below = _double(number), _double(base)
    if above <= 0 or below < 0 or below == 1:
        raise NotKnown("it is no number, or infinite")
    return _from_double(_ln(above) / _ln(below) if below else 0.0)


def _ln(number: float) -> float:
    """The logarithm with the last bit that Go's has: by the series of FreeBSD, step for step."""
    fraction, exponent = math.frexp(number)
    if fraction < _HALF_ROOT:
        fraction *= 2
        exponent -= 1
    f = fraction - 1
    s = f / (2 + f)
    square = s * s
    fourth = square * square
    odd = square * (_LN[0] + fourth * (_LN[2] + fourth * (_LN[4] + fourth * _LN[6])))
    even = fourth * (_LN[1] + fourth * (_LN[3] + fourth * _LN[5]))
    half = 0.5 * f * f
    return exponent * _LN_2_HIGH - ((half - (s * (half + (odd + even)) + exponent * _LN_2_LOW)) - f)


def _pow(number: Number, power: Number) -> Number:
    base, exponent = _double(number), _double(power)
    if exponent in (0.5, -0.5) and base > 0:
        return _from_double(math.sqrt(base) if exponent > 0 else 1 / math.sqrt(base))
    if exponent == 0 or base == 1:
        return 1
    if exponent != int(exponent):
        raise NotKnown("the last digits of such a power are not worked out")
    try:
        return _from_double(_multiplied(base, int(exponent)))
    except (OverflowError, ZeroDivisionError):
        raise NotKnown("it is infinite") from None


def _multiplied(base: float, power: int) -> float:
    """A number times itself, in the order in which Go multiplies: each step may cost a bit."""
    made, scale = 1.0, 0
    fraction, exponent = math.frexp(base)
    left = abs(power)
    while left:
        if abs(exponent) > 1 << 12:
            raise OverflowError
        if left & 1:
            made *= fraction
            scale += exponent
        fraction *= fraction
        exponent *= 2
        if fraction < 0.5:
            fraction += fraction
            exponent -= 1
        left >>= 1
    return math.ldexp(1 / made, -scale) if power < 0 else math.ldexp(made, scale)


def _double(number: Number) -> float:
    try:
        made = float(number)
    except OverflowError:
        raise NotKnown("the number is too large") from None
    if math.isinf(made):
        raise NotKnown("the number is too large")
    return made


def _from_double(number: float) -> Number:
    """As it is spelled; Terraform goes on with a little more or less."""
    if math.isinf(number) or math.isnan(number):
        raise NotKnown("it is no number, or infinite")
    if number == int(number) and abs(number) < 1 << 53:
        return int(number)
    from fractions import Fraction

    from s3audit.collectors.terraform.language.functions.exact import DOUBLE, rounded

    made = rounded(Fraction(number), DOUBLE)
    if isinstance(made, int) and made != number:
        raise NotKnown("the last digits of so large a number are not worked out")
    return made


def _parseint(text: str, base: int) -> Number:
    if not 2 <= base <= 62:
        raise Refused("the base is 2 to 62")
    digits = text[1:] if text[:1] in ("+", "-") else text
    values = [_DIGITS.get(letter) if letter in _DIGITS else _UPPER.get(letter) for letter in digits]
    if base > 36:
        values = [
            _UPPER[letter] + 26 if letter.isupper() and letter in _UPPER else _DIGITS.get(letter)
            for letter in digits
        ]
    number = 0
    if len(digits) > LARGEST_EXPONENT // 2:
        raise NotKnown(TOO_MANY_DIGITS)
    for value in values:
        if value is None or value >= base:
            break
        number = number * base + value
    else:
        if digits:
            return -number if text[0] == "-" else number
    raise Refused(f"it is no number of base {base}")


def _parsed(call: Call) -> Value:
    given = call.arguments[0]
    if isinstance(given, Primitive) and not isinstance(given.data, str):
        raise Refused("a string is required here")
    return _PARSE.run(call)


_PARSE = strict("string whole", _parseint)

FUNCTIONS = {
    "abs": strict("number", _abs),
    "ceil": strict("number", _ceil),
    "floor": strict("number", _floor),
    "log": strict("number number", _log),
    "max": strict("number...", _max),
    "min": strict("number...", _min),
    "parseint": Function(_parsed, 2, 2),
    "pow": strict("number number", _pow),
    "signum": strict("number", _signum),
    "sum": Function(_sum, 1, 1),
}
