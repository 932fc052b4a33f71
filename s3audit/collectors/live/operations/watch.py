"""The calls that tell which services watch S3: GuardDuty, Macie, IAM Access Analyzer."""

from s3audit.collectors.live.offered import NOT_OFFERED
from s3audit.collectors.live.operations.base import Operation, Pages

DETECTORS = Operation(
    service="guardduty",
    name="ListDetectors",
    action="guardduty:ListDetectors",
    tells="whether GuardDuty is on",
    has=("DetectorIds",),
    pages=Pages(("DetectorIds",), "NextToken", "NextToken"),
)
DETECTOR = Operation(
    service="guardduty",
    name="GetDetector",
    action="guardduty:GetDetector",
    tells="whether GuardDuty looks at S3",
    has=("Status",),
)
MALWARE_PLANS = Operation(
    service="guardduty",
    name="ListMalwareProtectionPlans",
    action="guardduty:ListMalwareProtectionPlans",
    tells="malware protection plans",
    has=("MalwareProtectionPlans",),
    pages=Pages(("MalwareProtectionPlans",), "NextToken", "NextToken"),
)
MALWARE_PLAN = Operation(
    service="guardduty",
    name="GetMalwareProtectionPlan",
    action="guardduty:GetMalwareProtectionPlan",
    tells="the bucket that a malware protection plan scans",
    has=("ProtectedResource",),
    gone=("ResourceNotFoundException",),
)
MACIE = Operation(
    service="macie2",
    name="GetMacieSession",
    action="macie2:GetMacieSession",
    tells="whether Macie is on",
    has=("status",),
    # It has no code of its own for that.
    absent=("AccessDeniedException",),
    says="Macie is not enabled",
    no_such=(NOT_OFFERED,),
)
MACIE_DISCOVERY = Operation(
    service="macie2",
    name="GetAutomatedDiscoveryConfiguration",
    action="macie2:GetAutomatedDiscoveryConfiguration",
    tells="whether Macie looks for sensitive data by itself",
    has=("status",),
)
MACIE_JOBS = Operation(
    service="macie2",
    name="ListClassificationJobs",
    action="macie2:ListClassificationJobs",
    tells="the buckets that Macie reads",
    has=("items",),
    pages=Pages(("items",), "nextToken", "nextToken"),
)
ANALYZERS = Operation(
    service="accessanalyzer",
    name="ListAnalyzers",
    action="access-analyzer:ListAnalyzers",
    tells="whether IAM Access Analyzer is on",
    has=("analyzers",),
    pages=Pages(("analyzers",), "nextToken", "nextToken"),
)

OF_WATCH: tuple[Operation, ...] = (
    DETECTORS,
    DETECTOR,
    MALWARE_PLANS,
    MALWARE_PLAN,
    MACIE,
    MACIE_DISCOVERY,
    MACIE_JOBS,
    ANALYZERS,
)
