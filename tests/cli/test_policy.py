"""A policy is asked on the command line: the answer in words and as JSON, the exit code, and what is no question."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from s3audit.cli.policy import policy as command
from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT

POLICY = """\
{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Read", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop/*",
     "Condition": {"StringLike": {"aws:SourceVpce": "vpce-0*"}}},
    {"Sid": "Tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::shop/*",
     "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
  ]
}
"""
WHOLE = POLICY.replace(
    '"s3:*", "Resource": "arn:aws:s3:::shop/*"', '"s3:*", "Resource": "arn:aws:s3:::shop*"'
)
OPEN = POLICY.replace('"Deny", "Principal": "*"', '"Deny", "Principal": {"AWS": {"Ref": "Who"}}')
OPEN = OPEN.replace('"s3:*", "Resource": "arn:aws:s3:::shop/*"', '"s3:*", "Resource": "arn:aws:s3:::shop*"')


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "policy.json"
    path.write_text(POLICY)
    return path


def asked(*arguments: str, given: str | None = None) -> tuple[int, str]:
    return called("ask", *arguments, given=given)


def called(*arguments: str, given: str | None = None) -> tuple[int, str]:
    done = CliRunner().invoke(command, arguments, input=given, standalone_mode=False)
    if done.exception is not None:
        return 2, str(done.exception)
    assert isinstance(done.return_value, int)
    return done.return_value, done.output


def test_what_refutes_it_is_shown_with_the_statement_that_missed_it(file: Path) -> None:
    code, out = asked("tls-only", "policy.json", "--bucket", "shop")
    assert code == 1
    assert out.split("\n") == [
        "Q2 tls-only",
        "",
        "It is not so that every request over plain HTTP is denied: this request is not denied.",
        "",
        "  who                  anybody, without credentials",
        "  action               s3:ListBucket",
        "  resource             arn:aws:s3:::shop",
        "  aws:SecureTransport  false",
        "  aws:SourceVpce       vpce-0aa11bb22cc33dd44",
        "",
        "policy.json:6:6: the statement Tls does not deny it: its Resource does not match arn:aws:s3:::shop.",
        "No statement allows it; an ACL may.",
        "",
        "To close it: Let the Resource of the statement Tls take in arn:aws:s3:::shop too.",
        "",
    ]


def test_the_example_of_the_page_is_so(file: Path) -> None:
    file.write_text(POLICY.replace('{"StringLike": {"aws:SourceVpce": "vpce-0*"}}', "{}"))
    _, out = asked("tls-only", "policy.json", "--bucket", "shop")
    page = (Path(__file__).parents[2] / "docs" / "policy.md").read_text("utf-8")
    assert f"```\n{out}```\n" in page


def test_what_closes_it_closes_it(file: Path) -> None:
    file.write_text(WHOLE)
    assert asked("Q2", "policy.json", "--bucket", "shop") == (
        0,
        "Q2 tls-only\n\nProven: every request over plain HTTP is denied.\n\n",
    )


def test_what_is_open_is_named(file: Path) -> None:
    file.write_text(OPEN)
    code, out = asked("q2", "policy.json", "--bucket", "shop")
    assert code == 3
    assert "policy.json:6:6: the Principal of the statement Tls is open: " in out
    assert "it is given by Ref, which the policy does not tell" in out


def test_an_allow_that_lets_a_stranger_in(file: Path) -> None:
    code, out = asked("Q1", "policy.json", "--bucket", "shop", "-f", "json")
    found = json.loads(out)
    assert code == 1
    assert (found["question"], found["name"], found["verdict"]) == ("Q1", "not-public", "WITNESS")
    assert found["witness"]["principal"] == {"kind": "anonymous"}
    assert found["witness"]["resource"].startswith("arn:aws:s3:::shop/")
    assert found["witness"]["ctx"]["aws:SourceVpce"].startswith("vpce-0")
    assert found["witness"]["effect"] == "allowed"
    assert found["witness"]["statements"] == [{"number": 1, "sid": "Read", "line": 4, "column": 6}]


def test_what_is_about_another_matter_closes_nothing(file: Path) -> None:
    code, out = asked("Q8", "policy.json", "--bucket", "shop")
    assert code == 1
    assert out.endswith(
        "To close it: Deny everything that comes neither from the endpoints nor from the ranges, also where the key is"
        " absent.\n"
    )


def test_what_is_wrong_with_the_text_is_said(file: Path) -> None:
    file.write_text(POLICY.replace("s3:GetObject", "s3:GetObjects"))
    done = CliRunner().invoke(
        command, ["ask", "Q1", "policy.json", "--bucket", "shop"], standalone_mode=False
    )
    assert done.return_value == 0
    assert done.stderr == "policy.json:4:68: There is no action s3:GetObjects.\n"


def test_the_context_is_read_from_a_file(file: Path) -> None:
    Path("context.json").write_text(json.dumps({"bucket": "shop", "trusted": ["444455556666"]}))
    file.write_text(
        '{"Statement": {"Effect": "Allow", "Principal": {"AWS": ["444455556666", "777788889999"]},'
        ' "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop/*"}}'
    )
    _, out = asked("Q6", "policy.json", "--context", "context.json", "-f", "json")
    assert json.loads(out)["accounts"] == ["777788889999"]


def test_from_standard_input(file: Path) -> None:
    assert asked("Q2", "-", "--bucket", "shop", given=WHOLE)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Q9", "policy.json"), "there is no question 'Q9'; expected one of Q1 not-public, Q2 tls-only"),
        (("Q1", "nothing.json"), "nothing.json can't be read: No such file or directory"),
        (("Q1", "broken.json"), "Expected"),
        (("Q1", "policy.json", "--context", "broken.json"), "broken.json is no JSON"),
        (("Q1", "policy.json", "--context", "list.json"), "list.json holds no object; a context is one"),
        (
            ("Q1", "policy.json", "--context", "odd.json"),
            "there is no 'buckett' in a context; expected some of access_point",
        ),
        (("Q8", "policy.json", "--context", "wrong.json"), "vpce in the context is a list of texts"),
        (
            ("Q1", "list.json"),
            "list.json holds no policy: that is an object with statements, in JSON or YAML",
        ),
        (
            ("Q1", "word.json"),
            "word.json holds no policy: that is an object with statements, in JSON or YAML",
        ),
        (("Q1", "two.json"), "the Resources of the policy name several buckets, a and b; say with --bucket"),
        (("Q1", "policy.json", "--bucket", "a b/*"), "bucket in the context is the name of a bucket"),
        (("Q1", "policy.json", "--owner", "banana"), "owner in the context is an account of twelve digits"),
        (("Q5", "policy.json"), "role-can-replicate needs source in the context"),
    ],
)
def test_what_can_not_be_asked(arguments: tuple[str, ...], said: str, file: Path) -> None:
    Path("broken.json").write_text('{"Statement": ')
    Path("list.json").write_text("[]")
    Path("word.json").write_text("nope {")
    Path("two.json").write_text(
        '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",'
        ' "Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]}}'
    )
    Path("odd.json").write_text('{"buckett": "shop"}')
    Path("wrong.json").write_text('{"vpce": "vpce-1"}')
    code, out = asked(*arguments)
    assert code == 2
    assert said in out


TEMPLATE = """\
Resources:
  Shop:
    Type: AWS::S3::Bucket
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Shop
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: "444455556666"}
            Action: [s3:GetObject, s3:PutObject]
            Resource: !Sub "${Shop.Arn}/*"
  Other:
    Type: AWS::S3::Bucket
"""


ELSEWHERE = "identities of its own account that are declared elsewhere, by policies of their own"


def test_who_has_access_to_the_buckets_of_a_template(file: Path) -> None:
    Path("template.yaml").write_text(TEMPLATE)
    code, out = called("who", "template.yaml")
    assert code == 0
    assert out.split("\n") == [
        "Bucket Shop",
        "  the account 444455556666: read, write, by the bucket policy",
        "    template.yaml:10:13",
        "",
        "Bucket Other",
        "  nobody, beside identities of its own account that their own policies let in",
        "",
        f"Not listed: {ELSEWHERE}.",
        "",
    ]


PAGE = """\
Parameters:
  Partner: {Type: String}
Resources:
  Shop:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {RestrictPublicBuckets: false}
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: "kms:*", Resource: "*"}
  Point:
    Type: AWS::S3::AccessPoint
    Properties:
      Bucket: !Ref Shop
      Policy:
        Statement:
          - {Effect: Allow, Principal: {AWS: "444455556666"}, Action: s3:GetObject, Resource: !Sub "${Point.Arn}/*"}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Shop
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: s3:GetObject
            Resource: !Sub "${Shop.Arn}/*"
            Condition: {StringEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}}
          - Effect: Allow
            Principal: {AWS: "777788889999"}
            Action: s3:ListBucket
            Resource: !GetAtt Shop.Arn
            Condition: {StringEquals: {aws:PrincipalOrgID: o-abc}}
          - Effect: Allow
            Principal: {AWS: !Ref Partner}
            Action: s3:ListBucket
            Resource: !GetAtt Shop.Arn
"""


def test_the_other_example_of_the_page_is_so_too(file: Path) -> None:
    Path("template.yaml").write_text(PAGE)
    code, out = called("who", "template.yaml")
    page = (Path(__file__).parents[2] / "docs" / "policy.md").read_text("utf-8")
    assert code == 3
    assert f"```\n{out}```\n" in page


def test_to_one_bucket_as_json(file: Path) -> None:
    Path("template.yaml").write_text(TEMPLATE)
    code, out = called("who", "template.yaml", "--bucket", "Shop", "-f", "json")
    [found] = json.loads(out)
    assert (code, found["bucket"]) == (0, "Shop")
    assert found["access"] == [
        {
            "who": "the account 444455556666",
            "can": ["read", "write"],
            "how": "the bucket policy",
            "where": None,
            "key": None,
            "open": None,
            "source": "template.yaml",
            "line": 10,
            "column": 13,
            "call": None,
            "steps": [],
        }
    ]
    assert found["not_listed"] == [ELSEWHERE]


POINT = """\
  Point:
    Type: AWS::S3::AccessPoint
    Properties:
      Bucket: !Ref Other
      Policy:
        Statement:
          - {Effect: Allow, Principal: {AWS: "444455556666"}, Action: s3:GetObject, Resource: !Sub "${Point.Arn}/*"}
  Key:
    Type: AWS::KMS::Key
    Properties: {EnableKeyRotation: true}
  Delegation:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Other
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: "*"
            Resource: [!GetAtt Other.Arn, !Sub "${Other.Arn}/*"]
            Condition: {StringEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}}
"""
WITH_POINT = TEMPLATE + POINT.replace(
    "  Point:\n",
    """\
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !Ref Key}
  Point:
""",
    1,
)


KEPT = "but not what is encrypted with the key Key: its policy does not let them use it"


def test_every_policy_on_the_way_is_shown(file: Path) -> None:
    Path("template.yaml").write_text(WITH_POINT)
    code, out = called("who", "template.yaml", "--bucket", "Other")
    assert code == 0
    assert out.split("\n") == [
        "Bucket Other",
        f"  the account 444455556666: read, by the access point Point ({KEPT})",
        "    template.yaml:26:14",
        "    template.yaml:36:13: the bucket policy lets it through",
        "    template.yaml:27:3: the key policy",
        "",
        f"Not listed: {ELSEWHERE}.",
        "",
    ]
    _, out = called("who", "template.yaml", "--bucket", "Other", "-f", "json")
    [[one]] = [found["access"] for found in json.loads(out)]
    assert [(step["note"], step["line"]) for step in one["steps"]] == [
        ("the bucket policy lets it through", 36),
        ("the key policy", 27),
    ]
    assert one["key"].startswith("but not what is encrypted with the key Key")


def test_what_is_open_is_said(file: Path) -> None:
    Path("template.yaml").write_text(TEMPLATE.replace('"444455556666"', "!ImportValue partner"))
    code, out = called("who", "template.yaml", "--bucket", "Shop")
    assert code == 3
    assert (
        "somebody whom the policy names: read, write, by the bucket policy (perhaps: a principal is " in out
    )


def test_there_is_no_such_bucket(file: Path) -> None:
    Path("template.yaml").write_text(TEMPLATE)
    assert called("who", "template.yaml", "--bucket", "Nothing") == (2, "there is no bucket 'Nothing'")
    assert called("who", "policy.json") == (2, "policy.json declares no bucket")


def test_to_a_bucket_of_an_account(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server() as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        server.world.bucket("shop", is_old=True)
        server.world.bucket("other")
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": "444455556666"},
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::shop/*",
        }
        delegation = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "*",
            "Resource": ["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"],
            "Condition": {"StringEquals": {"s3:DataAccessPointAccount": ACCOUNT}},
        }
        server.client("s3").put_bucket_policy(
            Bucket="shop", Policy=json.dumps({"Statement": [statement, delegation]})
        )
        control = server.client("s3control")
        made = control.create_access_point(AccountId=ACCOUNT, Name="point", Bucket="shop")
        through = {
            "Effect": "Allow",
            "Principal": {"AWS": "777788889999"},
            "Action": "s3:PutObject",
            "Resource": f"{made['AccessPointArn']}/object/*",
        }
        control.put_access_point_policy(
            AccountId=ACCOUNT, Name="point", Policy=json.dumps({"Statement": [through]})
        )
        code, out = called("who", "shop")
    assert code == 0
    assert out.split("\n") == [
        "Bucket shop",
        "  the account 444455556666: read, by the bucket policy",
        "    arn:aws:s3:::shop (s3:GetBucketPolicy)",
        "  the account 777788889999: write, by the access point point",
        f"    {made['AccessPointArn']} (s3control:GetAccessPointPolicy)",
        "    arn:aws:s3:::shop (s3:GetBucketPolicy): the bucket policy lets it through",
        "",
        "Not listed: identities of its own account, by policies of their own: nobody asked the account for them.",
        "",
    ]
