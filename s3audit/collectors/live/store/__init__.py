"""Snapshots: what a live scan has seen, in a folder of files, one for each unit of collection.

    snapshot/
      manifest.json                          what there is, with hashes: written last, so it stands for the whole
      run.json                               times, versions and request ids: all that differs from run to run
      123456789012/global/listing.jsonl      what the account told about itself, and its buckets
      123456789012/eu-west-1/context.jsonl   a unit: a line about it, a line for each resource, the hash of all
      unfinished.json                        until it is whole and somebody was told: the same scan goes on with it

`begin` looks at what an earlier run has left, `keep` writes as a scan goes, `redact` takes out what is nobody else's
business, `replay` makes of the files what the scan has seen. In the folder of one that is redacted there is never
anything else; what was read lies in a working copy (`work`) elsewhere until all is known that has to be taken out.
"""
