"""Expressions for hypothesis to make: mostly of types that fit, so that Terraform accepts most of them."""

from functools import cache

from hypothesis import strategies as st

Phrases = st.SearchStrategy[str]

LOCALS = """
locals {
  n     = 3
  half  = 0.5
  s     = "text"
  empty = ""
  yes   = true
  no    = false
  none  = null
  list  = ["a", "b", "c"]
  nums  = [1, 2.5, 10]
  mixed = [1, "x", true, null]
  set   = toset(["q", "p"])
  map   = { one = 1, two = 2 }
  obj   = { name = "n", on = true, inner = { list = [1, 2], none = null } }
  objs  = [{ id = "a", v = 1 }, { id = "b", v = 2 }]
  typed = tolist(["x", "y"])
  dict  = tomap({ k = "v", l = "w" })
}
"""

_ODD = [
    "null",
    "local.none",
    "local.mixed",
    "[]",
    "{}",
    '"1"',
    '"true"',
    "local.obj",
    "1e3",
    "local.set",
    '""',
]


def _of(*fixed: str) -> Phrases:
    return st.sampled_from(fixed)


def _made(form: str, **parts: Phrases) -> Phrases:
    return st.fixed_dictionaries(parts).map(lambda chosen: form.format(**chosen))


def _any_of(noise: Phrases, *strategies: Phrases) -> Phrases:
    return st.integers(0, 15).flatmap(lambda lot: noise if lot == 0 else st.one_of(strategies))


def phrases(depth: int = 3, names: tuple[str, ...] = ()) -> Phrases:
    """An expression of any type, also of these names."""
    every = _levels(depth, names)
    return st.one_of(list(every.values()))


@cache
def _levels(depth: int, names: tuple[str, ...]) -> dict[str, Phrases]:
    noise = _of(*_ODD)
    level: dict[str, Phrases] = {
        "number": _of(
            "0", "1", "2", "-7", "1.50", "local.n", "local.half", "local.map.one", "12345678901234567890"
        ),
        "string": _of(
            '"a"', '"é"', '"b c"', "local.s", "local.empty", "local.list[0]", 'local.dict["k"]', '"$${x}%%"'
        ),
        "bool": _of("true", "false", "local.yes", "local.obj.on"),
        "list": _of(
            "[]", "local.list", "local.nums", "local.typed", "local.objs[*].id", '[1, "a"]', "local.set"
        ),
        "map": _of("{}", "local.map", "local.obj", "local.dict", "local.objs[0]"),
    }
    if names:
        level = {kind: known | _of(*names) for kind, known in level.items()}
    for _ in range(depth):
        level = _next(level, noise)
    return level


def _sure(anything: Phrases) -> Phrases:
    """A condition that is one, whatever is asked of it: not all Terraforms ask, and none asks of no elements."""
    return st.one_of(
        _of("true", "false", "local.yes", "local.n > 2", '"true"'),
        _made("can({a})", a=anything),
        _made("try({a} {op} {b}, false)", a=anything, op=_of("==", "!="), b=_of('"a"', "1", "null", "true")),
    )


def _next(of: dict[str, Phrases], noise: Phrases) -> dict[str, Phrases]:
    number, string, boolean = of["number"], of["string"], of["bool"]
    some_list, some_map = of["list"], of["map"]
    anything = st.one_of(list(of.values()))
    sure = _sure(anything)
    index = _of("0", "1", '"1"', "2")
    name = _of("a", "one", "name", "k", "inner", "zzz")

    def either(same: Phrases) -> Phrases:
        return st.one_of(
            _made("({test} ? {yes} : {no})", test=sure, yes=same, no=_any_of(noise, same)),
            _made("try({risky}, {same})", risky=anything, same=same),
        )

    picked = st.one_of(
        _made("try({of}[{index}], {other})", of=some_list, index=index, other=anything),
        _made("try({of}.{name}, {other})", of=some_map, name=name, other=anything),
        _made('try({of}["{name}"], {other})', of=some_map, name=name, other=anything),
        _made("one(slice({of}, 0, 1))", of=some_list),
    )
    return {
        "number": _any_of(
            noise,
            number,
            _made("({a} {op} {b})", a=number, op=_of("+", "-"), b=number),
            _made("({a} * {b})", a=number, b=_of("2", "1.5")),
            _made("({a} {op} {b})", a=number, op=_of("/", "%"), b=_of("2", "0.5", "local.n")),
            _made("-{a}", a=_of("1", "local.half", "local.nums[2]", "12345678901234567890")),
            _made("length({a})", a=st.one_of(some_list, some_map, string)),
            either(number),
        ),
        "string": _any_of(
            noise,
            string,
            _made('"<${{{a}}}>"', a=st.one_of(number, string, boolean)),
            _made('"${{{a}}}"', a=string),
            _made('"%{{ if {t} }}y${{{a}}}%{{ else }}n%{{ endif }}"', t=boolean, a=string),
            _made('"%{{ for k, v in {l} ~}} ${{k}} %{{ endfor }}"', l=st.one_of(some_list, some_map)),
            _made('join("-", [for x in {l} : "${{x}}"])', l=some_list),
            _made('format("%s|%v", "${{{a}}}", {b})', a=string, b=_of("1", "true", '"x"', "1.5", "local.n")),
            _made("jsonencode({a})", a=anything),
            either(string),
        ),
        "bool": _any_of(
            noise,
            boolean,
            _made("({a} {op} {b})", a=number, op=_of("<", "<=", ">", ">="), b=number),
            _made("({a} {op} {b})", a=anything, op=_of("==", "!="), b=anything),
            _made("({a} {op} {b})", a=boolean, op=_of("&&", "||"), b=sure),
            _made("!{a}", a=boolean),
            _made("can({a})", a=anything),
            _made("contains({l}, {a})", l=some_list, a=anything),
            either(boolean),
        ),
        "list": _any_of(
            noise,
            some_list,
            _made("[{a}, {b}]", a=anything, b=anything),
            _made("[for x in {l} : x]", l=st.one_of(some_list, some_map)),
            _made("[for i, x in {l} : [i, x] if {t}]", l=st.one_of(some_list, some_map), t=sure),
            _made("[for x in {l} : {{ v = x, n = {a} }}]", l=some_list, a=anything),
            _made("{l}[*]", l=anything),
            _made("concat({a}, {b})", a=some_list, b=some_list),
            _made("values({m})", m=some_map),
            _made("keys({m})", m=some_map),
            _made("toset({l})", l=some_list),
            _made("tolist({l})", l=some_list),
            _made("flatten([{a}, {b}])", a=some_list, b=anything),
            either(some_list),
        ),
        "map": _any_of(
            noise,
            some_map,
            _made('{{ a = {a}, ("${{{s}}}") = {b} }}', a=anything, s=string, b=anything),
            _made("{{ for k, v in {m} : k => v }}", m=some_map),
            _made('{{ for i, v in {l} : "k${{i}}" => v if {t} }}', l=some_list, t=sure),
            _made("{{ for v in {l} : {s} => v... }}", l=some_list, s=string),
            _made("merge({a}, {b})", a=some_map, b=some_map),
            either(some_map),
        ),
        "picked": picked,
    }
