"""Who on the network gets at the mount targets of a file system."""

from collections.abc import Iterator

from s3audit.model.estate import Estate
from s3audit.model.file_system import FileSystem, MountTarget
from s3audit.model.lookup import first_by_name
from s3audit.model.network import IngressRule, SecurityGroup
from s3audit.model.uses import if_there
from s3audit.setting import Known, Setting, Unknown, Unset, every_of
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, every, failed, not_applicable, passed, unknown

_NFS = 2049
_EVERYBODY = ("0.0.0.0/0", "::/0")
_ALL = ("-1", "all")
_TCP = ("tcp", "6")


def closed(system: FileSystem, estate: Estate) -> Verdict:
    """Whether no mount target of it admits NFS from any address."""
    return every(_targets(system, estate), not_applicable(system.at, "it has no mount target"))


def _targets(system: FileSystem, estate: Estate) -> Iterator[Verdict]:
    gap = estate.unlisted(MountTarget, _literal(system.account), _literal(system.region))
    if gap is not None:
        yield unknown(system.at, f"its mount targets are not known: {gap.why}")
    for target in estate.all(MountTarget):
        match _belongs(target, system, estate):
            case Verdict(Status.PASS):
                yield if_there(target, _closed(target, estate))
            case Verdict(Status.UNKNOWN) as open_:
                found = if_there(target, _closed(target, estate))
                # Whosever it is, a closed one says nothing against this one.
                yield found if found.status in (Status.PASS, Status.NOT_APPLICABLE) else open_
            case _:
                continue


def _belongs(target: MountTarget, system: FileSystem, estate: Estate) -> Verdict:
    """Whether it is a mount target of this file system."""
    match target.file_system:
        case Unknown(why, at):
            return unknown(at, f"of which file system a mount target is is not known: {why}")
        case Known(named, at) | Unset(named, at):
            found = _is(named, system, estate)
            if found is Status.UNKNOWN:
                return unknown(at, f"whether {named} is this file system is not known")
            return Verdict(found)


def _is(named: Text, system: FileSystem, estate: Estate) -> Status:
    own = estate.named_by(named, FileSystem)
    if own is not None:
        return Status.PASS if own.address == system.address else Status.FAIL
    known, id_ = named.literal, _literal(system.id)
    if known is None:
        return Status.UNKNOWN
    # What is made only now has no id that anybody could write.
    return Status.PASS if id_ and known.endswith(id_) else Status.FAIL


def _closed(target: MountTarget, estate: Estate) -> Verdict:
    groups = target.security_groups
    none = not_applicable(target.at, "it has the default security group of its VPC")
    return every_of(groups, lambda one: _group_is_closed(one, target, estate), none)


def _group_is_closed(named: Text, target: MountTarget, estate: Estate) -> Verdict:
    group = estate.named_by(named, SecurityGroup)
    if group is None and named.literal:
        address = estate.once(_by_id).get(named)
        group = None if address is None else estate.at(address, SecurityGroup)
    if group is None:
        return unknown(target.security_groups.at, f"whom the security group {named} admits is not known")
    shut = passed(
        group.at, f"the security group {group.title or group.address} does not admit NFS from everywhere"
    )
    found = every_of(group.ingress, _is_narrow, shut)
    return shut if found.status is Status.PASS else found


def _by_id(estate: Estate) -> dict[Text, str]:
    return first_by_name((one.address, (one.id,)) for one in estate.all(SecurityGroup))


def _is_narrow(rule: IngressRule) -> Verdict:
    admits = _is_nfs(rule) & (_is_everybody(rule.cidr) | _is_everybody(rule.cidr_ipv6))
    if admits.status is Status.PASS:
        return failed(rule.at, f"a security group admits NFS from {_shown(rule)}")
    return ~admits


def _is_nfs(rule: IngressRule) -> Verdict:
    match rule.protocol:
        case Unknown(why, at):
            return unknown(at, f"which protocol a rule admits is not known: {why}")
        case Known(protocol, at) | Unset(protocol, at):
            said = protocol.literal
            if said is None:
                return unknown(at, f"which protocol {protocol} is is not known")
            if said.lower() in _ALL:
                return passed(at, "it admits all protocols")
            if said.lower() not in _TCP:
                return Verdict(Status.FAIL)
    return _reaches(rule.from_port, lower=True) & _reaches(rule.to_port, lower=False)


def _reaches(port: Setting[int | None], *, lower: bool) -> Verdict:
    """Whether a bound of the ports leaves NFS within; without one it is all of them."""
    return port.satisfies(
        lambda number: number is None or number == -1 or (number <= _NFS if lower else number >= _NFS),
        "its ports take in 2049",
    )


def _is_everybody(cidr: Setting[Text | None]) -> Verdict:
    match cidr:
        case Unknown(why, at):
            return unknown(at, f"which addresses a rule admits is not known: {why}")
        case Known(Text() as written, at) | Unset(Text() as written, at):
            if written.literal is None:
                return unknown(at, f"which addresses {written} are is not known")
            return Verdict(Status.PASS if written.literal in _EVERYBODY else Status.FAIL)
        case _:
            return Verdict(Status.FAIL)


def _shown(rule: IngressRule) -> str:
    said = (
        one.value for one in (rule.cidr, rule.cidr_ipv6) if isinstance(one, Known) and one.value is not None
    )
    return " and ".join(str(one) for one in said if one.literal in _EVERYBODY)


def _literal(setting: Setting[Text] | Setting[Text | None]) -> str:
    match setting:
        case Known(Text() as told) | Unset(Text() as told):
            return told.literal or ""
        case _:
            return ""
