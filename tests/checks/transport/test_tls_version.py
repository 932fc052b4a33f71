"""A floor of TLS 1.3 shuts out what does not speak it."""

from pathlib import Path

import pytest

import s3audit

TEMPLATE = """
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties: {BucketName: shop-orders}
  Everywhere:
    Type: AWS::S3::MultiRegionAccessPoint
    Properties:
      Regions: [{Bucket: !Ref Orders}]
"""


@pytest.mark.parametrize(("floor", "notes"), [("1.2", 1), ("1.3", 2)])
def test_a_multi_region_access_point_is_named(floor: str, notes: int, tmp_path: Path) -> None:
    file, config = tmp_path / "orders.yaml", tmp_path / ".s3audit.toml"
    file.write_text(TEMPLATE, encoding="utf-8")
    config.write_text(f'[[expect]]\nname = "shop-*"\nminimum_tls = "{floor}"\n', encoding="utf-8")
    report = s3audit.scan([file], select=["transport-tls-version"], severity="info", config=config)
    (finding,) = report.findings
    assert finding.status == "fail"
    told = [one.note for one in finding.evidence]
    assert len(told) == notes
    assert ("a multi-Region access point of it speaks no TLS 1.3" in told) == (floor == "1.3")
