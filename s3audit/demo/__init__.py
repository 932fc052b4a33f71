"""A small AWS on 127.0.0.1: what `s3audit demo` scans, and what the tests of live scans talk to.

It speaks the protocols of AWS by botocore's own models, so boto3 can be pointed at it for any service:

    from s3audit.demo.server import Server
    from s3audit.demo.world import World

    with Server() as server:                               # port 0, a thread of its own
        s3 = server.client("s3")                           # or environment(): variables for boto3
        server.world.bucket("logs", "eu-west-1")           # as AWS makes it now; is_old=True, is_directory=True
        s3.put_bucket_versioning(Bucket="logs", VersioningConfiguration={"Status": "Enabled"})
        s3.get_bucket_versioning(Bucket="logs")            # what it is PUT is what it answers

- Buckets keep every configuration that they are put, lose it by its Delete call, and answer AWS's code where there
  is none. Regions are enforced (301), owners too (403), and keys are known or refused.
- `World("111122223333", "444455556666")` has several accounts, each with a key (`world.key(account)`) and, by
  `world.account("444455556666", audit="external id")`, roles that may be assumed.
- Everything else is told: `world.tell("kms:DescribeKey", {"KeyMetadata": {...}}, when={"KeyId": "..."})`, in the
  shape in which boto3 answers, and `world.refuse("macie2:GetMacieSession", "AccessDeniedException")`. A listing is
  told whole, `page=2` hands it out by two. What nobody told is an empty listing, or the service's "not found".
- `world.faults.add(denied(), "s3:GetBucketAcl", about="logs", times=1)`: see `s3audit.demo.faults`.
- `world.requests["s3:GetBucketAcl"]` and `world.requests_of("logs")` count.
- `with apart(world) as other:` is the same in a process of its own (`other.url`; afterwards `other.cpu_seconds` and
  `other.requests`).
- `putting.put(world, "s3:PutBucketCors", {"Bucket": "logs", ...})` does what the call would, without a request.
- `account.world()` is the account of `s3audit demo`.

The client of s3control puts the account before the host, which no address has: `without_account(session)` of
`s3audit.demo.server` keeps a session of boto3 from it; `server.client` and `server.session` have it done.
"""
