# The role by which s3audit 0.1.0 reads how S3 is set up in an account. It can change nothing.
# Written by `s3audit iam-policy -f terraform`; make it anew for another version of s3audit.

variable "role_name" {
  description = "The name of the role."
  type        = string
  default     = "s3audit"
}

variable "trusted_principal" {
  description = "Who may take the role: the id of an account, or the ARN of a role or user."
  type        = string
}

variable "external_id" {
  description = "What whoever takes the role has to say; empty for nothing."
  type        = string
  default     = ""
}

variable "permissions_boundary" {
  description = "The ARN of the policy that bounds the role; empty for none."
  type        = string
  default     = ""
}

data "aws_partition" "current" {}

data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = [var.trusted_principal]
    }

    dynamic "condition" {
      for_each = var.external_id == "" ? [] : [var.external_id]

      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [condition.value]
      }
    }
  }
}

data "aws_iam_policy_document" "read" {
  statement {
    sid = "FindBuckets"

    actions = [
      "account:ListRegions",
      "ec2:DescribeRegions",
      "s3:ListAllMyBuckets",
      "s3express:ListAllMyDirectoryBuckets",
    ]

    resources = ["*"]
  }

  statement {
    sid = "ReadBuckets"

    actions = [
      "s3:GetAccelerateConfiguration",
      "s3:GetAnalyticsConfiguration",
      "s3:GetBucketAbac",
      "s3:GetBucketAcl",
      "s3:GetBucketCORS",
      "s3:GetBucketLogging",
      "s3:GetBucketMetadataTableConfiguration",
      "s3:GetBucketNotification",
      "s3:GetBucketObjectLockConfiguration",
      "s3:GetBucketOwnershipControls",
      "s3:GetBucketPolicy",
      "s3:GetBucketPolicyStatus",
      "s3:GetBucketPublicAccessBlock",
      "s3:GetBucketRequestPayment",
      "s3:GetBucketTagging",
      "s3:GetBucketVersioning",
      "s3:GetBucketWebsite",
      "s3:GetEncryptionConfiguration",
      "s3:GetIntelligentTieringConfiguration",
      "s3:GetInventoryConfiguration",
      "s3:GetLifecycleConfiguration",
      "s3:GetMetricsConfiguration",
      "s3:GetReplicationConfiguration",
    ]

    resources = ["arn:${data.aws_partition.current.partition}:s3:::*"]
  }

  statement {
    sid = "ReadDirectoryBuckets"

    actions = [
      "s3express:GetBucketPolicy",
      "s3express:GetEncryptionConfiguration",
      "s3express:GetInventoryConfiguration",
      "s3express:GetLifecycleConfiguration",
      "s3express:GetMetricsConfiguration",
      "s3express:ListTagsForResource",
    ]

    resources = ["arn:${data.aws_partition.current.partition}:s3express:*:${data.aws_caller_identity.current.account_id}:bucket/*"]
  }

  statement {
    sid = "FindNamedBuckets"

    actions = ["s3:ListBucket"]

    resources = ["arn:${data.aws_partition.current.partition}:s3:::*"]
  }

  statement {
    sid = "FindPredictableNames"

    actions = ["s3:ListBucket"]

    resources = ["arn:${data.aws_partition.current.partition}:s3:::*"]
  }

  statement {
    sid = "ReadAccount"

    actions = [
      "account:GetAccountInformation",
      "organizations:DescribeEffectivePolicy",
      "organizations:DescribeOrganization",
      "s3:GetAccountPublicAccessBlock",
    ]

    resources = ["*"]
  }

  statement {
    sid = "ReadAccessPoints"

    actions = [
      "s3:GetAccessPoint",
      "s3:GetAccessPointConfigurationForObjectLambda",
      "s3:GetAccessPointForObjectLambda",
      "s3:GetAccessPointPolicy",
      "s3:GetAccessPointPolicyForObjectLambda",
      "s3:GetAccessPointPolicyStatus",
      "s3:GetAccessPointPolicyStatusForObjectLambda",
      "s3:GetMultiRegionAccessPointPolicy",
      "s3:GetMultiRegionAccessPointPolicyStatus",
      "s3:GetMultiRegionAccessPointRoutes",
      "s3:ListAccessPoints",
      "s3:ListAccessPointsForObjectLambda",
      "s3:ListMultiRegionAccessPoints",
      "s3:ListTagsForResource",
      "s3express:GetAccessPoint",
      "s3express:GetAccessPointPolicy",
      "s3express:GetAccessPointScope",
      "s3express:ListAccessPointsForDirectoryBuckets",
      "s3express:ListTagsForResource",
    ]

    resources = ["*"]
  }

  statement {
    sid = "ReadAccessGrants"

    actions = [
      "s3:GetAccessGrantsInstanceResourcePolicy",
      "s3:ListAccessGrants",
      "s3:ListAccessGrantsInstances",
      "s3:ListAccessGrantsLocations",
      "s3:ListTagsForResource",
    ]

    resources = ["*"]
  }

  statement {
    sid = "ReadStorageLens"

    actions = [
      "s3:GetStorageLensConfiguration",
      "s3:GetStorageLensConfigurationTagging",
      "s3:ListStorageLensConfigurations",
      "s3:ListStorageLensGroups",
      "s3:ListTagsForResource",
    ]

    resources = ["*"]
  }

  statement {
    sid = "ReadBatchJobs"

    actions = [
      "s3:DescribeJob",
      "s3:ListJobs",
    ]

    resources = ["*"]
  }

  statement {
    sid = "ReadTableBuckets"

    actions = [
      "s3tables:GetTable",
      "s3tables:GetTableBucket",
      "s3tables:GetTableBucketEncryption",
      "s3tables:GetTableBucketMaintenanceConfiguration",
      "s3tables:GetTableBucketMetricsConfiguration",
      "s3tables:GetTableBucketPolicy",
      "s3tables:GetTableBucketReplication",
      "s3tables:GetTableBucketStorageClass",
      "s3tables:GetTableEncryption",
      "s3tables:GetTableMaintenanceConfiguration",
      "s3tables:GetTablePolicy",
      "s3tables:GetTableRecordExpirationConfiguration",
      "s3tables:GetTableReplication",
      "s3tables:GetTableStorageClass",
      "s3tables:ListNamespaces",
      "s3tables:ListTableBuckets",
      "s3tables:ListTables",
      "s3tables:ListTagsForResource",
    ]

    resources = ["*"]
  }

  statement {
    sid = "ReadVectorBuckets"

    actions = [
      "s3vectors:GetIndex",
      "s3vectors:GetVectorBucket",
      "s3vectors:GetVectorBucketPolicy",
      "s3vectors:ListIndexes",
      "s3vectors:ListTagsForResource",
      "s3vectors:ListVectorBuckets",
    ]

    resources = ["*"]
  }

  statement {
    sid = "ReadFileSystems"

    actions = [
      "s3files:GetAccessPoint",
      "s3files:GetFileSystem",
      "s3files:GetFileSystemPolicy",
      "s3files:GetMountTarget",
      "s3files:ListAccessPoints",
      "s3files:ListFileSystems",
      "s3files:ListMountTargets",
    ]

    resources = ["*"]
  }

  statement {
    sid = "ReadKeys"

    actions = [
      "kms:DescribeKey",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
    ]

    resources = ["arn:${data.aws_partition.current.partition}:kms:*:*:key/*"]
  }

  statement {
    sid = "ListKeyAliases"

    actions = ["kms:ListAliases"]

    resources = ["*"]
  }

  statement {
    sid = "ReadRoles"

    actions = [
      "iam:GetPolicy",
      "iam:GetPolicyVersion",
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:ListRolePolicies",
    ]

    resources = [
      "arn:${data.aws_partition.current.partition}:iam::*:policy/*",
      "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role/*",
    ]
  }

  statement {
    sid = "ReadTrails"

    actions = [
      "cloudtrail:DescribeTrails",
      "cloudtrail:GetEventDataStore",
      "cloudtrail:GetEventSelectors",
      "cloudtrail:GetInsightSelectors",
      "cloudtrail:GetTrailStatus",
      "cloudtrail:ListEventDataStores",
    ]

    resources = ["*"]
  }

  statement {
    sid = "ReadAlarms"

    actions = [
      "cloudwatch:DescribeAlarms",
      "events:ListEventBuses",
      "events:ListRules",
      "events:ListTargetsByRule",
      "logs:DescribeMetricFilters",
    ]

    resources = ["*"]
  }

  statement {
    sid = "ReadDistributions"

    actions = [
      "cloudfront:GetDistributionConfig",
      "cloudfront:ListCloudFrontOriginAccessIdentities",
      "cloudfront:ListDistributions",
      "cloudfront:ListOriginAccessControls",
    ]

    resources = ["*"]
  }

  statement {
    sid = "ReadEndpoints"

    actions = [
      "ec2:DescribeRouteTables",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:DescribeVpcEndpoints",
      "ec2:DescribeVpcs",
    ]

    resources = ["*"]
  }

  statement {
    sid = "ReadDnsRecords"

    actions = ["route53:ListResourceRecordSets"]

    resources = ["arn:${data.aws_partition.current.partition}:route53:::hostedzone/*"]
  }

  statement {
    sid = "ListHostedZones"

    actions = ["route53:ListHostedZones"]

    resources = ["*"]
  }

  statement {
    sid = "ReadLoadBalancers"

    actions = [
      "elasticloadbalancing:DescribeLoadBalancerAttributes",
      "elasticloadbalancing:DescribeLoadBalancers",
    ]

    resources = ["*"]
  }

  statement {
    sid = "ReadTargets"

    actions = [
      "lambda:GetFunctionRecursionConfig",
      "lambda:GetPolicy",
      "sns:GetTopicAttributes",
      "sns:ListSubscriptionsByTopic",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
    ]

    resources = [
      "arn:${data.aws_partition.current.partition}:lambda:*:*:function:*",
      "arn:${data.aws_partition.current.partition}:sns:*:*:*",
      "arn:${data.aws_partition.current.partition}:sqs:*:*:*",
    ]
  }

  statement {
    sid = "ListEventSources"

    actions = ["lambda:ListEventSourceMappings"]

    resources = ["*"]
  }

  statement {
    sid = "ReadVaults"

    actions = [
      "glacier:GetVaultAccessPolicy",
      "glacier:GetVaultLock",
      "glacier:GetVaultNotifications",
    ]

    resources = ["arn:${data.aws_partition.current.partition}:glacier:*:${data.aws_caller_identity.current.account_id}:vaults/*"]
  }

  statement {
    sid = "ListVaults"

    actions = ["glacier:ListVaults"]

    resources = ["*"]
  }

  statement {
    sid = "ReadWatchers"

    actions = [
      "access-analyzer:ListAnalyzers",
      "guardduty:GetDetector",
      "guardduty:GetMalwareProtectionPlan",
      "guardduty:ListDetectors",
      "guardduty:ListMalwareProtectionPlans",
      "macie2:GetAutomatedDiscoveryConfiguration",
      "macie2:GetMacieSession",
      "macie2:ListClassificationJobs",
    ]

    resources = ["*"]
  }

  statement {
    sid = "ReadBackups"

    actions = [
      "backup:GetBackupPlan",
      "backup:GetBackupSelection",
      "backup:ListBackupPlans",
      "backup:ListBackupSelections",
    ]

    resources = ["*"]
  }
}

resource "aws_iam_role" "s3audit" {
  name                 = var.role_name
  description          = "s3audit reads by this role how S3 is set up; it can change nothing."
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = var.permissions_boundary == "" ? null : var.permissions_boundary
}

resource "aws_iam_role_policy" "s3audit" {
  name   = "s3audit"
  role   = aws_iam_role.s3audit.id
  policy = data.aws_iam_policy_document.read.json
}

output "role_arn" {
  description = "For `s3audit live --assume-role`."
  value       = aws_iam_role.s3audit.arn
}
