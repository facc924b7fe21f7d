"""Every write of welcomes."""
