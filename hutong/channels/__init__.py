"""Accounts on platforms: what comes in, what goes out, and the contract every connector keeps."""
