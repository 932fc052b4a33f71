"""Functions of files and of paths."""

import posixpath
from base64 import b64encode

from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.terraform.language.convert import NotKnown
from s3audit.collectors.terraform.language.functions.common import (
    LONGEST,
    Call,
    Function,
    Refused,
    TooLarge,
    fits_elements,
    known,
    mapping_in,
    named_after,
    strict,
    string_in,
    text_in,
)
from s3audit.collectors.terraform.language.functions.letters import normal
from s3audit.collectors.terraform.language.values import Primitive, Value, from_file, partial, set_of
from s3audit.text import Text


def _read(call: Call) -> bytes:
    data = call.context.read(string_in(call.arguments[0]), call.at)
    if isinstance(data, Undecided):
        known(data)
        raise NotKnown(data.why)
    return data


def _text(call: Call) -> str:
    data = _read(call)
    if len(data) > LONGEST:
        raise TooLarge
    try:
        return normal(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise Refused("the file is no text in UTF-8") from None


def _file(call: Call) -> Value:
    return from_file(call.at, _text(call), call.context.shown(string_in(call.arguments[0])))


def _filebase64(call: Call) -> Value:
    data = _read(call)
    if len(data) > LONGEST:
        raise TooLarge
    return Primitive.of(call.at, b64encode(data).decode("ascii"))


def _hashed(algorithm: str, *, in_base64: bool = False) -> Function:
    def run(call: Call) -> Value:
        from s3audit.collectors.terraform.language.functions.hashes import digest

        made = digest(algorithm, _read(call))
        return Primitive.of(call.at, b64encode(made).decode("ascii") if in_base64 else made.hex())

    return Function(run, 1, 1)


def _fileexists(call: Call) -> Value:
    path = string_in(call.arguments[0])
    if not path:
        raise Refused("a folder is no file")
    answer = call.context.exists(path)
    if isinstance(answer, Undecided):
        known(answer)
        raise NotKnown(answer.why)
    return Primitive.of(call.at, answer)


def _fileset(call: Call) -> Value:
    folder, pattern = (string_in(argument) for argument in call.arguments)
    names = call.context.names(folder, pattern)
    if isinstance(names, Undecided):
        known(names)
        raise NotKnown(names.why)
    fits_elements(len(names))
    return set_of(call.at, [Primitive.of(call.at, name) for name in sorted(map(normal, names))])


def _templatefile(call: Call) -> Value:
    path = string_in(call.arguments[0])
    return call.context.render(_text(call), path, _variables(call), call.at)


def _templatestring(call: Call) -> Value:
    return call.context.render(string_in(call.arguments[0]), "", _variables(call), call.at)


def _variables(call: Call) -> dict[str, Value]:
    given = mapping_in(call.arguments[1]).entries
    for name in given:
        if not is_name(name):
            raise Refused(f"{name[:40]!r} can't be the name of a variable")
    return {name: entry.value for name, entry in given.items()}


def is_name(name: str) -> bool:
    return name.replace("-", "_").isidentifier()


def _basename(path: str) -> str:
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def _dirname(path: str) -> str:
    return cleaned(path.rpartition("/")[0] + "/" if "/" in path else "")


def cleaned(path: str) -> str:
    """The shortest spelling of a path."""
    made = posixpath.normpath(path) if path else "."
    return made[1:] if made.startswith("//") else made


def _abspath(call: Call) -> Value:
    path = text_in(call.arguments[0])
    if path.literal is not None and path.literal.startswith("/"):
        return Primitive.of(call.at, cleaned(path.literal))
    return _by_name(call, path, "in which folder Terraform runs is not known")


def _by_name(call: Call, path: Text, why: str) -> Value:
    """A path that can't be told, and is the same wherever the same call stands."""
    return partial(call.at, Text((named_after(call.name, (path,)),)), why)


def _pathexpand(call: Call) -> Value:
    path = text_in(call.arguments[0])
    if path.literal is None:
        return _by_name(call, path, "")
    if not path.literal.startswith("~"):
        return Primitive.of(call.at, path.literal)
    if path.literal[1:2] in ("", "/"):
        return _by_name(call, path, "whose home folder is meant is not known")
    raise Refused("the home folder of another user can't be told")


FUNCTIONS = {
    "abspath": Function(_abspath, 1, 1),
    "basename": strict("string", _basename, gives_text=True),
    "dirname": strict("string", _dirname, gives_text=True),
    "file": Function(_file, 1, 1),
    "filebase64": Function(_filebase64, 1, 1),
    "filebase64sha256": _hashed("sha256", in_base64=True),
    "filebase64sha512": _hashed("sha512", in_base64=True),
    "fileexists": Function(_fileexists, 1, 1),
    "filemd5": _hashed("md5"),
    "fileset": Function(_fileset, 2, 2),
    "filesha1": _hashed("sha1"),
    "filesha256": _hashed("sha256"),
    "filesha512": _hashed("sha512"),
    "pathexpand": Function(_pathexpand, 1, 1),
    "templatefile": Function(_templatefile, 2, 2),
    "templatestring": Function(_templatestring, 2, 2),
}
