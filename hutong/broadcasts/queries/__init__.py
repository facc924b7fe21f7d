"""Every read of broadcasts."""
