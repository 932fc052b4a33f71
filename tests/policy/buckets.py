"""Templates around one bucket, and who has access to it."""

from pathlib import Path

from s3audit import api
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.policy.access import Access, accesses

OPEN = "{RestrictPublicBuckets: false, BlockPublicPolicy: false, BlockPublicAcls: false, IgnorePublicAcls: false}"
SHUT = OPEN.replace("false", "true")
SHOP = f"""
  Shop:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {OPEN}
"""
POLICY = """
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Shop
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
"""
ALL = '[!GetAtt Shop.Arn, !Sub "${Shop.Arn}/*"]'


def policy(*statements: str) -> str:
    return POLICY + "".join(f"          - {{{one}}}\n" for one in statements)


def allow(who: str, action: str = "s3:GetObject", resource: str = ALL, more: str = "") -> str:
    return f"Effect: Allow, Principal: {who}, Action: {action}, Resource: {resource}{more and ', '}{more}"


def deny(who: str, action: str = "s3:GetObject", resource: str = ALL, more: str = "") -> str:
    return allow(who, action, resource, more).replace("Allow", "Deny", 1)


def read(tmp_path: Path, *parts: str, parameters: str = "") -> tuple[Bucket, Estate]:
    """The bucket Shop, and all that a template of these parts declares."""
    path = tmp_path / "template.yaml"
    path.write_text(f"{parameters}\nResources:" + "".join(parts))
    worlds, problems = api.worlds([str(path)], parameters={}, variables={})
    assert problems == []
    [world] = worlds
    [bucket] = [one for one in world.estate.all(Bucket) if one.title == "Shop"]
    return bucket, world.estate


def access(tmp_path: Path, *parts: str, parameters: str = "") -> list[Access]:
    return accesses(*read(tmp_path, *parts, parameters=parameters))


def sure(those: list[Access]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Who may do what, by which way; of what is certain."""
    assert [one.open for one in those if one.open] == []
    return {(one.who, one.how): one.can for one in those}
