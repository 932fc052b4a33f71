"""The condition keys that we know: what they hold, and in which requests they are there."""

from __future__ import annotations

import msgspec

ALWAYS, SOMETIMES = "always", "sometimes"
BOOL, ADDRESS, NUMBER, DATE, WORD, TEXT = "bool", "address", "number", "date", "word", "text"


class Key(msgspec.Struct, frozen=True, gc=False):
    holds: str = TEXT
    words: tuple[str, ...] = ()
    """All that it may hold, where that is documented."""
    present: str = SOMETIMES
    has_many: bool = False


ACL = "s3:x-amz-acl"
SSE = "s3:x-amz-server-side-encryption"
SSE_KEY = "s3:x-amz-server-side-encryption-aws-kms-key-id"
SSE_C = "s3:x-amz-server-side-encryption-customer-algorithm"
TLS, TLS_VERSION = "aws:securetransport", "s3:tlsversion"
VIA_SERVICE = "aws:viaawsservice"
SOURCE_IP, SOURCE_VPC, SOURCE_VPCE = "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce"
SOURCE_ARN, SOURCE_ACCOUNT = "aws:sourcearn", "aws:sourceaccount"
ORGANIZATION = "aws:principalorgid"
AUTH_TYPE, SIGNATURE_AGE, SIGNATURE_VERSION = "s3:authtype", "s3:signatureage", "s3:signatureversion"

_ON_OFF = Key(BOOL, ("true", "false"))
_MANY = Key(has_many=True)
KEYS: dict[str, Key] = {
    TLS: Key(BOOL, ("false", "true"), ALWAYS),
    VIA_SERVICE: Key(BOOL, ("false", "true"), ALWAYS),
    "aws:multifactorauthpresent": _ON_OFF,
    "aws:currenttime": Key(DATE, present=ALWAYS),
    "aws:epochtime": Key(NUMBER, present=ALWAYS),
    "aws:requestedregion": Key(present=ALWAYS),
    "aws:tokenissuetime": Key(DATE),
    "aws:multifactorauthage": Key(NUMBER),
    SOURCE_IP: Key(ADDRESS),
    "aws:vpcsourceip": Key(ADDRESS),
    TLS_VERSION: Key(NUMBER, ("1.2", "1.3", "1.1", "1.0")),
    SIGNATURE_AGE: Key(NUMBER),
    "s3:max-keys": Key(NUMBER),
    "s3:object-lock-remaining-retention-days": Key(NUMBER),
    "s3:object-lock-retain-until-date": Key(DATE),
    "s3:object-lock-mode": Key(WORD, ("GOVERNANCE", "COMPLIANCE")),
    "s3:object-lock-legal-hold": Key(WORD, ("ON", "OFF")),
    AUTH_TYPE: Key(WORD, ("REST-HEADER", "REST-QUERY-STRING", "POST")),
    SIGNATURE_VERSION: Key(WORD, ("AWS4-HMAC-SHA256", "AWS")),
    SSE: Key(WORD, ("AES256", "aws:kms", "aws:kms:dsse")),
    SSE_C: Key(WORD, ("AES256",)),
    "aws:calledvia": _MANY,
    "aws:principalorgpaths": _MANY,
    "aws:resourceorgpaths": _MANY,
    "aws:sourceorgpaths": _MANY,
    "aws:vpceorgpaths": _MANY,
    "aws:tagkeys": _MANY,
    "s3:requestobjecttagkeys": _MANY,
}
_TEXT = Key()


def key_of(name: str) -> Key:
    return KEYS.get(name, _TEXT)


OF_SERVICES = frozenset({SOURCE_ARN, SOURCE_ACCOUNT, "aws:sourceorgid", "aws:sourceorgpaths"})
"""There where a service calls for somebody, and only there."""
OF_MEMBERS = frozenset({ORGANIZATION, "aws:principalorgpaths"})
"""There where the caller belongs to an organization."""
OF_SIGNED = frozenset(
    {
        *(AUTH_TYPE, SIGNATURE_AGE, SIGNATURE_VERSION),
        *("aws:multifactorauthpresent", "aws:multifactorauthage", "aws:tokenissuetime"),
        *("aws:assumedroot", "aws:signinsessionarn"),
        *("aws:chatbotsourcearn", "aws:ec2instancesourcevpc", "aws:ec2instancesourceprivateipv4"),
        *("aws:calledvia", "aws:calledviafirst", "aws:calledvialast"),
    }
)
"""There where a request is signed."""
USER_ID, ANONYMOUS_ID = "aws:userid", "anonymous"
"""Whoever has no credentials has this one, and nobody else."""
OF_UPLOADS = frozenset({SSE, SSE_KEY, SSE_C})
"""Headers of an upload."""
UPLOADS = frozenset({"s3:PutObject", "s3:ReplicateObject"})
OF_LISTINGS = frozenset({"s3:prefix", "s3:delimiter", "s3:max-keys"})
OF_ENDPOINTS = frozenset(
    {
        SOURCE_VPC,
        SOURCE_VPCE,
        "aws:sourcevpcarn",
        "aws:vpcsourceip",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
    }
)
"""There where a request comes through a VPC endpoint."""


_SINGLE = frozenset(
    {*KEYS, SOURCE_VPC, SOURCE_VPCE, SOURCE_ARN, SOURCE_ACCOUNT, ORGANIZATION, SSE_KEY}
) | frozenset(
    {
        *(
            "aws:userid",
            "aws:referer",
            "aws:useragent",
            "aws:requestedregion",
            "aws:sourceorgid",
            "aws:vpceaccount",
        ),
        *(
            "aws:vpceorgid",
            "aws:resourceaccount",
            "aws:resourceorgid",
            "aws:sourceowner",
            "s3:prefix",
            "s3:delimiter",
        ),
        *(
            "s3:x-amz-acl",
            "s3:x-amz-storage-class",
            "s3:versionid",
            "s3:locationconstraint",
            "s3:x-amz-copy-source",
        ),
        *(
            "s3:dataaccesspointarn",
            "s3:dataaccesspointaccount",
            "s3:accesspointnetworkorigin",
            "s3:resourceaccount",
        ),
    }
)
_TAGS = (
    "aws:principaltag/",
    "aws:resourcetag/",
    "aws:requesttag/",
    "s3:existingobjecttag/",
    "s3:requestobjecttag/",
)


USUAL = {
    SOURCE_VPCE: ("vpce-0aa11bb22cc33dd44",),
    SOURCE_VPC: ("vpc-0aa11bb22cc33dd44",),
    "aws:sourcevpcarn": ("arn:aws:ec2:eu-west-1:999999999999:vpc/vpc-0aa11bb22cc33dd44",),
    SOURCE_ARN: (
        "arn:aws:sns:eu-west-1:999999999999:another-topic",
        "arn:aws:s3:::another-bucket",
        "arn:aws:cloudtrail:eu-west-1:999999999999:trail/another",
        "arn:aws:cloudfront::999999999999:distribution/EANOTHER",
    ),
    SOURCE_ACCOUNT: ("999999999999", "112233445566"),
    ORGANIZATION: ("o-another123",),
    "aws:sourceorgid": ("o-another123",),
    "aws:requestedregion": ("eu-west-1", "us-east-1"),
    USER_ID: ("AIDAANOTHERUSER123456",),
    SSE_KEY: ("arn:aws:kms:eu-west-1:999999999999:key/11aa22bb-33cc-44dd-55ee-66ff77aa88bb",),
}
"""What a request may really hold, to be shown instead of a shorter text that fits the same."""


def is_of_identities(name: str) -> bool:
    """Whether it tells of a user, a role or a session of one."""
    return name in ("aws:sourceidentity", "aws:federatedprovider") or name.startswith("aws:principaltag/")


def is_single(name: str) -> bool:
    """Whether it is known to hold one value at most."""
    return (name in _SINGLE and not key_of(name).has_many) or name.startswith(_TAGS)


_NAMES = """
    aws:AssumedRoot aws:CalledVia aws:CalledViaAWSMCP aws:CalledViaFirst aws:CalledViaLast aws:ChatbotSourceArn
    aws:CurrentTime aws:Ec2InstanceSourcePrivateIPv4 aws:Ec2InstanceSourceVpc aws:EpochTime aws:FederatedProvider
    aws:IsMcpServiceAction aws:MultiFactorAuthAge aws:MultiFactorAuthPresent aws:PrincipalAccount aws:PrincipalArn
    aws:PrincipalIsAWSService aws:PrincipalOrgID aws:PrincipalOrgPaths aws:PrincipalServiceName
    aws:PrincipalServiceNamesList aws:PrincipalType aws:referer aws:RequestedRegion aws:ResourceAccount
    aws:ResourceOrgID aws:ResourceOrgPaths aws:SecureTransport aws:SignInSessionArn aws:SourceAccount aws:SourceArn
    aws:SourceIdentity aws:SourceIp aws:SourceOrgID aws:SourceOrgPaths aws:SourceVpc aws:SourceVpcArn aws:SourceVpce
    aws:TagKeys aws:TokenIssueTime aws:UserAgent aws:ViaAWSMCPService aws:ViaAWSService aws:VpcSourceIp
    aws:VpceAccount aws:VpceOrgID aws:VpceOrgPaths aws:userid aws:username
    kms:EncryptionContext:aws:s3:arn kms:ViaService
    s3:AccessGrantsInstanceArn s3:AccessPointNetworkOrigin s3:DataAccessPointAccount s3:DataAccessPointArn
    s3:ExistingJobOperation s3:ExistingJobPriority s3:InventoryAccessibleOptionalFields s3:JobSuspendedCause
    s3:ObjectCreationOperation s3:RequestJobOperation s3:RequestJobPriority s3:RequestObjectTagKeys
    s3:ResourceAccount s3:TlsVersion s3:authType s3:delimiter s3:destinationRegion s3:if-match s3:if-none-match
    s3:isReplicationPauseRequest s3:locationconstraint s3:max-keys s3:object-lock-legal-hold s3:object-lock-mode
    s3:object-lock-remaining-retention-days s3:object-lock-retain-until-date s3:prefix s3:signatureAge
    s3:signatureversion s3:versionid s3:x-amz-acl s3:x-amz-content-sha256 s3:x-amz-copy-source
    s3:x-amz-grant-full-control s3:x-amz-grant-read s3:x-amz-grant-read-acp s3:x-amz-grant-write
    s3:x-amz-grant-write-acp s3:x-amz-metadata-directive s3:x-amz-object-ownership s3:x-amz-server-side-encryption
    s3:x-amz-server-side-encryption-aws-kms-key-id s3:x-amz-server-side-encryption-customer-algorithm
    s3:x-amz-storage-class s3:x-amz-website-redirect-location
"""
_BEFORE_TAGS = """
    aws:PrincipalTag/ aws:RequestTag/ aws:ResourceTag/ s3:AccessPointTag/ s3:BucketTag/ s3:ExistingObjectTag/
    s3:RequestObjectTag/
"""
_SPELLED = {name.lower(): name for name in (_NAMES + _BEFORE_TAGS).split()}


def spelled(written: str) -> str:
    """A key as AWS writes it, and the key of a tag as it is written here; one that is not documented, too."""
    start, slash, tag = written.partition("/")
    return _SPELLED.get(f"{start}{slash}".lower(), f"{start}{slash}") + tag
