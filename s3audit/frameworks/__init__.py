"""External standards: what they ask of S3, which checks answer it, and what a report says of each requirement."""
