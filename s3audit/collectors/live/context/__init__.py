"""What an account has beside its buckets: each kind with its own reader."""

from s3audit.collectors.live.context.access_points import ACCESS_POINT_READERS
from s3audit.collectors.live.context.account import ACCOUNT_READER
from s3audit.collectors.live.context.backup import BACKUP_READER
from s3audit.collectors.live.context.batch import BATCH_READER
from s3audit.collectors.live.context.distributions import DISTRIBUTION_READERS
from s3audit.collectors.live.context.dns import DNS_READER
from s3audit.collectors.live.context.files import FILES_READER
from s3audit.collectors.live.context.grants import GRANTS_READER
from s3audit.collectors.live.context.keys import KEY_READERS
from s3audit.collectors.live.context.lens import LENS_READERS
from s3audit.collectors.live.context.network import NETWORK_READERS
from s3audit.collectors.live.context.organization import ORGANIZATION_READER
from s3audit.collectors.live.context.predictable import PREDICTABLE_READER
from s3audit.collectors.live.context.tables import TABLES_READER
from s3audit.collectors.live.context.trails import TRAIL_READERS
from s3audit.collectors.live.context.vaults import VAULT_READER
from s3audit.collectors.live.context.vectors import VECTORS_READER
from s3audit.collectors.live.context.watch import WATCH_READERS
from s3audit.collectors.live.reading import Reader

READERS: tuple[Reader, ...] = (
    ACCOUNT_READER,
    PREDICTABLE_READER,
    *ACCESS_POINT_READERS,
    GRANTS_READER,
    *LENS_READERS,
    BATCH_READER,
    TABLES_READER,
    VECTORS_READER,
    FILES_READER,
    *KEY_READERS,
    *TRAIL_READERS,
    *DISTRIBUTION_READERS,
    *NETWORK_READERS,
    DNS_READER,
    VAULT_READER,
    *WATCH_READERS,
    BACKUP_READER,
    ORGANIZATION_READER,
)
