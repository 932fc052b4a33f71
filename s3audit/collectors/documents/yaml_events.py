"""The parser whose events the reader takes: libyaml's, or PyYAML's own where it was built without libyaml."""

from typing import Any

import yaml


def parser(text: str) -> Any:
    if yaml.__with_libyaml__:
        from yaml._yaml import CParser

        return CParser(text)
    from s3audit.collectors.documents.yaml_pure import PureParser

    return PureParser(text)
