"""Which files may be for us, from their bytes alone."""

import json

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
