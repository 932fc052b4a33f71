"""What a bucket is used for that KMS would break."""

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.uses import (
    is_identity_origin,
    is_website,
    receives_access_logs,
    receives_balancer_logs,
)
from s3audit.policy.language import policy_of
from s3audit.policy.proofs import admits_service
from s3audit.setting import when_set
from s3audit.verdict import Status, Verdict, some

# They write to buckets with SSE-S3 only; that they are let in tells of senders which are declared elsewhere.
_LOG_WRITERS = ("logging.s3.amazonaws.com", "logdelivery.elasticloadbalancing.amazonaws.com")


def needs_sse_s3(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether readers or writers of the bucket can't use a KMS key."""
    found = is_website(bucket) | receives_access_logs(bucket, estate) | receives_balancer_logs(bucket, estate)
    if found.status is Status.PASS:  # one reason is enough
        return found
    return found | is_identity_origin(bucket, estate) | _expects_logs(bucket)


def _expects_logs(bucket: Bucket) -> Verdict:
    return when_set(
        policy_of(bucket.policy),
        lambda policy: some(
            admits_service(policy, service, "s3:PutObject", bucket.name, bucket.region)
            for service in _LOG_WRITERS
        ),
        Verdict(Status.FAIL),
    )
