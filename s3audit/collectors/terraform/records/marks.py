"""Which parts of a value are known only after apply, or sensitive: data of the same form with True in these places."""

from collections.abc import Mapping

_NOTHING = object()


def marked(marks: object, step: str | int) -> object:
    """What is marked of a part: True for all of it, marks of its own, or None for nothing."""
    if isinstance(marks, dict):
        found = marks.get(step)
    elif isinstance(marks, list) and isinstance(step, int) and step < len(marks):
        found = marks[step]
    else:
        return None
    # Most are True, or nothing.
    if found is True:
        return True
    return found if found and has_marks(found) else None


def has_marks(marks: object) -> bool:
    if isinstance(marks, dict):
        return any(map(has_marks, marks.values()))
    if isinstance(marks, list):
        return any(map(has_marks, marks))
    return marks is True


def of_paths(paths: list[object], values: object) -> object:
    """The marks for the paths in these values that a state file lists."""
    marks: dict[object, object] = {}
    for path in paths:
        steps: list[str | int | None] = [_step(one) for one in path] if isinstance(path, list) else [None]
        if not steps or None in steps:
            return True  # what is meant can't be told, so it may be anything
        known = _known_part(steps, values)
        inner = marks
        for step in known[:-1]:
            deeper = inner.setdefault(step, {})
            if not isinstance(deeper, dict):
                break
            inner = deeper
        else:
            inner.update(dict.fromkeys(known[-1:], True))
    return marks


def _known_part(steps: list[str | int | None], values: object) -> list[str | int | None]:
    """As far as a path leads to something: of what is stored in another form, all is meant."""
    for index, step in enumerate(steps):
        values = _inside(values, step)
        if values is _NOTHING:
            return steps[:index]
    return steps


def _inside(values: object, step: str | int | None) -> object:
    if isinstance(values, dict):
        return values.get(step, _NOTHING)
    if isinstance(values, list) and isinstance(step, int) and 0 <= step < len(values):
        return values[step]
    return _NOTHING


def _step(step: object) -> str | int | None:
    value = step.get("value") if isinstance(step, dict) else None
    if isinstance(value, dict):
        value = value.get("value")
    return value if isinstance(value, str | int) else None


def left_out(values: object, written: object) -> object:
    """Marks for what is written and not among the values, which have null for what is nothing."""
    if isinstance(values, dict) and isinstance(written, Mapping):
        return {
            name: left_out(values[name], inner) if name in values else True
            for name, inner in written.items()
            if name not in values or isinstance(inner, list)
        }
    if isinstance(values, list) and isinstance(written, list) and len(values) == len(written):
        return [left_out(value, inner) for value, inner in zip(values, written, strict=True)]
    return None
