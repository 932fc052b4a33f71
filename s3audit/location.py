"""Where something was read: a place in a file, or the API call that told it."""

import msgspec


# What never changes can be no part of a circle, so that the garbage collector need not look at it; without its
# share in that (gc=False) each of the hundreds of thousands that a scan makes is smaller too. So it is with all of
# the model, and with what follows from it.
class Location(msgspec.Struct, frozen=True, gc=False, order=True, omit_defaults=True):
    """The narrowest place of a value; for something absent, the key it would stand under.

    Lines and columns count from 1 in code points, the end is exclusive; 0 means that there is none.
    """

    source: str
    """A file as the user named it, or an ARN."""
    address: str = ""
    """`Resources.Logs.Properties.LoggingConfiguration`, `aws_s3_bucket.logs`."""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    call: str = ""
    """The API call that told it, such as `s3:GetBucketLogging`."""

    def __str__(self) -> str:
        if self.line:
            return f"{self.source}:{self.line}:{self.column}"
        return f"{self.source} ({self.call})" if self.call else self.source


NOWHERE = Location("")
