"""Snapshots: what a live scan has seen, in a folder of files, one for each unit of collection.

    snapshot/
      manifest.json                          what there is, with hashes: written last, so it stands for the whole
      run.json                               times, versions and request ids: all that differs from run to run
      123456789012/global/listing.jsonl      what the account told about itself, and its buckets
      123456789012/eu-west-1/context.jsonl   a unit: a line about it, a line for each resource, the hash of all
      unfinished.json                        only while a scan is on, or after it was ended

`keep` writes as a scan goes and takes up one that was ended, `redact` takes out what is nobody else's business,
`replay` makes of the files what the scan has seen.
"""
