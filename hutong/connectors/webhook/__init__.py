"""Any program of your own, over signed HTTP: Standard Webhooks 1.0.0 in both directions (standardwebhooks.com)."""
