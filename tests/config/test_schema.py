"""A first start lays the store out at once; that is what the migrations would have made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config import schema

LAID_OUT = """
import django
django.setup()
from django.db import connection
from hutong.config import migrating
print(len(migrating.bring_up_to_date()) > 30, migrating.bring_up_to_date())
"""


@pytest.mark.slow
def test_a_store_laid_out_at_once_is_what_the_migrations_make(tmp_path: Path) -> None:
    environment = os.environ | {"HUTONG_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "hutong.config.settings"}
    done = subprocess.run([sys.executable, "-c", LAID_OUT], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True []\n", "")
    written = subprocess.run([sys.executable, "-m", "tests.config.schema"], capture_output=True, text=True, check=True).stdout
    assert schema.KEPT.read_text() == written, "run: make schema"
    again = subprocess.run([sys.executable, "-m", "tests.config.schema", str(tmp_path)], capture_output=True, text=True, check=True).stdout
    assert again == written
