"""What a channel is called: the manifest says it, and the console says the same wherever it names one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hutong.channels.contract import Manifest
from hutong.config.connectors import CONNECTORS

SOURCE = Path(__file__).resolve().parents[2] / "console" / "src"
MANIFESTS = [one.manifest for one in CONNECTORS]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda one: str(one.platform))
def test_the_console_names_every_channel_as_its_manifest_does(manifest: Manifest) -> None:
    assert f'"{manifest.channel}"' in (SOURCE / "members" / "channels.ts").read_text()
    names = {language: json.loads((SOURCE / "i18n" / language / "members.json").read_text())["channel"] for language in ("zh", "en")}
    found = {language: said[manifest.channel] for language, said in names.items()}
    if manifest.channel == manifest.platform:
        assert found == {"zh": manifest.zh, "en": manifest.en}
    else:  # one of several ways to a channel names the way, and what it leads to first
        assert (manifest.zh.startswith(found["zh"]), manifest.en.startswith(found["en"])) == (True, True)
