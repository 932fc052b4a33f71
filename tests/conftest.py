"""What every test runs under: no settings from outside, no network but the loopback, fixed randomness."""

import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# The suite is the same in each run; `make fuzz` looks elsewhere each time, and longer.
settings.register_profile("suite", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("fuzz", deadline=None, max_examples=3000, print_blob=True)
settings.load_profile("suite")

FOREIGN_SETTINGS = (
    "AWS_",
    "S3AUDIT_",
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR",
    "GIT_",
    "PYTHONDONTWRITEBYTECODE",
)


def _stay_home(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = args[1]
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise PermissionError(
                f"a test wants to reach {address[0]}; tests use the loopback interface only"
            )


def pytest_configure() -> None:
    sys.addaudithook(_stay_home)
    from s3audit import catalog
    from s3audit.check import BadCheckError

    try:
        catalog.load()
    except (
        BadCheckError
    ) as error:  # one sentence, before every test that needs the checks says it in its own way
        pytest.exit(str(error), returncode=1)


@pytest.fixture(scope="session", autouse=True)
def _clean_environment() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(FOREIGN_SETTINGS)]:
            patch.delenv(name)
        yield
