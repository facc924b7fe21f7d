"""Automation: rules and journeys over the one stream of events, with the one language of conditions and the one set of actions."""
