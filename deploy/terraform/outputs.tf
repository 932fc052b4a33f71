output "bucket" {
  description = "Where reports and snapshots are, below scans/."
  value       = aws_s3_bucket.results.id
}

output "project" {
  description = "For `aws codebuild start-build --project-name`."
  value       = aws_codebuild_project.scan.name
}

output "role_arn" {
  description = "Whom the role in the other accounts has to trust."
  value       = aws_iam_role.scan.arn
}

output "topic_arn" {
  description = "Where it is told when a scan fails or does not run."
  value       = aws_sns_topic.scans.arn
}
