"""The order of the elements of sets: texts, numbers and bools by value, others by a spelling of their own."""

from decimal import Decimal

from s3audit.collectors.documents.tree import Budget
from s3audit.collectors.terraform.language.convert import NotKnown, to_plain
from s3audit.collectors.terraform.language.values import Plain, Primitive, SetData, SetOf, Value


def sort_set(value: SetOf) -> None:
    """Put the elements in Terraform's order, as far as it can be told."""
    items = value.items
    if all(isinstance(item, Primitive) for item in items):
        value.items = sorted(items, key=_rank)
        return
    try:
        plain = [to_plain(item) for item in items]
    except NotKnown:
        return
    budget = Budget()
    ranked = sorted(range(len(items)), key=lambda index: _spelled(plain[index], budget))
    value.items = [items[index] for index in ranked]


def in_order(plain: list[Plain]) -> bool:
    """Whether these elements of a set, which are not all primitive, have that order however it is counted."""
    for as_maps in (False, True):
        budget = Budget()
        spelled = [_spelled(item, budget, as_maps=as_maps) for item in plain]
        if spelled != sorted(spelled):
            return False
    return True


def _rank(item: Value) -> tuple[int, int | Decimal | str]:
    assert isinstance(item, Primitive)  # noqa: S101 - sorted only where all are
    data = item.data
    # Null comes last; texts and numbers are never in one set, but nothing is lost by ordering them.
    return (2, "") if data is None else (isinstance(data, str), data)


def _spelled(data: Plain, budget: Budget, *, as_maps: bool = False) -> bytes:
    budget.spend()
    match data:
        case None:
            return b"~"
        case bool():
            return b"T" if data else b"F"
        case str():
            return _quoted(data).encode("utf-8", "surrogatepass")
        case int() | Decimal():
            return _number(data).encode()
        case dict():
            items = sorted(data.items())
            if as_maps:
                pairs = (
                    _spelled(k, budget) + b":" + _spelled(v, budget, as_maps=True) + b";" for k, v in items
                )
                return b"{" + b"".join(pairs) + b"}"
            return b"<" + b"".join(_spelled(v, budget) + b";" for _, v in items) + b">"
        case _:
            inner = b"".join(_spelled(item, budget, as_maps=as_maps) + b";" for item in data)
            is_list = as_maps or isinstance(data, SetData)
            return b"[" + inner + b"]" if is_list else b"<" + inner + b">"


def _quoted(data: str) -> str:
    from s3audit.collectors.terraform.language.functions.verbs import quoted

    return quoted(data)


def _number(data: int | Decimal) -> str:
    from s3audit.collectors.terraform.language.functions.verbs import ten_digits

    return ten_digits(Decimal(data))
