"""Plans and states: what Terraform itself wrote down, each a world of its own, with the source beside it."""

import os
from functools import cached_property

from s3audit.collectors.documents.files import File, Options
from s3audit.collectors.documents.hcl.syntax import Body
from s3audit.collectors.documents.resolved import Missing, Resolved, Undecided
from s3audit.collectors.documents.tree import Mapping, Node, Sequence
from s3audit.collectors.terraform.build import ORIGIN, estate_of
from s3audit.collectors.terraform.modules.library import Library, local_folder
from s3audit.collectors.terraform.records.forms import as_plain, plain, variables_of
from s3audit.collectors.terraform.records.given import Path
from s3audit.collectors.terraform.records.places import Places
from s3audit.collectors.terraform.records.plan import as_utf8, read_plan
from s3audit.collectors.terraform.tables import TYPES
from s3audit.location import Location
from s3audit.model.world import Plain
from s3audit.problem import Problem

_MOST_FOLDERS = 500


def recorded(file: File, kind: str, options: Options) -> tuple[Plain, list[Problem]]:
    """The world of a plan or a state."""
    source = _Source(file, options)
    if kind == "terraform-plan":
        declared, problems = read_plan(
            file.data, file.source, TYPES, source.places, source if source.is_there else None
        )
    else:
        from s3audit.collectors.terraform.records.state import read_state

        declared, problems = read_state(file.data, file.source, TYPES, source.places)
    world = Plain(file.source, ORIGIN, estate_of(declared))
    world.problems = source.problems
    return world, problems


class _Source:
    """The files that a plan was made from, where they lie beside it or where the user says."""

    def __init__(self, file: File, options: Options) -> None:
        self._file = file
        self._folder = options.source_dir or (os.path.dirname(file.path) or os.curdir if file.path else "")
        self._library = Library((), options)
        self.problems: list[Problem] = []
        """What was met when somebody asked."""

    @cached_property
    def is_there(self) -> bool:
        return bool(self._folder) and self._library.module(self._folder) is not None

    @cached_property
    def places(self) -> Places | None:
        """Where resources are declared."""
        if not self.is_there:
            return None
        from s3audit.collectors.terraform.modules.installed import installed

        known = installed(self._folder, self._library.options)
        folders: dict[str, list[Body]] = {}
        left = [self._folder, *known.values()]
        while left and len(folders) < _MOST_FOLDERS:
            folder = os.path.normpath(left.pop())
            module = None if folder in folders else self._library.module(folder)
            if module is None:
                continue
            declared = (*module.resources.values(), *module.data.values(), *module.calls.values())
            folders[folder] = [Body({}, [one.block for one in declared])]
            left.extend(target for call in module.calls.values() if (target := local_folder(folder, call)))
        return Places(folders, self._folder, known)

    def written(self, address: str, path: Path) -> Node | None:
        """What the source says of an argument under the variables of the plan."""
        node = self._arguments.get(address)
        for step in path:
            if node is None:
                return None
            head = self.resolve(node).node
            match head, step:
                case Mapping(entries=entries), str():
                    node = entries[step].value if step in entries else None
                case Mapping(), 0:
                    continue
                case Sequence(items=items), int():
                    node = items[step] if step < len(items) else None
                case _:
                    return None
        if node is None or isinstance(self.resolve(node).node, Missing | Undecided):
            return None
        return node

    def differs(self, what: str) -> None:
        """It says something else of this argument than the plan, so it is that of another one."""
        said = (
            f"The source beside this plan is another one: it has not what the plan has of {what}. Nothing that the plan"
            " leaves open is taken from it, and lines may be others. Plan again, or name the folder that this plan was"
            " made from with --source-dir."
        )
        self.problems.append(Problem(Location(self._file.source), "partial", said))

    def resolve(self, node: Node) -> Resolved:
        """The head of a node of the source."""
        from s3audit.collectors.terraform.language.scope import Lazy

        return node.resolve() if isinstance(node, Lazy) else Resolved(node)

    @cached_property
    def _arguments(self) -> dict[str, Node]:
        """The arguments of every resource, by its address."""
        from s3audit.collectors.terraform.modules.roots import bodies_in

        given = {name: as_plain(plain(raw)) for name, raw in variables_of(as_utf8(self._file.data)).items()}
        return bodies_in(self._folder, self._library, given)
