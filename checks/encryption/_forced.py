"""A policy that lets nobody upload with another encryption, and a default that is as the policy demands."""

CLOUDFORMATION = """
BucketPolicy:
  Type: AWS::S3::BucketPolicy
  Properties:
    Bucket: !Ref Bucket
    PolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Sid: OtherAlgorithm
          Effect: Deny
          Principal: "*"
          Action: s3:PutObject
          Resource: !Sub ${Bucket.Arn}/*
          Condition:
            "Null": {"s3:x-amz-server-side-encryption": "false"}
            StringNotEquals: {"s3:x-amz-server-side-encryption": aws:kms}
        - Sid: OtherKey
          Effect: Deny
          Principal: "*"
          Action: s3:PutObject
          Resource: !Sub ${Bucket.Arn}/*
          Condition:
            "Null": {"s3:x-amz-server-side-encryption": "false"}
            StringNotEquals:
              "s3:x-amz-server-side-encryption-aws-kms-key-id": !GetAtt Key.Arn
# As the policy demands it.
BucketEncryption:
  ServerSideEncryptionConfiguration:
    - BucketKeyEnabled: true
      BlockedEncryptionTypes:
        EncryptionType: [SSE-C]
      ServerSideEncryptionByDefault:
        SSEAlgorithm: aws:kms
        KMSMasterKeyID: !GetAtt Key.Arn
"""

TERRAFORM = """
data "aws_iam_policy_document" "encryption" {
  statement {
    sid       = "OtherAlgorithm"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.example.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Null"
      variable = "s3:x-amz-server-side-encryption"
      values   = ["false"]
    }
    condition {
      test     = "StringNotEquals"
      variable = "s3:x-amz-server-side-encryption"
      values   = ["aws:kms"]
    }
  }
  statement {
    sid       = "OtherKey"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.example.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Null"
      variable = "s3:x-amz-server-side-encryption"
      values   = ["false"]
    }
    condition {
      test     = "StringNotEquals"
      variable = "s3:x-amz-server-side-encryption-aws-kms-key-id"
      values   = [aws_kms_key.example.arn]
    }
  }
}

resource "aws_s3_bucket_policy" "example" {
  bucket = aws_s3_bucket.example.id
  policy = data.aws_iam_policy_document.encryption.json
}

# As the policy demands it.
resource "aws_s3_bucket_server_side_encryption_configuration" "example" {
  bucket = aws_s3_bucket.example.id
  rule {
    bucket_key_enabled       = true
    blocked_encryption_types = ["SSE-C"]
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.example.arn
    }
  }
}
"""
