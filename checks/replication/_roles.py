"""What the checks ask of the role of a replication."""

from collections.abc import Callable

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.identity import Role
from s3audit.model.replicas import is_on
from s3audit.model.replication import Replication
from s3audit.model.roles import role_of
from s3audit.setting import some_of, when_set
from s3audit.verdict import Verdict, failed, unless

from ._rules import of_replication

GONE = "the role does not exist"


def with_role(
    bucket: Bucket,
    estate: Estate,
    judge: Callable[[Role, Replication], Verdict],
    *,
    must_exist: bool = False,
) -> Verdict:
    """The judgement of the role, where a rule is on; of one that is not there only one check says so."""

    def judged(replication: Replication) -> Verdict:
        gone = failed(replication.role.at, GONE) if must_exist else GONE
        return when_set(role_of(replication.role, estate), lambda role: judge(role, replication), gone)

    return of_replication(
        bucket,
        lambda replication: unless(
            ~copies(replication), "nothing is replicated", lambda: judged(replication)
        ),
    )


def copies(replication: Replication) -> Verdict:
    """Whether any rule is on."""
    return some_of(replication.rules, is_on, failed(replication.at, "it has no replication rule"))
