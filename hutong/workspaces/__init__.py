"""Workspaces, staff and roles, invitations, keys, audit: who may do what."""
