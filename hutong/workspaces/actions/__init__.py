"""Every write of workspaces: the first run, signing in, staff, invitations, keys."""
