"""What an account has beside its buckets: each kind with its own reader."""

from s3audit.collectors.live.reading import Reader

READERS: tuple[Reader, ...] = ()
