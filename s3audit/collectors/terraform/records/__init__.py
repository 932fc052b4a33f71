"""What Terraform wrote down itself, as JSON: plans and states."""
