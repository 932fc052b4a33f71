"""`python -m s3audit` is the `s3audit` command."""

from s3audit.cli import run

if __name__ == "__main__":
    run()
