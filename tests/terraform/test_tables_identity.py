"""IAM: roles, users and groups, with what is declared in them and beside them."""

import json

import pytest

from s3audit.model.identity import Group, Role, User
from tests.terraform.filling import UNKNOWN, filled, joined, plain, sections, told, unwritten

READ = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}
POLICY = json.dumps(READ)
AWS_MANAGED = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


def test_a_role_with_everything_in_it() -> None:
    role = filled(
        "aws_iam_role",
        {
            "name": "reader",
            "name_prefix": None,
            "path": "/apps/",
            "assume_role_policy": POLICY,
            "inline_policy": [{"name": "read", "policy": POLICY}],
            "managed_policy_arns": [AWS_MANAGED],
            "permissions_boundary": "arn:aws:iam::111122223333:policy/edge",
            "max_session_duration": 7200,
            "tags": {"team": "data"},
        },
    )
    assert told(role) == {
        "name": "reader",
        "path": "/apps/",
        "assume_role_policy": READ,
        "policies": [{"name": "read", "document": READ}],
        "attached_policies": [AWS_MANAGED],
        "permissions_boundary": "arn:aws:iam::111122223333:policy/edge",
        "max_session_duration": 7200,
        "tags": [{"key": "team", "value": "data"}],
    }


def test_what_a_role_is_that_says_little() -> None:
    role = filled("aws_iam_role", {"name": "reader", "inline_policy": [], "permissions_boundary": ""})
    assert told(role) == {"name": "reader", "policies": []}
    assert unwritten(role) == {
        "path": "/",
        "assume_role_policy": None,
        "attached_policies": [],
        "permissions_boundary": None,
        "max_session_duration": 3600,
        "tags": [],
    }


def test_tags_have_the_defaults_of_the_provider_in_them_where_a_plan_tells() -> None:
    role = filled("aws_iam_role", {"tags": {"a": "1"}, "tags_all": {"a": "1", "owner": ""}})
    assert plain(role.tags) == [{"key": "a", "value": "1"}, {"key": "owner", "value": ""}]


def test_a_user_and_a_group() -> None:
    user = filled(
        "aws_iam_user",
        {"name": "ann", "path": "/people/", "permissions_boundary": "arn:b", "tags": {"a": "b"}},
    )
    assert told(user) == {
        "name": "ann",
        "path": "/people/",
        "permissions_boundary": "arn:b",
        "tags": [{"key": "a", "value": "b"}],
    }
    assert unwritten(user) == {"policies": [], "attached_policies": [], "groups": [], "access_keys": []}
    group = filled("aws_iam_group", {"name": "staff", "path": "/people/"})
    assert told(group) == {"name": "staff", "path": "/people/"}
    assert unwritten(group) == {"policies": [], "attached_policies": []}
    assert plain(filled("aws_iam_group", {"name": "staff"}).path) == "/"


def test_a_managed_policy() -> None:
    policy = filled("aws_iam_policy", {"name": "read", "path": "/p/", "policy": POLICY, "tags": {"a": "b"}})
    assert told(policy) == {
        "name": "read",
        "path": "/p/",
        "document": READ,
        "tags": [{"key": "a", "value": "b"}],
    }
    assert unwritten(policy) == {"roles": [], "users": [], "groups": []}


@pytest.mark.parametrize(("kind", "owner"), [(Role, "role"), (User, "user"), (Group, "group")])
def test_policies_beside_their_owner(kind: type[Role | User | Group], owner: str) -> None:
    (made,) = joined(
        kind,
        (f"aws_iam_{owner}", {"name": "it"}),
        (f"aws_iam_{owner}_policy", {owner: "it", "name": "read", "policy": POLICY}),
        (f"aws_iam_{owner}_policy_attachment", {owner: "it", "policy_arn": AWS_MANAGED}),
        (
            f"aws_iam_{owner}_policy_attachments_exclusive",
            {f"{owner}_name": "it", "policy_arns": ["arn:one", "arn:two"]},
        ),
        ("aws_iam_policy_attachment", {"name": "x", "policy_arn": "arn:three", f"{owner}s": ["it", "other"]}),
        (
            "aws_iam_policy_attachment",
            {"name": "y", "policy_arn": "arn:four", "roles": [], "users": ["else"]},
        ),
    )
    assert told(made) == {
        "name": "it",
        "policies": [{"name": "read", "document": READ}],
        "attached_policies": [AWS_MANAGED, "arn:one", "arn:two", "arn:three"],
    }


def test_an_inline_policy_says_the_same_as_one_beside_the_role() -> None:
    (inline,) = joined(
        Role, ("aws_iam_role", {"name": "it", "inline_policy": {"name": "p", "policy": POLICY}})
    )
    (beside,) = joined(
        Role,
        ("aws_iam_role", {"name": "it"}),
        ("aws_iam_role_policy", {"role": "it", "name": "p", "policy": POLICY}),
    )
    assert plain(inline.policies) == plain(beside.policies) == [{"name": "p", "document": READ}]


def test_an_attachment_is_for_roles_users_and_groups_at_once() -> None:
    said = sections("aws_iam_policy_attachment", {"policy_arn": "a", "roles": ["r"], "groups": ["g", "h"]})
    assert [(one.kind, plain(one.targets), plain(one.value)) for one in said] == [
        ("role", ["r"], "a"),
        ("user", [], "a"),
        ("group", ["g", "h"], "a"),
    ]


def test_groups_of_a_user_are_told_from_either_side() -> None:
    user, other = joined(
        User,
        ("aws_iam_user", {"name": "ann"}),
        ("aws_iam_user", {"name": "bob"}),
        ("aws_iam_user_group_membership", {"user": "ann", "groups": ["staff", "readers"]}),
        ("aws_iam_group_membership", {"name": "m", "group": "admins", "users": ["bob", "ann"]}),
    )
    assert plain(user.groups) == ["staff", "readers", "admins"]
    assert plain(other.groups) == ["admins"]


def test_access_keys_of_a_user() -> None:
    (user,) = joined(
        User,
        ("aws_iam_user", {"name": "ann"}),
        ("aws_iam_access_key", {"user": "ann", "status": "Inactive"}),
        ("aws_iam_access_key", {"user": "ann"}),
    )
    old, new = plain(user.access_keys)
    assert (old, new) == ({"status": "Inactive"}, {})
    assert unwritten(user.access_keys.value[1].value) == {"status": "Active"}


def test_a_list_where_the_provider_wants_a_text_is_no_policy() -> None:
    (role,) = joined(
        Role,
        ("aws_iam_role", {"name": "it"}),
        ("aws_iam_role_policy_attachment", {"role": "it", "policy_arn": ["arn:one"]}),
    )
    assert plain(role.attached_policies) == [UNKNOWN]
