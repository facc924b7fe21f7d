"""What can be done through channels: a message to people or to groups, a call of a program. Everything goes through the outbox."""

from __future__ import annotations

from hutong.channels.acting import calls, groups, people

ACTIONS = (people.SEND, groups.SEND, calls.CALL)
