"""Makes Terraform modules and plans to measure with: such as people write, and the same for the same number.

python benchmarks/terraform_corpus.py FOLDER [COUNT]
"""

import json
import sys
from pathlib import Path
from random import Random
from typing import Any

SIZE = 7_100
NEARLY = 450
"""Half a piece: with it the modules are of this size in the mean."""
WORDS = [
    "audit",
    "billing",
    "catalog",
    "customer",
    "events",
    "media",
    "orders",
    "search",
    "uploads",
    "exports",
]

HEAD = """\
terraform {{
  required_version = ">= 1.5"
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }}
  }}
}}

variable "environment" {{
  type    = string
  default = "prod"
}}

variable "cidr" {{
  type    = string
  default = "10.{number}.0.0/16"
}}

locals {{
  name = "shop-${{var.environment}}-{name}"
  tags = merge({{ Service = "{name}" }}, {{ Environment = var.environment, Owner = "team-{number}" }})
}}

data "aws_caller_identity" "current" {{}}

data "aws_region" "current" {{}}
"""

BUCKET = """
resource "aws_s3_bucket" "{name}" {{
  bucket        = "${{local.name}}-{name}"
  force_destroy = var.environment != "prod"
  tags          = local.tags
}}

resource "aws_s3_bucket_versioning" "{name}" {{
  bucket = aws_s3_bucket.{name}.id
  versioning_configuration {{
    status = "{versioning}"
  }}
}}

resource "aws_s3_bucket_server_side_encryption_configuration" "{name}" {{
  bucket = aws_s3_bucket.{name}.id
  rule {{
    apply_server_side_encryption_by_default {{
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this.arn
    }}
    bucket_key_enabled = true
  }}
}}

resource "aws_s3_bucket_public_access_block" "{name}" {{
  bucket                  = aws_s3_bucket.{name}.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = {restrict}
}}

resource "aws_s3_bucket_lifecycle_configuration" "{name}" {{
  bucket = aws_s3_bucket.{name}.id
  rule {{
    id     = "old-versions"
    status = "Enabled"
    filter {{}}
    noncurrent_version_expiration {{
      noncurrent_days = {days}
    }}
    abort_incomplete_multipart_upload {{
      days_after_initiation = 7
    }}
  }}
}}

data "aws_iam_policy_document" "{name}" {{
  statement {{
    sid       = "OnlyTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.{name}.arn, "${{aws_s3_bucket.{name}.arn}}/*"]
    principals {{
      type        = "*"
      identifiers = ["*"]
    }}
    condition {{
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }}
  }}
}}

resource "aws_s3_bucket_policy" "{name}" {{
  bucket = aws_s3_bucket.{name}.id
  policy = data.aws_iam_policy_document.{name}.json
}}
"""

KEY = """
resource "aws_kms_key" "this" {
  description             = "${local.name} objects"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  tags                    = local.tags
}
"""

OTHERS = [
    """
resource "aws_security_group" "{name}" {{
  name   = "${{local.name}}-{name}"
  vpc_id = aws_vpc.this.id

  ingress {{
    description = "from the load balancer"
    from_port   = {port}
    to_port     = {port}
    protocol    = "tcp"
    cidr_blocks = [cidrsubnet(var.cidr, 8, {number})]
  }}

  egress {{
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }}

  tags = local.tags
}}
""",
    """
resource "aws_ecs_service" "{name}" {{
  name            = "${{local.name}}-{name}"
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.{name}.arn
  desired_count   = var.environment == "prod" ? 3 : 1
  launch_type     = "FARGATE"

  network_configuration {{
    subnets         = [for subnet in aws_subnet.private : subnet.id]
    security_groups = [aws_security_group.{name}.id]
  }}

  load_balancer {{
    target_group_arn = aws_lb_target_group.{name}.arn
    container_name   = "{name}"
    container_port   = {port}
  }}
}}

resource "aws_ecs_task_definition" "{name}" {{
  family                   = "${{local.name}}-{name}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  container_definitions = jsonencode([{{
    name         = "{name}"
    image        = "${{data.aws_caller_identity.current.account_id}}.dkr.ecr.eu-west-1.amazonaws.com/{name}:latest"
    essential    = true
    portMappings = [{{ containerPort = {port}, protocol = "tcp" }}]
    environment = [
      {{ name = "ENVIRONMENT", value = var.environment }},
      {{ name = "REGION", value = data.aws_region.current.name }},
    ]
  }}])
}}
""",
    """
resource "aws_iam_role" "{name}" {{
  name = "${{local.name}}-{name}"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ Service = "ecs-tasks.amazonaws.com" }}
    }}]
  }})
  tags = local.tags
}}

resource "aws_cloudwatch_log_group" "{name}" {{
  name              = "/ecs/${{local.name}}-{name}"
  retention_in_days = {days}
  tags              = local.tags
}}
""",
]


def module(number: int, buckets: int = 1) -> str:
    """A module of about SIZE bytes: buckets with what belongs to them, and what else a service needs.

    One bucket is what the templates have for as many bytes, two are a module that is storage above all.
    """
    random = Random(number)
    names = random.sample(WORDS, 6)
    pieces = [HEAD.format(number=number % 200, name=names[0]), KEY]
    pieces += [BUCKET.format(name=name, **_varied(random)) for name in names[:buckets]]
    size = sum(map(len, pieces))
    turn = 0
    while size < SIZE - NEARLY:
        name = f"{names[2 + turn % 4]}_{turn}"
        piece = random.choice(OTHERS).format(name=name, number=turn, port=random.randint(3000, 9000), days=30)
        pieces.append(piece)
        size += len(piece)
        turn += 1
    return "".join(pieces)


def _varied(random: Random) -> dict[str, object]:
    return {
        "versioning": random.choice(["Enabled", "Enabled", "Suspended"]),
        "restrict": random.choice(["true", "true", "false"]),
        "days": random.choice([30, 90, 365]),
    }


def plan(buckets: int) -> dict[str, Any]:
    """A plan that makes so many buckets, each with its versioning, encryption, block and policy."""
    resources: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    written: list[dict[str, Any]] = []
    for index in range(buckets):
        name = f"bucket_{index}"
        for kind, values, unknown, expressions in _planned(name, index):
            address = f"{kind}.{name}"
            shared = {"address": address, "mode": "managed", "type": kind, "name": name}
            provider = "registry.terraform.io/hashicorp/aws"
            resources.append(
                {
                    **shared,
                    "provider_name": provider,
                    "schema_version": 0,
                    "values": values,
                    "sensitive_values": {},
                }
            )
            change: dict[str, Any] = {
                "actions": ["create"],
                "before": None,
                "after": values,
                "after_unknown": unknown,
                "before_sensitive": False,
                "after_sensitive": {"tags": {}, "tags_all": {}},
            }
            changes.append({**shared, "provider_name": provider, "change": change})
            written.append(
                {**shared, "provider_config_key": "aws", "expressions": expressions, "schema_version": 0}
            )
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": changes,
        "configuration": {
            "provider_config": {"aws": {"name": "aws"}},
            "root_module": {"resources": written},
        },
    }


def _planned(name: str, index: int) -> list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]]:
    reference = {"references": [f"aws_s3_bucket.{name}.id", f"aws_s3_bucket.{name}"]}
    tags = {"Service": f"service-{index % 50}", "Environment": "prod", "Owner": "team-storage"}
    computed = (
        "acceleration_status acl arn bucket_domain_name bucket_prefix bucket_regional_domain_name cors_rule grant"
        " hosted_zone_id id lifecycle_rule logging object_lock_configuration object_lock_enabled policy region"
        " replication_configuration request_payer server_side_encryption_configuration versioning website"
        " website_domain website_endpoint"
    )
    bucket = {
        "bucket": f"shop-{name.replace('_', '-')}",
        "force_destroy": False,
        "tags": tags,
        "tags_all": tags,
        "timeouts": None,
    }
    statement = {
        "Sid": "OnlyTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket['bucket']}", f"arn:aws:s3:::{bucket['bucket']}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    status = "Suspended" if index % 7 == 0 else "Enabled"
    return [
        (
            "aws_s3_bucket",
            bucket,
            {**dict.fromkeys(computed.split(), True), "tags": {}, "tags_all": {}},
            {"bucket": {"constant_value": bucket["bucket"]}, "tags": {"constant_value": tags}},
        ),
        (
            "aws_s3_bucket_versioning",
            {
                "expected_bucket_owner": None,
                "mfa": None,
                "versioning_configuration": [{"status": status}],
            },
            {"bucket": True, "id": True, "versioning_configuration": [{"mfa_delete": True}]},
            {"bucket": reference, "versioning_configuration": [{"status": {"constant_value": status}}]},
        ),
        (
            "aws_s3_bucket_server_side_encryption_configuration",
            {
                "expected_bucket_owner": None,
                "rule": [
                    {
                        "apply_server_side_encryption_by_default": [
                            {"kms_master_key_id": "", "sse_algorithm": "aws:kms"}
                        ],
                        "bucket_key_enabled": True,
                    }
                ],
            },
            {"bucket": True, "id": True, "rule": [{"apply_server_side_encryption_by_default": [{}]}]},
            {"bucket": reference, "rule": [{"bucket_key_enabled": {"constant_value": True}}]},
        ),
        (
            "aws_s3_bucket_public_access_block",
            {
                "block_public_acls": True,
                "block_public_policy": True,
                "ignore_public_acls": True,
                "restrict_public_buckets": index % 5 != 0,
            },
            {"bucket": True, "id": True},
            {"bucket": reference, "block_public_acls": {"constant_value": True}},
        ),
        (
            "aws_s3_bucket_policy",
            {"policy": document},
            {"bucket": True, "id": True},
            {"bucket": reference, "policy": {}},
        ),
    ]


def write(folder: Path, count: int) -> None:
    for number in range(count):
        for name, buckets in (("hcl", 1), ("hcl-dense", 2)):
            place = folder / name / f"service{number:03}"
            place.mkdir(parents=True, exist_ok=True)
            (place / "main.tf").write_text(module(number, buckets), "utf-8")
    for buckets in (200, 2_000):
        (folder / f"plan-{buckets}.json").write_text(
            json.dumps(plan(buckets), separators=(",", ":")), "utf-8"
        )


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 300)
