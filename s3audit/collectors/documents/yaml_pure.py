"""PyYAML's own parser, where there is no libyaml."""

from typing import Any

from yaml.events import ScalarEvent
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner


class PureParser(Reader, Scanner, Parser):
    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def get_event(self) -> Any:
        event: Any = Parser.get_event(self)  # type: ignore[no-untyped-call]
        if type(event) is ScalarEvent:
            # It takes the escape of half a surrogate pair, which no output could encode.
            event.value = event.value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return event
