"""`python -m s3audit` is the `s3audit` command."""

import sys

from s3audit.cli import main

if __name__ == "__main__":
    sys.exit(main())
