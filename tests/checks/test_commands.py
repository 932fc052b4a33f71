"""The commands of a fix are held against what the AWS CLI knows."""

import re

import pytest

from tests.checks.commands import CommandError, commands, verify


def test_commands_are_told_apart() -> None:
    text = "# First.\naws s3 ls\n\naws x y \\\n  --a 'b\n c'\n"
    assert list(commands(text)) == [["aws", "s3", "ls"], ["aws", "x", "y", "--a", "b\n c"]]
    with pytest.raises(CommandError, match="has no end: aws x 'y"):
        list(commands("aws x 'y\n"))


@pytest.mark.parametrize(
    "command",
    [
        "aws s3api put-bucket-tagging --bucket BUCKET --tagging 'TagSet=[{Key=team,Value=shop},{Key=a,Value=b}]'",
        "aws s3api put-object-lock-configuration --bucket BUCKET --object-lock-configuration file://lock.json",
        "aws s3api put-bucket-policy --bucket BUCKET --policy '{\"Statement\": []}'",
        "aws s3api delete-objects --bucket BUCKET --delete Objects=[{Key=a}],Quiet=true --region REGION",
        "aws kms schedule-key-deletion --key-id KEY --pending-window-in-days 30",
        "aws kms create-key --multi-region --tags TagKey=team,TagValue=shop TagKey=a,TagValue=b",
        "aws cloudtrail update-trail --name TRAIL --no-is-multi-region-trail",
        "aws configservice describe-config-rules",
        "aws s3 rm s3://BUCKET --recursive",
    ],
)
def test_commands_that_the_cli_takes(command: str) -> None:
    for words in commands(command):
        verify(words)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("terraform apply", "each line is a comment or a command"),
        ("aws s3 put-bucket-acl --bucket BUCKET", "aws s3 has no put-bucket-acl"),
        ("aws config describe-config-rules", "has no service config"),
        ("aws s4api list-buckets", "has no service s4api"),
        ("aws s3api put-bucket-acls --bucket BUCKET", "aws s3api has no put-bucket-acls"),
        ("aws s3api put-bucket-acl --bucket BUCKET --canned private", "has no --canned; it has acl, "),
        ("aws s3api put-bucket-acl --acl private", 'Missing required parameter in input: "Bucket"'),
        ("aws s3api put-bucket-acl --bucket BUCKET --acl secret", "ACL: secret is none of private, "),
        ("aws s3api put-bucket-acl --bucket my-bucket --acl private", "a word in capitals, such as BUCKET"),
        ("aws s3api put-bucket-acl --bucket BUCKET --grant-read '<who>'", "in capitals, not <who>"),
        ("aws s3api put-bucket-acl BUCKET", "BUCKET stands before the first option"),
        ("aws s3api put-bucket-acl --bucket BUCKET --acl", "--acl has no value"),
        ("aws s3api put-bucket-acl --bucket A B", "--bucket takes one value: quote A B"),
        ("aws s3api put-bucket-acl --no-bucket A", "--no-bucket: only a switch has a no-"),
        ("aws kms create-key --multi-region true", "--multi-region is a switch"),
        (
            "aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=On",
            "VersioningConfiguration.Status: On is none of Enabled, Suspended",
        ),
        (
            "aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration State=Enabled",
            'Unknown parameter in VersioningConfiguration: "State"',
        ),
        (
            "aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration '{Status: On}'",
            "--versioning-configuration is no JSON",
        ),
        (
            "aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status",
            "--versioning-configuration: a = is missing in 'Status'",
        ),
        (
            "aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled]",
            "']' can't be read",
        ),
        (
            "aws s3api put-bucket-policy --bucket BUCKET --policy '{\"Statement\": [}'",
            "--policy is no JSON",
        ),
        ("aws kms schedule-key-deletion --key-id KEY --pending-window-in-days soon", "Invalid type"),
    ],
)
def test_commands_that_the_cli_refuses(command: str, said: str) -> None:
    [words] = commands(command)
    with pytest.raises(CommandError, match=re.escape(said)):
        verify(words)
