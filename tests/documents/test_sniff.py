"""Which files may be for us, from their bytes alone."""

import io
import json
import random
import zipfile

import pytest

from s3audit.collectors.documents.sniff import sniff

BUCKET = "Resources:\n  Logs:\n    Type: AWS::S3::Bucket\n"
OTHER = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n"

TEMPLATES = {
    "a bucket": BUCKET,
    "with a version": f"AWSTemplateFormatVersion: 2010-09-09\n{BUCKET}",
    "below comments": f"# c\n\n%YAML 1.1\n--- # d\n# e\n{BUCKET}",
    "resources last": f"Parameters:\n  A: {{Type: String}}\n{BUCKET}",
    "indented": "\n".join(f"  {line}" for line in f"Description: x\n{BUCKET}".splitlines()),
    "second document": f"a: 1\n---\n{BUCKET}",
    "second document in braces": 'a: 1\n---\n{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}',
    "quoted key": "'Resources':\n  A:\n    Type: AWS::S3::Bucket\n",
    "space before the colon": "Resources :\n  A:\n    Type: AWS::S3::Bucket\n",
    "explicit key": "? Resources\n: A:\n    Type: AWS::S3::Bucket\n",
    "merged in": "x: &x\n  Resources:\n    A: {Type: AWS::S3::Bucket}\n<<: *x\n",
    "CRLF": BUCKET.replace("\n", "\r\n"),
    "CR": f"a: 1\n{BUCKET}".replace("\n", "\r"),
    "JSON": json.dumps({"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}),
    "indented JSON": json.dumps({"a": 1, "Resources": {"A": {"Type": "AWS::S3::Bucket"}}}, indent=2),
    "JSON after space": '\n\t {"Resources":{"A":{"Type":"AWS::S3::Bucket"}}}',
    "braces": "--- {Resources: {A: {Type: AWS::S3::Bucket}}}",
    "braces below a comment": "# c\n{Resources: {A: {Type: AWS::S3::Bucket}}}",
    "only a bucket policy": "Resources:\n  P:\n    Type: AWS::S3::BucketPolicy\n",
    "only a distribution": "Resources:\n  D:\n    Type: AWS::CloudFront::Distribution\n",
    "only a role": "Resources:\n  R:\n    Type: AWS::IAM::Role\n",
    "a nested stack": "Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n",
    "a module": "Resources:\n  M:\n    Type: My::Own::Thing::MODULE\n",
    "SAM": "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n",
    "a macro": f"Transform: [Mine]\n{OTHER}",
    "a loop": "Resources:\n  Fn::ForEach::X:\n    - T\n    - [A]\n    - X: {Type: !Sub '${T}'}\n",
    "an include": "Resources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: x}}\n",
    "only an include": "AWSTemplateFormatVersion: 2010-09-09\nFn::Transform: {Name: AWS::Include}\n",
    "access to a bucket of another template": f"{OTHER}    Properties: {{x: 'arn:aws:s3:::b'}}\n",
}

OTHERS = {
    "nothing": "",
    "a template without anything for us": OTHER,
    "the same as JSON": json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}),
    "a GitHub workflow": """\
name: ci
on: [push]
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
      - run: aws cloudformation deploy --template-file s3.yaml  # Resources: AWS::S3::Bucket
""",
    "a workflow with a template in it": """\
on: push
jobs:
  a:
    steps:
      - run: |
          cat <<EOF
          AWSTemplateFormatVersion: 2010-09-09
          Resources:
            B: {Type: AWS::S3::Bucket}
""",
    "a Kubernetes manifest": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: s3-proxy
spec:
  template:
    spec:
      containers:
        - resources: {limits: {cpu: 1}}
---
apiVersion: v1
kind: Service
""",
    "a manifest with a template in it": """\
apiVersion: v1
kind: ConfigMap
data:
  t.yaml: |
    Resources:
      B:
        Type: AWS::S3::Bucket
""",
    "docker-compose": """\
x-base: &base
  image: a
services:
  minio:
    <<: *base
    environment: [S3_BUCKET=Resources]
""",
    "package.json": json.dumps({"name": "s3", "version": "1.0.0", "dependencies": {"aws-sdk": "^2"}}),
    "OpenAPI": "openapi: 3.0.0\ninfo: {title: Resources}\npaths:\n  /buckets:\n    get:\n"
    "      x-amazon-apigateway-integration: {uri: 'arn:aws:apigateway:us-east-1:s3:path/b'}\n",
    "Serverless Framework": f"service: a\nresources:\n  {BUCKET.replace(chr(10), chr(10) + '  ')}",
    "an IAM policy": json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Action": "s3:*", "Resource": "*"}]}
    ),
    "a resource schema": json.dumps({"typeName": "AWS::S3::Bucket", "properties": {}}),
    "a Terraform state": json.dumps(
        {
            "version": 4,
            "resources": [{"template_body": json.dumps({"Resources": {"A": {"Type": "AWS::S3::Bucket"}}})}],
        }
    ),
    "a Terraform plan": json.dumps({"template_body": f"AWSTemplateFormatVersion: 2010-09-09\n{BUCKET}"}),
    "a list": json.dumps([{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}]),
    "an artifact list": json.dumps({"version": "1", "artifacts": {"a": {"type": "zip"}}}),
    "binary": "\x7fELF\x02\x01\x01",
}

ASSEMBLY = {
    "version": "36.0.0",
    "artifacts": {
        "Demo.assets": {"type": "cdk:asset-manifest"},
        "Demo": {
            "type": "aws:cloudformation:stack",
            "properties": {"templateFile": "Demo.template.json"},
            "metadata": {"/Demo/Resources": []},
        },
    },
}


@pytest.mark.parametrize("text", TEMPLATES.values(), ids=TEMPLATES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_templates(text: str, encoding: str) -> None:
    assert sniff(text.encode(encoding)) == "cloudformation"
    assert sniff(text.encode(encoding), "a.template") == "cloudformation"


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_everything_else(text: str, encoding: str) -> None:
    assert sniff(text.encode(encoding)) is None


@pytest.mark.parametrize("indent", [None, 1, 2])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_cloud_assembly(indent: int | None, encoding: str) -> None:
    assert sniff(json.dumps(ASSEMBLY, indent=indent).encode(encoding), "cdk.out/manifest.json") == "cdk"


def test_an_assembly_of_assemblies() -> None:
    stages = {"version": "36.0.0", "artifacts": {"assembly-Prod": {"type": "cdk:cloud-assembly"}}}
    assert sniff(json.dumps(stages).encode()) == "cdk"


@pytest.mark.parametrize("name", ["README.md", "test_it.py", "main.TF", "stack.ts"])
def test_source_code_and_prose_that_hold_a_template(name: str) -> None:
    assert sniff(BUCKET.encode(), name) is None


@pytest.mark.parametrize("name", ["", "a.yaml", "a.yml", "a.json", "a.template", "a.txt", "Makefile"])
def test_any_other_name(name: str) -> None:
    assert sniff(BUCKET.encode(), name) == "cloudformation"


@pytest.mark.parametrize("data", [b"\xff\xfe", b"\xff\xfe\x00", b"\0", b"\xff" * 10, b"{", b"\xef\xbb\xbf"])
def test_odd_bytes(data: bytes) -> None:
    assert sniff(data) is None


MODULE_FILES = ["main.tf", "x/main.tofu", "cdktf.out/stacks/a/cdk.tf.json", "a.tofu.json"]


@pytest.mark.parametrize("name", MODULE_FILES)
@pytest.mark.parametrize("text", ["", "locals {}", BUCKET, json.dumps({"resource": {}}), "\x7fELF"])
@pytest.mark.parametrize("named", [True, False])
def test_a_file_of_a_module_is_known_by_its_name(name: str, text: str, named: bool) -> None:
    assert sniff(text.encode(), name, named=named) == "terraform"


@pytest.mark.parametrize(
    "name", ["MAIN.TF", "main.tf.json.bak", "main.tf~", ".terraform.lock.hcl", "a.tfbackend"]
)
def test_names_that_terraform_does_not_take(name: str) -> None:
    assert sniff(b"locals {}", name) is None


@pytest.mark.parametrize(
    "name", ["prod.tfvars.json", "terraform.prod.tfvars", "my-terraform.tfvars", "auto.tfvars"]
)
def test_values_of_variables(name: str) -> None:
    assert sniff(b'resource "aws_s3_bucket" "a" {}', name) == "terraform-variables"
    assert sniff(b"", name, named=True) == "terraform-variables"


@pytest.mark.parametrize(
    "name",
    [
        "terraform.tfvars",
        "x/terraform.tfvars",
        "x/prod.auto.tfvars",
        "terraform.tfvars.json",
        "a.auto.tfvars.json",
    ],
)
def test_values_that_terraform_takes_by_itself(name: str) -> None:
    assert sniff(b'resource "aws_s3_bucket" "a" {}', name) == "terraform-values"
    assert sniff(b"", name, named=True) == "terraform-values"


HCL = {
    "a resource": 'resource "aws_s3_bucket" "a" {\n}\n',
    "below a comment": '# c\n\n  // d\nresource "aws_s3_bucket" "a" {}',
    "a data source": 'data "aws_iam_policy_document" "a" {}',
    "without quotes": "resource aws_s3_bucket a {}",
    "a module": 'locals { a = 1 }\r\nmodule "a" {\r\n  source = "./a"\r\n}',
    "JSON": '{"locals": {}, "resource": {"aws_s3_bucket": {"a": {}}}}',
    "a list in JSON": '{"resource":\n[ {"aws_s3_bucket": {"a": {}}} ]}',
}


@pytest.mark.parametrize("text", HCL.values(), ids=HCL)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_hcl_whose_name_says_nothing(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert sniff(data) == "terraform"
    assert sniff(data, "<stdin>", named=True) == "terraform"
    assert sniff(data, "bucket.txt", named=True) == "terraform"
    assert sniff(data, "bucket.txt") is None
    assert sniff(data, "README.md", named=True) is None


@pytest.mark.parametrize(
    "text",
    [
        'the resource "aws_s3_bucket" "a" {} is a bucket',
        'resource "google_storage_bucket" "a" {}',
        "module Foo {",
        'resource "aws_s3_bucket"',
        json.dumps({"Statement": [{"Resource": "aws_s3_bucket"}]}),
        json.dumps({"resource": "aws_s3_bucket"}),
    ],
)
def test_text_that_is_no_hcl(text: str) -> None:
    assert sniff(text.encode()) is None


def test_a_named_template_is_one_whatever_its_extension() -> None:
    assert sniff(BUCKET.encode(), "stack.py", named=True) == "cloudformation"
    assert sniff(BUCKET.encode(), "stack.py") is None


CHANGE = {
    "address": "aws_s3_bucket.a",
    "type": "aws_s3_bucket",
    "change": {"actions": ["create"], "after": {}},
}
PLAN = {
    "format_version": "1.2",
    "terraform_version": "1.11.4",
    "planned_values": {"root_module": {"resources": [{"address": "aws_s3_bucket.a", "values": {}}]}},
    "resource_changes": [CHANGE],
    "prior_state": {"format_version": "1.0", "terraform_version": "1.11.4", "values": {}},
    "configuration": {},
}
SHOWN = {"format_version": "1.0", "terraform_version": "1.11.4", "values": PLAN["planned_values"]}
STATE = {
    "version": 4,
    "terraform_version": "1.11.4",
    "serial": 1,
    "lineage": "4cd89443",
    "outputs": {},
    "resources": [{"mode": "managed", "type": "aws_s3_bucket", "name": "a", "instances": []}],
}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("is_sorted", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(("document", "kind"), [(PLAN, "plan"), (SHOWN, "state"), (STATE, "state")])
def test_plans_and_states(
    document: dict[str, object], kind: str, indent: int | None, is_sorted: bool, encoding: str
) -> None:
    data = json.dumps(document, indent=indent, sort_keys=is_sorted).encode(encoding)
    assert sniff(data) == sniff(data, "a.json") == sniff(data, "a.tfstate") == f"terraform-{kind}"
    assert sniff(data, "tfplan", named=True) == f"terraform-{kind}"


@pytest.mark.parametrize("document", [PLAN, SHOWN, STATE])
def test_a_plan_or_state_of_another_provider(document: dict[str, object]) -> None:
    data = json.dumps(document).replace("aws_", "google_").encode()
    assert sniff(data) is None
    # One that is named may be spoilt, which its reader says.
    kind = "plan" if document is PLAN else "state"
    assert sniff(data, "a.json", named=True) == f"terraform-{kind}"


@pytest.mark.parametrize(
    "document",
    [
        {"format_version": "1.0", "valid": True, "diagnostics": [{"address": "aws_s3_bucket.a"}]},
        {"format_version": "1.0", "provider_schemas": {"aws": {"resource_schemas": {"aws_s3_bucket": {}}}}},
        {"version": 1, "resources": [{"type": "aws_s3_bucket"}]},
        {"a": PLAN},
        {"outputs": {"a": {"value": "aws_s3_bucket"}}, "version": 2},
    ],
)
def test_other_json_of_terraform(document: dict[str, object]) -> None:
    assert sniff(json.dumps(document).encode()) is None


def test_a_plan_that_holds_a_template_is_a_plan() -> None:
    stack = {
        "address": "aws_cloudformation_stack.a",
        "values": {"template_body": json.dumps({"Resources": {}})},
    }
    data = json.dumps({**PLAN, "planned_values": {"root_module": {"resources": [stack]}}, "Resources": {}})
    assert sniff(data.encode(), "a.json") == "terraform-plan"


def test_what_is_quoted_in_a_state_makes_no_plan_of_it() -> None:
    values = {"root_module": {"resources": [{"values": {"body": json.dumps({"resource_changes": []})}}]}}
    assert sniff(json.dumps({**SHOWN, "values": values, "x": "aws_"}).encode()) == "terraform-state"


def test_a_plan_that_is_cut_off_is_still_one() -> None:
    data = json.dumps({**PLAN, "configuration": ["aws_s3_bucket"] * 1000}).encode()
    assert sniff(data[: len(data) // 2]) == "terraform-plan"


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, random.Random(1).randbytes(100))
    return buffer.getvalue()


def test_a_saved_plan() -> None:
    data = archive("tfplan", "tfstate", "tfstate-prev", "tfconfig/modules.json")
    assert sniff(data) == sniff(data, "out.plan", named=True) == "terraform-binary"
    assert sniff(archive("lambda.py", "tfplan")) is None
    assert sniff(data[:4]) is None


ENCRYPTED = {
    "serial": 1,
    "lineage": "4cd89443",
    "meta": {"key_provider.pbkdf2.mine": "eyJzYWx0IjoiIn0="},
    "encrypted_data": "Q2lwaGVydGV4dA==",
    "encryption_version": "v0",
}


@pytest.mark.parametrize("is_sorted", [True, False])
@pytest.mark.parametrize("left_out", [(), ("serial", "lineage")])
def test_an_encrypted_state_is_one_whatever_it_holds(left_out: tuple[str, ...], is_sorted: bool) -> None:
    document = {name: value for name, value in ENCRYPTED.items() if name not in left_out}
    data = json.dumps(document, sort_keys=is_sorted).encode()
    assert sniff(data, "terraform.tfstate") == sniff(data, "x", named=True) == "terraform-state"
    assert sniff(json.dumps({"meta": {}, "encrypted_data": "", "x": "aws_"}).encode()) is None


def test_the_messages_of_a_run_are_no_plan() -> None:
    lines = [
        {"@level": "info", "@message": "Terraform 1.11.4", "@module": "terraform.ui", "type": "version"},
        {"@level": "info", "change": {"resource": {"addr": "aws_s3_bucket.a"}}, "type": "planned_change"},
    ]
    for first in (0, 1):
        data = "\n".join(json.dumps(line) for line in lines[first:]).encode()
        assert sniff(data, "plan.json", named=True) == sniff(data) == "terraform-log"
        assert sniff(data.replace(b": ", b":").replace(b"terraform.ui", b"tofu.ui")) == "terraform-log"
    bare = {"@level": "info", "@message": "Terraform 1.11.4", "type": "version", "ui": "1.2"}
    assert sniff(json.dumps(bare).encode(), "plan.json", named=True) == "terraform-log"
    other = json.dumps({"@level": "info", "@module": "vault", "type": "version"})
    assert sniff(other.encode()) is None


CONFIGURATION = {
    "format_version": "1.0",
    "provider_config": {"aws": {"name": "aws"}},
    "root_module": {
        "resources": [
            {
                "address": "aws_s3_bucket.logs",
                "mode": "managed",
                "type": "aws_s3_bucket",
                "provider_config_key": "aws",
                "expressions": {"bucket": {"constant_value": "logs"}},
            }
        ],
        "module_calls": {"site": {"source": "./site"}},
    },
}


@pytest.mark.parametrize("left_out", [(), ("format_version",), ("provider_config",)])
def test_an_outline_of_the_source_is_no_plan_and_no_state(left_out: tuple[str, ...]) -> None:
    document: dict[str, object] = {name: part for name, part in CONFIGURATION.items() if name not in left_out}
    for extra in ({}, {"terraform_version": "1.11.0", "variables": {"values": {"type": "string"}}}):
        data = json.dumps(document | extra).encode()
        assert sniff(data) == sniff(data, "config.json") == "terraform-configuration"
    assert sniff(json.dumps(document).replace("aws_", "gcp_").encode()) is None


def test_a_plan_holds_such_an_outline_and_is_a_plan() -> None:
    document = {"format_version": "1.0", "planned_values": {}, "configuration": CONFIGURATION}
    assert sniff(json.dumps(document).encode()) == "terraform-plan"
