"""Policy documents that the AWS provider writes: read from a block, merged, and as text."""
