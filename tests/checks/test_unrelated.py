"""A verdict does not depend on what has nothing to do with it: other resources, their order, the number of files."""

from functools import cache
from pathlib import Path

import pytest

import s3audit
from s3audit.check import Check
from s3audit.collectors import cloudformation
from s3audit.collectors.documents.files import File
from s3audit.explain import is_account
from s3audit.finding import Finding
from s3audit.law import with_others
from s3audit.model.base import Resource
from s3audit.verdict import Status, Verdict
from tests.checks.examples import CHECKS, Example, examples_of
from tests.checks.test_law import OPTIONS, Scene, scenes

UNRELATED = """
Resources:
  ElsewhereStore:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: elsewhere-store
      Tags: [{Key: Owner, Value: elsewhere}]
      AccessControl: PublicRead
      CorsConfiguration:
        CorsRules: [{AllowedMethods: [PUT], AllowedOrigins: ["*"]}]
      LoggingConfiguration: {DestinationBucketName: elsewhere-logs}
      VersioningConfiguration: {Status: Suspended}
      LifecycleConfiguration:
        Rules: [{Status: Enabled, ExpirationInDays: 3}]
  ElsewhereLogs:
    Type: AWS::S3::Bucket
    Properties: {BucketName: elsewhere-logs}
  ElsewherePolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: elsewhere-store
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::elsewhere-store/*"}
  ElsewhereKey:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {AWS: "arn:aws:iam::777788889999:root"}, Action: "kms:*", Resource: "*"}
  ElsewhereRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: elsewhere-role
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}
      Policies:
        - PolicyName: read
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::elsewhere-store/*"}]
  ElsewhereTrail:
    Type: AWS::CloudTrail::Trail
    Properties:
      IsLogging: true
      S3BucketName: elsewhere-logs
      EventSelectors:
        - DataResources: [{Type: "AWS::S3::Object", Values: ["arn:aws:s3:::elsewhere-store/"]}]
  ElsewhereSite:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        DefaultCacheBehavior: {TargetOriginId: shop, ViewerProtocolPolicy: allow-all}
        Origins:
          - {Id: shop, DomainName: shop.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}
"""


@cache
def unrelated() -> tuple[Resource, ...]:
    (world,) = cloudformation.collect([File("elsewhere.yaml", UNRELATED.encode())], OPTIONS).worlds
    return world.estate.resources


def verdict(check: Check, scene: Scene, resources: tuple[Resource, ...]) -> Verdict:
    estate = with_others(scene.estate, resources)
    estate.expectations = scene.expectations
    judged = next((one for kind in check.subjects if (one := estate.at(scene.subject, kind))), None)
    assert judged is not None
    return check.judge(judged, estate) if check.wants_estate else check.judge(judged)


@pytest.mark.parametrize("check_id", CHECKS)
def test_other_resources_and_their_order_change_no_verdict(check_id: str) -> None:
    check = CHECKS[check_id]
    for scene in scenes(check_id):
        expected = verdict(check, scene, scene.resources)
        for what, resources in {
            "the other way round": scene.resources[::-1],
            "with others before": (*unrelated(), *scene.resources),
            "with others behind": (*scene.resources, *unrelated()),
        }.items():
            found = verdict(check, scene, resources)
            assert found.status is expected.status, f"{scene.subject} in {scene.example}, {what}"
            if (
                found.status is not Status.UNKNOWN
            ):  # a name that is not told may be that of another bucket too
                assert found == expected, f"{scene.subject} in {scene.example}, {what}"


def told(example: Example, folder: Path, others: bool) -> list[Finding]:
    """What the check says about the example, with other files before and behind it."""
    here = folder / "here"
    here.mkdir(exist_ok=True)
    (here / example.file).write_text(example.text, "utf-8")
    for name in ("a.yaml", "z.yaml") if others else ():
        (folder / name).write_text(UNRELATED, "utf-8")
    report = s3audit.scan([folder], select=[example.check], severity="info")
    assert len(report.inputs) == (3 if others else 1)
    return [finding for finding in report.findings if not finding.subject.name.startswith("Elsewhere")]


@pytest.mark.parametrize("check_id", CHECKS)
def test_other_files_change_no_finding(check_id: str, tmp_path: Path) -> None:
    failing = (one for one in examples_of(CHECKS[check_id]) if one.kind == "fails")
    example = next((one for one in failing if not is_account(one.text)), None)
    if example is None:
        pytest.skip("a live account is in no file")
    alone = told(example, tmp_path, others=False)
    assert alone
    assert told(example, tmp_path, others=True) == alone
