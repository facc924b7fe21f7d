"""The platforms the product can connect to: the connectors that config lists."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hutong.channels.contract import Connector, Limits, Manifest, Rate, Settings, SiteConnector
from hutong.foundation.errors import NotFound

HOURLY_MAX = 20_000  # the times of as many sends are kept

_connectors: dict[str, type[Connector]] = {}


def install(connectors: Sequence[type[Connector]]) -> None:
    """Called once by the composition root with the table of connectors."""
    for connector in connectors:
        if _connectors.setdefault(connector.manifest.platform, connector) is not connector:
            raise RuntimeError(f"platform listed twice: {connector.manifest.platform}")


def manifests() -> list[Manifest]:
    """What every connector says of itself, in the order of the table."""
    return [one.manifest for one in _connectors.values()]


def connector(platform: str) -> type[Connector]:
    """The connector of a platform. Raises NotFound."""
    found = _connectors.get(platform)
    if found is None:
        raise NotFound("platform")
    return found


def manifest(platform: str) -> Manifest:
    """What the connector of a platform says of itself. Raises NotFound."""
    return connector(platform).manifest


def folded(channel: str, user_ref: str) -> str:
    """An id of somebody on a channel, in the one form in which two that mean the same are equal."""
    lower = user_ref.lower()
    if lower == user_ref:
        return user_ref
    return lower if any(one.manifest.folds_case for one in _connectors.values() if one.manifest.channel == channel) else user_ref


def tells_kinds_apart(platform: str) -> bool:
    """Whether a chat with somebody and a group may have the same id there."""
    found = _connectors.get(platform)
    return found is not None and found.manifest.ids_per_kind


def is_site(platform: str) -> bool:
    """Whether that is a chat on pages of the brand's own."""
    found = _connectors.get(platform)
    return found is not None and issubclass(found, SiteConnector)


def limits(said: Manifest, settings: Settings) -> Limits:
    """The limits of one account: the platform's, and the number an hour where its settings name one."""
    hourly = settings.get(said.rate_field)
    if isinstance(hourly, bool) or not isinstance(hourly, int) or not 0 < hourly <= HOURLY_MAX:
        return said.limits
    return msgspec.structs.replace(said.limits, per_account=(Rate(hourly, 3600.0),))
