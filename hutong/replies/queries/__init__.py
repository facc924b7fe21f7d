"""Every read of keyword replies."""
