"""Members: profiles, identities, attributes, memberships, merge and its undo."""
