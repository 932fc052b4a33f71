output "cdn_domain" {
  value = aws_cloudfront_distribution.shop.domain_name
}

output "uploads_bucket" {
  value = aws_s3_bucket.customer_uploads.id
}

output "orders_bucket_arn" {
  value = aws_s3_bucket.order_data.arn
}
