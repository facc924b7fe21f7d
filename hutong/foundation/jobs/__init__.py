"""Durable background work: Django Tasks call sites, our own backend with leases, retries and a schedule."""
