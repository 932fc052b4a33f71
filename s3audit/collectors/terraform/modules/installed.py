"""Where `terraform init` put the modules that lie elsewhere: `.terraform/modules/modules.json`."""

import posixpath

import msgspec

from s3audit.collectors.documents.files import Options

INDEX = ".terraform/modules/modules.json"


class _Record(msgspec.Struct, rename={"key": "Key", "folder": "Dir"}):
    key: str
    folder: str


class _Index(msgspec.Struct, rename={"modules": "Modules"}):
    modules: list[_Record] = []


def installed(folder: str, options: Options) -> dict[str, str]:
    """The folders of what is installed for the root module in this one, by the calls that lead to it: `a.b`.

    Of an index that can't be read nothing is: whoever needs it says that `terraform init` has to run.
    """
    file = options.fetch(posixpath.join(folder, INDEX))
    if file is None:
        return {}
    try:
        index = msgspec.json.decode(file.data, type=_Index)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
    return {record.key: _inside(folder, record.folder) for record in index.modules if record.key}


def _inside(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path.replace("\\", "/")))
