# Must not change for ten years
resource "aws_s3_bucket" "invoices" {
  bucket              = "${local.prefix}-invoices"
  object_lock_enabled = true

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "invoices" {
  bucket = aws_s3_bucket.invoices.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.orders.arn
    }
  }
}

resource "aws_s3_bucket_versioning" "invoices" {
  bucket = aws_s3_bucket.invoices.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket" "ledger_exports" {
  bucket              = "${local.prefix}-ledger-exports"
  object_lock_enabled = true

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_object_lock_configuration" "ledger_exports" {
  bucket = aws_s3_bucket.ledger_exports.id

  rule {
    default_retention {
      mode  = "COMPLIANCE"
      years = 10
    }
  }
}

resource "aws_s3_bucket_versioning" "ledger_exports" {
  bucket = aws_s3_bucket.ledger_exports.id

  versioning_configuration {
    status = "Suspended"
  }
}

resource "aws_s3_bucket_logging" "ledger_exports" {
  bucket        = aws_s3_bucket.ledger_exports.id
  target_bucket = "${var.landing_zone}-central-logging"
  target_prefix = "${local.prefix}/ledger-exports/"
}

resource "aws_s3_bucket_policy" "ledger_exports" {
  bucket = aws_s3_bucket.ledger_exports.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "DenyPlainHttp"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = "${aws_s3_bucket.ledger_exports.arn}/*"
        Condition = {
          Bool = { "aws:SecureTransport" = "false" }
        }
      }
    ]
  })
}
