"""Ten times the buckets cost ten times the work, however they are tied to one another.

What counts is calls and not seconds, so that the answer is the same on every machine.
"""

import cProfile
import gc
import json
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import s3audit
from s3audit.finding import Report
from s3audit.verdict import Evidence
from tests.terraform.large import large_plan

FEW, MANY = 15, 150
MOST = 11.5
"""So much more may ten times as many cost: what all have in common costs the same, and sorting a little more."""


class Ref(NamedTuple):
    """An attribute of another resource."""

    address: str
    attribute: str = "id"

    def __str__(self) -> str:
        return f"{self.address}.{self.attribute}"


Arguments = dict[str, Any]


class Made(NamedTuple):
    """A resource of Terraform; nested blocks are lists of objects."""

    type: str
    name: str
    arguments: Arguments

    @property
    def address(self) -> str:
        return f"{self.type}.{self.name}"


def policy(name: str) -> str:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def bucket(name: str) -> Made:
    return Made("aws_s3_bucket", name, {"bucket": f"shop-{name.replace('_', '-')}"})


def part(kind: str, of: str, **arguments: Any) -> Made:
    return Made(f"aws_s3_bucket_{kind}", of, {"bucket": Ref(f"aws_s3_bucket.{of}"), **arguments})


def with_policies(names: list[str]) -> Iterator[Made]:
    for name in names:
        yield bucket(name)
        yield part("policy", name, policy=policy(f"shop-{name.replace('_', '-')}"))


def with_one_log_target(names: list[str]) -> Iterator[Made]:
    yield bucket("logs")
    for name in names:
        yield bucket(name)
        yield part("logging", name, target_bucket=Ref("aws_s3_bucket.logs"), target_prefix=f"{name}/")


def with_own_log_targets(names: list[str]) -> Iterator[Made]:
    for name in names:
        yield bucket(name)
        yield bucket(f"{name}_logs")
        yield part("logging", name, target_bucket=Ref(f"aws_s3_bucket.{name}_logs"), target_prefix="logs/")


def with_distributions(names: list[str]) -> Iterator[Made]:
    for name in names:
        yield bucket(name)
        yield Made(
            "aws_cloudfront_origin_access_control",
            name,
            {
                "name": name,
                "origin_access_control_origin_type": "s3",
                "signing_behavior": "always",
                "signing_protocol": "sigv4",
            },
        )
        origin = {
            "origin_id": "content",
            "domain_name": Ref(f"aws_s3_bucket.{name}", "bucket_regional_domain_name"),
            "origin_access_control_id": Ref(f"aws_cloudfront_origin_access_control.{name}"),
        }
        behavior = {"target_origin_id": "content", "viewer_protocol_policy": "redirect-to-https"}
        yield Made(
            "aws_cloudfront_distribution",
            name,
            {"enabled": True, "origin": [origin], "default_cache_behavior": [behavior]},
        )


def with_access_points(names: list[str]) -> Iterator[Made]:
    for name in names:
        yield bucket(name)
        for use in ("readers", "writers"):
            arguments = {"name": f"{name.replace('_', '-')}-{use}", "bucket": Ref(f"aws_s3_bucket.{name}")}
            yield Made("aws_s3_access_point", f"{name}_{use}", arguments)


def with_keys(names: list[str]) -> Iterator[Made]:
    for name in names:
        yield bucket(name)
        yield Made("aws_kms_key", name, {"enable_key_rotation": True})
        yield Made(
            "aws_kms_alias", name, {"name": f"alias/{name}", "target_key_id": Ref(f"aws_kms_key.{name}")}
        )
        # Some name their key by its alias, which may be that of any.
        key: object = f"alias/{name}" if name.endswith(("0", "5")) else Ref(f"aws_kms_key.{name}", "arn")
        by_default = {"sse_algorithm": "aws:kms", "kms_master_key_id": key}
        yield part(
            "server_side_encryption_configuration",
            name,
            rule=[{"apply_server_side_encryption_by_default": [by_default]}],
        )


TIES: list[Callable[[list[str]], Iterator[Made]]] = [
    with_policies,
    with_one_log_target,
    with_own_log_targets,
    with_distributions,
    with_access_points,
    with_keys,
]


def hcl(made: Iterable[Made]) -> str:
    return "\n".join(f'resource "{one.type}" "{one.name}" {{\n{_body(one.arguments)}\n}}' for one in made)


def _body(arguments: Arguments) -> str:
    lines: list[str] = []
    for name, value in arguments.items():
        if isinstance(value, list):
            lines += [f"{name} {{\n{_body(block)}\n}}" for block in value]
        elif isinstance(value, Ref):
            lines.append(f"{name} = {value}")
        elif isinstance(value, str) and value.startswith("{"):
            lines.append(f"{name} = jsonencode({value})")
        else:
            lines.append(f"{name} = {json.dumps(value)}")
    return "\n".join(lines)


def plan(made: Iterable[Made]) -> dict[str, Any]:
    changes: list[Arguments] = []
    written: list[Arguments] = []
    for one in made:
        change = {
            "actions": ["create"],
            "before": None,
            "after": _known(one.arguments),
            "after_unknown": {"id": True, "arn": True, **_unknown(one.arguments)},
        }
        named = {"address": one.address, "mode": "managed", "type": one.type, "name": one.name}
        changes.append({**named, "change": change})
        written.append({**named, "expressions": _expressions(one.arguments)})
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": written}},
    }


def _known(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _known(inner) for name, inner in value.items() if not isinstance(inner, Ref)}
    return [_known(one) for one in value] if isinstance(value, list) else value


def _unknown(arguments: Arguments) -> Arguments:
    found: Arguments = {name: True for name, value in arguments.items() if isinstance(value, Ref)}
    blocks = {name: value for name, value in arguments.items() if isinstance(value, list)}
    return found | {name: [_unknown(block) for block in value] for name, value in blocks.items()}


def _expressions(arguments: Arguments) -> Arguments:
    def shown(value: Any) -> Any:
        if isinstance(value, list):
            return [_expressions(block) for block in value]
        if isinstance(value, Ref):
            return {"references": [str(value), value.address]}
        return {"constant_value": value}

    return {name: shown(value) for name, value in arguments.items()}


Resources = dict[str, dict[str, Any]]


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def att(name: str, attribute: str = "Arn") -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, attribute]}


def cfn(kind: str, properties: Arguments) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def stack_with_policies(names: list[str]) -> Resources:
    found: Resources = {}
    for name in names:
        statement = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [att(name), {"Fn::Sub": f"${{{name}.Arn}}/*"}],
            "Condition": {"Bool": {"aws:SecureTransport": False}},
        }
        found[name] = cfn("S3::Bucket", {})
        found[f"{name}Policy"] = cfn(
            "S3::BucketPolicy", {"Bucket": ref(name), "PolicyDocument": {"Statement": [statement]}}
        )
    return found


def stack_with_one_log_target(names: list[str]) -> Resources:
    logging = {"LoggingConfiguration": {"DestinationBucketName": ref("Logs")}}
    return {"Logs": cfn("S3::Bucket", {}), **{name: cfn("S3::Bucket", logging) for name in names}}


def stack_with_own_log_targets(names: list[str]) -> Resources:
    found: Resources = {}
    for name in names:
        logging = {"DestinationBucketName": ref(f"{name}Logs"), "LogFilePrefix": "logs/"}
        found[name] = cfn("S3::Bucket", {"LoggingConfiguration": logging})
        found[f"{name}Logs"] = cfn("S3::Bucket", {})
    return found


def stack_with_distributions(names: list[str]) -> Resources:
    found: Resources = {}
    for name in names:
        control = {
            "Name": name,
            "OriginAccessControlOriginType": "s3",
            "SigningBehavior": "always",
            "SigningProtocol": "sigv4",
        }
        origin = {
            "Id": "content",
            "DomainName": att(name, "RegionalDomainName"),
            "OriginAccessControlId": att(f"{name}Control", "Id"),
            "S3OriginConfig": {},
        }
        behavior = {"TargetOriginId": "content", "ViewerProtocolPolicy": "redirect-to-https"}
        config = {"Enabled": True, "Origins": [origin], "DefaultCacheBehavior": behavior}
        found[name] = cfn("S3::Bucket", {})
        found[f"{name}Control"] = cfn(
            "CloudFront::OriginAccessControl", {"OriginAccessControlConfig": control}
        )
        found[f"{name}Site"] = cfn("CloudFront::Distribution", {"DistributionConfig": config})
    return found


def stack_with_access_points(names: list[str]) -> Resources:
    found: Resources = {}
    for name in names:
        found[name] = cfn("S3::Bucket", {})
        for use in ("Readers", "Writers"):
            found[f"{name}{use}"] = cfn("S3::AccessPoint", {"Bucket": ref(name)})
    return found


def stack_with_keys(names: list[str]) -> Resources:
    found: Resources = {}
    for name in names:
        key: object = f"alias/{name}" if name.endswith(("0", "5")) else att(f"{name}Key")
        by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
        rules = [{"ServerSideEncryptionByDefault": by_default}]
        found[name] = cfn("S3::Bucket", {"BucketEncryption": {"ServerSideEncryptionConfiguration": rules}})
        found[f"{name}Key"] = cfn("KMS::Key", {"EnableKeyRotation": True})
        alias = {"AliasName": f"alias/{name}", "TargetKeyId": ref(f"{name}Key")}
        found[f"{name}Alias"] = cfn("KMS::Alias", alias)
    return found


STACKS: list[Callable[[list[str]], Resources]] = [
    stack_with_policies,
    stack_with_one_log_target,
    stack_with_own_log_targets,
    stack_with_distributions,
    stack_with_access_points,
    stack_with_keys,
]


def _names(count: int) -> list[str]:
    return [f"b_{index}" for index in range(count)]


def of_module(tie: Callable[[list[str]], Iterator[Made]]) -> Callable[[int], dict[str, str]]:
    return lambda count: {"main.tf": hcl(tie(_names(count)))}


def of_plan(tie: Callable[[list[str]], Iterator[Made]]) -> Callable[[int], dict[str, str]]:
    return lambda count: {"plan.json": json.dumps(plan(tie(_names(count))))}


def of_stack(make: Callable[[list[str]], Resources]) -> Callable[[int], dict[str, str]]:
    def files(count: int) -> dict[str, str]:
        return {"template.json": json.dumps({"Resources": make([f"B{index}" for index in range(count)])})}

    return files


def instances(count: int) -> dict[str, str]:
    """A bucket for each of some names, and a policy for each bucket."""
    names = json.dumps(_names(count))
    return {
        "main.tf": f"""
            resource "aws_s3_bucket" "this" {{
              for_each = toset({names})
              bucket   = "shop-${{each.key}}"
            }}
            resource "aws_s3_bucket_policy" "this" {{
              for_each = aws_s3_bucket.this
              bucket   = each.value.id
              policy   = jsonencode({{ Statement = [{{
                Effect = "Deny", Principal = "*", Action = "s3:*", Resource = "${{each.value.arn}}/*"
              }}] }})
            }}
        """
    }


def planned_instances(count: int) -> dict[str, str]:
    made = plan(with_policies(_names(count)))
    for change in made["resource_changes"]:
        key = change["name"]
        change["name"] = "this"
        change["address"] = f'{change["type"]}.this["{key}"]'
    same = {"aws_s3_bucket": {"bucket": {"references": ["each.key"]}}}
    same["aws_s3_bucket_policy"] = {
        "bucket": {"references": ["aws_s3_bucket.this", "each.key"]},
        "policy": {},
    }
    made["configuration"]["root_module"]["resources"] = [
        {
            "address": f"{kind}.this",
            "mode": "managed",
            "type": kind,
            "name": "this",
            "expressions": expressions,
            "for_each_expression": {"references": ["local.names"]},
        }
        for kind, expressions in same.items()
    ]
    return {"plan.json": json.dumps(made)}


def copies(count: int) -> dict[str, str]:
    """A module that is called once for each bucket."""
    calls = [f'module "{name}" {{\n source = "./store"\n name = "shop-{name}"\n}}' for name in _names(count)]
    inner = 'variable "name" {}\n' + hcl(with_policies(["this"])).replace('"shop-this"', "var.name")
    return {"main.tf": "\n".join(calls), "store/main.tf": inner}


def loops(count: int) -> dict[str, str]:
    """A bucket for each of some names, by the language extensions of CloudFormation."""
    names = [f"B{index}" for index in range(count)]
    made = {"${Name}": cfn("S3::Bucket", {}), "${Name}Logs": cfn("S3::Bucket", {})}
    made["${Name}"]["Properties"] = {"LoggingConfiguration": {"DestinationBucketName": ref("${Name}Logs")}}
    template = {
        "Transform": "AWS::LanguageExtensions",
        "Resources": {"Fn::ForEach::Stores": ["Name", names, made]},
    }
    return {"template.json": json.dumps(template)}


def named_by_a_variable(count: int) -> dict[str, str]:
    """Buckets and the targets of their logs with names of which only a part is known."""
    written = 'variable "stage" {}\n' + hcl(with_own_log_targets(_names(count)))
    return {"main.tf": written.replace('"shop-', '"shop-${var.stage}-')}


def logging_to_a_parameter(count: int) -> dict[str, str]:
    """Buckets whose logs all go to one that the caller names."""
    logging = {"LoggingConfiguration": {"DestinationBucketName": ref("Target")}}
    template = {
        "Parameters": {"Target": {"Type": "String"}},
        "Resources": {f"B{index}": cfn("S3::Bucket", logging) for index in range(count)},
    }
    return {"template.json": json.dumps(template)}


Layout = Callable[[int], dict[str, str]]
LAYOUTS: dict[str, Layout] = {
    **{f"module {tie.__name__}": of_module(tie) for tie in TIES},
    **{f"plan {tie.__name__}": of_plan(tie) for tie in TIES},
    **{make.__name__: of_stack(make) for make in STACKS},
    "module for_each": instances,
    "plan for_each": planned_instances,
    "module copies": copies,
    "module named_by_a_variable": named_by_a_variable,
    "stack logging_to_a_parameter": logging_to_a_parameter,
    "stack for_each": loops,
}


def calls(folder: Path, files: dict[str, str]) -> tuple[int, Report]:
    """How many functions are called when a folder is scanned."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    profile = cProfile.Profile()
    report = profile.runcall(s3audit.scan, [folder])
    return sum(entry.callcount for entry in profile.getstats()), report


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))
def test_ten_times_the_buckets_cost_ten_times_as_much(layout: Layout, tmp_path: Path) -> None:
    calls(tmp_path / "warm", layout(1))  # what is imported and made for the first one counts for none
    few, small = calls(tmp_path / "few", layout(FEW))
    many, large = calls(tmp_path / "many", layout(MANY))
    assert not large.problems
    assert sum(i.resources for i in large.inputs) > 9 * sum(i.resources for i in small.inputs) - 10
    assert many / few < MOST


def test_a_plan_takes_a_small_multiple_of_its_file(tmp_path: Path) -> None:
    """Of memory: six times a file of 13 MB are promised, with the 15 MiB of Python itself."""
    calls(tmp_path / "warm", {"plan.json": large_plan(1).decode()})
    data = large_plan(100)
    file = tmp_path / "plan.json"
    file.write_bytes(data)
    tracemalloc.start()
    try:
        s3audit.scan([file], max_size=len(data))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4.1 * len(data)


def test_what_is_found_is_nothing_for_the_garbage_collector(tmp_path: Path) -> None:
    """It would go through all of it again and again, and find nothing."""
    _, report = calls(tmp_path, LAYOUTS["plan with_policies"](3))
    made = [*report.findings, *(e for f in report.findings for e in f.evidence)]
    assert len(made) > 100
    assert not any(map(gc.is_tracked, [*made, *(one.at for one in made if isinstance(one, Evidence))]))


@pytest.mark.parametrize("own", [(700, 10, 10), (0, 10, 10), (50_000, 5, 5)])
def test_the_garbage_collector_is_left_as_it_was(own: tuple[int, int, int], tmp_path: Path) -> None:
    before = gc.get_threshold()
    gc.set_threshold(*own)
    try:
        calls(tmp_path, LAYOUTS["stack_with_policies"](2))
        after = gc.get_threshold()
        with pytest.raises(s3audit.UsageError):
            s3audit.scan([tmp_path], select=["no-such-check"])
        after_an_error = gc.get_threshold()
    finally:
        gc.set_threshold(*before)
    assert after == after_an_error == own
