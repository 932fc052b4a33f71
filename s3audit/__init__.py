"""Tells whether S3 storage is set up the way people believe it is.

import s3audit

report = s3audit.scan(["infrastructure/"])
for finding in report.failing:
    print(finding.check, finding.subject.name, finding.message)
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from s3audit.accounts import live as live
    from s3audit.api import UsageError as UsageError
    from s3audit.api import scan as scan

__version__ = "0.1.0"
__all__ = ["UsageError", "__version__", "live", "scan"]


def __getattr__(name: str) -> Any:
    """The public functions, imported when they are first asked for: the command line does without most of them."""
    if name in {"scan", "UsageError"}:
        from s3audit import api

        return getattr(api, name)
    if name == "live":
        from s3audit import accounts

        return accounts.live
    raise AttributeError(f"module 's3audit' has no attribute {name!r}")
