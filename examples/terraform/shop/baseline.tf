# What most buckets have in common.

locals {
  private = {
    product_images   = aws_s3_bucket.product_images
    customer_uploads = aws_s3_bucket.customer_uploads
    order_data       = aws_s3_bucket.order_data
    invoices         = aws_s3_bucket.invoices
    ledger_exports   = aws_s3_bucket.ledger_exports
    backups_copy     = aws_s3_bucket.backups_copy
    access_logs      = aws_s3_bucket.access_logs
    audit_logs       = aws_s3_bucket.audit_logs
    deployments      = aws_s3_bucket.deployments
  }

  logged = {
    product-images = aws_s3_bucket.product_images.id
    uploads        = aws_s3_bucket.customer_uploads.id
    invoices       = aws_s3_bucket.invoices.id
    backups        = aws_s3_bucket.backups.id
    backups-copy   = aws_s3_bucket.backups_copy.id
    deployments    = aws_s3_bucket.deployments.id
  }

  tls_only = {
    customer_uploads = aws_s3_bucket.customer_uploads
    invoices         = aws_s3_bucket.invoices
    backups          = aws_s3_bucket.backups
    backups_copy     = aws_s3_bucket.backups_copy
    deployments      = aws_s3_bucket.deployments
  }

  # These have a policy of their own, with this one in it.
  tls_and_more = {
    order_data  = aws_s3_bucket.order_data
    access_logs = aws_s3_bucket.access_logs
    audit_logs  = aws_s3_bucket.audit_logs
  }
}

resource "aws_s3_bucket_public_access_block" "private" {
  for_each = local.private

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_logging" "access_logs" {
  for_each = local.logged

  bucket        = each.value
  target_bucket = aws_s3_bucket.access_logs.id
  target_prefix = "${each.key}/"
}

data "aws_iam_policy_document" "tls_only" {
  for_each = merge(local.tls_only, local.tls_and_more)

  statement {
    sid       = "DenyPlainHttp"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [each.value.arn, "${each.value.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "tls_only" {
  for_each = local.tls_only

  bucket = each.value.id
  policy = data.aws_iam_policy_document.tls_only[each.key].json
}
