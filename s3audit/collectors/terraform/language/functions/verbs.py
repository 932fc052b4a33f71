"""What stands in for a value in `format`: numbers with their signs and digits, texts in quotes."""

from decimal import ROUND_HALF_EVEN, Context, Decimal

from s3audit.collectors.terraform.language.convert import Number
from s3audit.collectors.terraform.language.functions.common import Refused, fits

_BASES = {"b": 2, "o": 8, "x": 16, "X": 16}
_MARKS = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}


class Verb:
    """`%-08.3f`: flags, width, precision and letter."""

    __slots__ = ("flags", "letter", "precision", "width")

    def __init__(self, flags: str, width: int, precision: int | None, letter: str) -> None:
        self.flags = flags
        self.width = width
        self.precision = precision
        self.letter = letter


def whole(verb: Verb, value: Number) -> str:
    """%d %b %o %x %X"""
    if not isinstance(value, int):
        if value:
            raise Refused("a whole number is required here")
        value = 0
    digits = _digits(abs(value), _BASES.get(verb.letter, 10))
    if verb.letter == "X":
        digits = digits.upper()
    if verb.precision is not None:
        fits(verb.precision)
        digits = digits.rjust(verb.precision, "0") if value or verb.precision else ""
    if "#" in verb.flags:
        digits = _MARKS.get(verb.letter, "") + digits
    return signed(verb, value < 0, digits, zeros=verb.precision is None)


def _digits(value: int, base: int) -> str:
    match base:
        case 2:
            return f"{value:b}"
        case 8:
            return f"{value:o}"
        case 16:
            return f"{value:x}"
        case _:
            return f"{Decimal(value):f}"


def broken(verb: Verb, value: Number) -> str:
    """%e %f %g and their like."""
    precision = verb.precision
    letter = verb.letter.lower()
    if precision is not None:
        fits(precision)
    number = Decimal(value).copy_abs()
    if precision is not None or letter not in ("g", "v"):
        number = exactly(number)
    if letter in ("g", "v"):
        text = _general(number, precision)
    else:
        text = (
            _fixed(number, 6 if precision is None else precision)
            if letter == "f"
            else _scientific(number, 6 if precision is None else precision)
        )
    is_negative = value < 0 or (not value and Decimal(value).is_signed())
    return signed(verb, is_negative, _cased(verb, text), before_left=True)


def exactly(value: Decimal) -> Decimal:
    """What is held for a number, which is not quite what is written: 0.35 is a little less."""
    if value == value.to_integral_value():
        return value
    from s3audit.collectors.terraform.language.functions.exact import fraction

    held = fraction(value)
    digits = held.denominator.bit_length() + held.numerator.bit_length()
    return Context(digits).divide(Decimal(held.numerator), Decimal(held.denominator))


def _cased(verb: Verb, text: str) -> str:
    return text.upper() if verb.letter in ("E", "G") else text


def _fixed(number: Decimal, places: int) -> str:
    fits(number.adjusted() + places)
    exact = Context(max(1, number.adjusted() + 2 + places), ROUND_HALF_EVEN)
    return f"{number.quantize(Decimal((0, (1,), -places)), context=exact):f}"


def _scientific(number: Decimal, places: int) -> str:
    if number:
        number = Context(places + 1, ROUND_HALF_EVEN).plus(number)
    digits = (
        "".join(map(str, number.as_tuple().digits)).ljust(places + 1, "0") if number else "0" * (places + 1)
    )
    return _with_exponent(digits, number.adjusted() if number else 0)


def _with_exponent(digits: str, exponent: int) -> str:
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{rest}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _general(number: Decimal, precision: int | None) -> str:
    """In the shorter of the two notations."""
    if not number:
        return "0"
    if precision is not None:
        precision = precision or 1
        number = Context(precision, ROUND_HALF_EVEN).plus(number)
    digits = "".join(map(str, number.as_tuple().digits)).rstrip("0")
    exponent = number.adjusted()
    limit = 6 if precision is None else precision
    if precision is not None and limit > len(digits) >= exponent + 1:
        limit = len(digits)
    if exponent < -4 or exponent >= limit:
        return _with_exponent(digits, exponent)
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def ten_digits(number: Decimal) -> str:
    """As sets spell a number to order it."""
    return ("-" if number < 0 else "") + _general(number.copy_abs(), 10)


def signed(verb: Verb, negative: bool, digits: str, *, zeros: bool = True, before_left: bool = False) -> str:
    """With its sign, and the width filled up; `before_left` where the flag 0 counts more than the flag -."""
    sign = "-" if negative else "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    fits(verb.width)
    if zeros and "0" in verb.flags and (before_left or "-" not in verb.flags):
        mark = ""
        if digits[:2] in ("0x", "0X", "0b") and "#" in verb.flags:
            mark, digits = digits[:2], digits[2:]
        return sign + mark + digits.rjust(verb.width - len(sign) - len(mark), "0")
    made = sign + digits
    return made.ljust(verb.width) if "-" in verb.flags else made.rjust(verb.width)


def filled(verb: Verb, text: str) -> str:
    """A text that fills its width; zeros are filled in as well, even behind it."""
    fits(verb.width)
    if len(text) >= verb.width and text.isascii():
        return text
    from s3audit.collectors.terraform.language.functions.letters import clusters

    missing = verb.width - len(clusters(text))
    if missing <= 0:
        return text
    fill = ("0" if "0" in verb.flags else " ") * missing
    return text + fill if "-" in verb.flags else fill + text


def cut(verb: Verb, text: str) -> str:
    """No longer than its precision, which counts from one."""
    if not verb.precision:
        return text
    from s3audit.collectors.terraform.language.functions.letters import clusters

    return "".join(clusters(text)[: verb.precision])


def quoted(text: str) -> str:
    """As JSON."""
    from s3audit.collectors.terraform.language.functions.json import inner

    return f'"{inner(text)}"'
