"""Matrix: the client-server API, v1.1 and newer, as Synapse and the other homeservers speak it."""
