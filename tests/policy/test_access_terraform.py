"""The same of Terraform, where neighbours are named by other attributes."""

from pathlib import Path

from s3audit import api
from s3audit.model.bucket import Bucket
from s3audit.policy.access import accesses, public_read
from s3audit.verdict import Status
from tests.policy.buckets import sure

MODULE = """
data "aws_caller_identity" "me" {}
data "aws_partition" "here" {}

resource "aws_s3_bucket" "shop" {
  bucket = "shop"
}

resource "aws_s3_bucket_public_access_block" "shop" {
  bucket = aws_s3_bucket.shop.id
}

resource "aws_s3_access_point" "point" {
  bucket = aws_s3_bucket.shop.id
  name   = "point"
}

resource "aws_s3control_access_point_policy" "point" {
  access_point_arn = aws_s3_access_point.point.arn
  policy = jsonencode({ Statement = [{
    Effect    = "Allow"
    Principal = { AWS = "444455556666" }
    Action    = "s3:PutObject"
    Resource  = "${aws_s3_access_point.point.arn}/object/*"
  }] })
}

resource "aws_cloudfront_origin_access_identity" "reader" {}

resource "aws_cloudfront_distribution" "cdn" {
  enabled = true
  origin {
    origin_id   = "shop"
    domain_name = aws_s3_bucket.shop.bucket_regional_domain_name
    s3_origin_config {
      origin_access_identity = aws_cloudfront_origin_access_identity.reader.cloudfront_access_identity_path
    }
  }
  default_cache_behavior {
    target_origin_id       = "shop"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
    cloudfront_default_certificate = true
  }
}

resource "aws_s3_bucket_policy" "shop" {
  bucket = aws_s3_bucket.shop.id
  policy = jsonencode({ Statement = [
    {
      Effect    = "Allow"
      Principal = { AWS = aws_cloudfront_origin_access_identity.reader.iam_arn }
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.shop.arn}/*"
    },
    {
      Effect    = "Allow"
      Principal = "*"
      Action    = "*"
      Resource  = "${aws_s3_bucket.shop.arn}/*"
      Condition = { StringEquals = { "s3:DataAccessPointAccount" = data.aws_caller_identity.me.account_id } }
    },
  ] })
}

resource "aws_iam_role" "etl" {
  name               = "etl"
  assume_role_policy = jsonencode({ Statement = [] })
}

resource "aws_iam_role_policy" "etl" {
  role = aws_iam_role.etl.id
  policy = jsonencode({ Statement = [{
    Effect   = "Allow"
    Action   = "s3:ListBucket"
    Resource = "arn:${data.aws_partition.here.partition}:s3:::shop"
  }] })
}
"""


def test_a_module(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(MODULE)
    [world] = api.worlds([str(tmp_path)], parameters={}, variables={})[0]
    [bucket] = world.estate.all(Bucket)
    reader = "aws_cloudfront_origin_access_identity.reader"
    cdn = "the distribution aws_cloudfront_distribution.cdn"
    assert sure(accesses(bucket, world.estate)) == {
        (f"the origin access identity {reader}", "the bucket policy"): ("read",),
        ("the account 444455556666", "the access point aws_s3_access_point.point"): ("write",),
        (f"whoever may reach {cdn}", f"{cdn}, which reads as the origin access identity {reader}"): ("read",),
        ("the role aws_iam_role.etl", "policies of its own"): ("list",),
    }
    assert public_read(bucket, world.estate).status is Status.FAIL
