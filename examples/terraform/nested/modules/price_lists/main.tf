# Harbour Tea wholesale: price lists.

resource "aws_s3_bucket" "price_lists" {
  bucket = "harbour-tea-wholesale-${var.environment}-price-lists"
}

resource "aws_s3_bucket_public_access_block" "price_lists" {
  bucket                  = aws_s3_bucket.price_lists.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "price_lists" {
  bucket = aws_s3_bucket.price_lists.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_logging" "price_lists" {
  bucket        = aws_s3_bucket.price_lists.id
  target_bucket = var.log_bucket
  target_prefix = "price-lists/"
}

resource "aws_s3_bucket_policy" "price_lists" {
  bucket = aws_s3_bucket.price_lists.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "DenyPlainHttp"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource = [
          aws_s3_bucket.price_lists.arn,
          "${aws_s3_bucket.price_lists.arn}/*",
        ]
        Condition = {
          Bool = { "aws:SecureTransport" = "false" }
        }
      }
    ]
  })
}
