locals {
  replicated = [aws_s3_bucket.backups.arn, aws_s3_bucket.order_data.arn]
}

data "aws_iam_policy_document" "replication_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "replication" {
  name               = "${local.prefix}-replication"
  assume_role_policy = data.aws_iam_policy_document.replication_trust.json
}

data "aws_iam_policy_document" "replication" {
  statement {
    actions   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
    resources = local.replicated
  }

  statement {
    actions = [
      "s3:GetObjectVersionForReplication",
      "s3:GetObjectVersionAcl",
      "s3:GetObjectVersionTagging",
    ]
    resources = formatlist("%s/*", local.replicated)
  }

  statement {
    actions   = ["s3:ReplicateObject", "s3:ReplicateTags"]
    resources = ["${aws_s3_bucket.backups_copy.arn}/*", "${local.orders_dr.bucket}/*"]
  }

  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.orders.arn]
  }

  statement {
    actions   = ["kms:Encrypt"]
    resources = ["arn:${local.partition}:kms:eu-central-1:${local.account}:key/*"]

    condition {
      test     = "StringEquals"
      variable = "kms:ResourceAliases"
      values   = ["alias/orders-dr"]
    }
  }
}

resource "aws_iam_role_policy" "replication" {
  name   = "replication"
  role   = aws_iam_role.replication.id
  policy = data.aws_iam_policy_document.replication.json
}
