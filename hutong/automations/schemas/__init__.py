"""The shapes of automations at HTTP."""
