"""What the policies of vaults are asked about."""

_OF_VAULTS = """
    DeleteArchive UploadArchive InitiateJob GetJobOutput SetVaultAccessPolicy DeleteVaultAccessPolicy DeleteVault
    AbortMultipartUpload AddTagsToVault CompleteMultipartUpload DeleteVaultNotifications DescribeJob DescribeVault
    GetVaultAccessPolicy GetVaultLock GetVaultNotifications InitiateMultipartUpload ListJobs ListMultipartUploads
    ListParts ListTagsForVault RemoveTagsFromVault SetVaultNotifications UploadMultipartPart
"""
ACTIONS = tuple(f"glacier:{name}" for name in _OF_VAULTS.split())
"""Those that matter most first: the first that gets through is shown."""
STAND_IN = "arn:aws:glacier:eu-west-1:111122223333:vaults/xqz-itself"
