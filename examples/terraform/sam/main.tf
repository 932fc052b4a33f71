# Scans delivery notes that suppliers upload.

locals {
  prefix = "harbour-tea-${var.stage}"
}

resource "aws_s3_bucket" "delivery_notes" {
  bucket = "${local.prefix}-delivery-notes"
}

resource "aws_s3_bucket_public_access_block" "delivery_notes" {
  bucket                  = aws_s3_bucket.delivery_notes.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "delivery_notes" {
  bucket = aws_s3_bucket.delivery_notes.id

  versioning_configuration {
    status = var.stage == "prod" ? "Enabled" : "Suspended"
  }
}

resource "aws_s3_bucket_logging" "delivery_notes" {
  bucket        = aws_s3_bucket.delivery_notes.id
  target_bucket = aws_s3_bucket.delivery_notes.id
  target_prefix = "logs/"
}

resource "aws_s3_bucket_cors_configuration" "delivery_notes" {
  bucket = aws_s3_bucket.delivery_notes.id

  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = ["*"]
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "delivery_notes" {
  bucket = aws_s3_bucket.delivery_notes.id

  rule {
    id     = "scanned"
    status = "Enabled"

    filter {
      prefix = "scanned/"
    }

    expiration {
      days = var.retention_days
    }
  }
}

resource "aws_s3_bucket_notification" "delivery_notes" {
  bucket = aws_s3_bucket.delivery_notes.id

  lambda_function {
    lambda_function_arn = aws_lambda_function.scan.arn
    events              = ["s3:ObjectCreated:*"]
    filter_suffix       = ".pdf"
  }

  depends_on = [aws_lambda_permission.scan]
}

resource "aws_dynamodb_table" "deliveries" {
  name         = "${local.prefix}-deliveries"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

output "delivery_notes" {
  value = aws_s3_bucket.delivery_notes.id
}
