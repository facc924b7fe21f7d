"""Loaded by pytest before Django's settings are read: a data folder of its own for each run."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="hutong-test-")
os.environ["HUTONG_DATA"] = _folder
os.environ["HUTONG_TEST_DB"] = f"{_folder}/test.db"
os.environ.pop("HUTONG_PUBLIC_URL", None)
_owner = os.getpid()


@atexit.register
def _clean() -> None:
    if os.getpid() == _owner:
        shutil.rmtree(_folder, ignore_errors=True)
