"""Uploaded files go straight to the data folder while they arrive: hashed, counted, limited, never in memory."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from hutong.foundation import clock
from hutong.imports.errors import FilesGone, NoSpace, TooManyFiles, UploadTooLarge
from hutong.imports.models import Import

FILES_MAX = 2_000
KEPT_DAYS = 30  # of files nobody went on with
ARRIVING = "arriving"
ARRIVING_SECONDS_MAX = 24 * 3600
CHUNK_BYTES = 1024 * 1024
FORM_BYTES_ALLOWED = 1024 * 1024  # headers and boundaries around the files


def folder() -> Path:
    """Where imports keep their files, each in a folder named by its id."""
    found: Path = settings.DATA_DIR / "imports"
    return found


def paths(batch: Import) -> list[tuple[Path, str]]:
    """Where the files of an import lie and what the person calls them. Raises FilesGone."""
    place = folder() / str(batch.pk)
    found = [(place / str(number), one["name"]) for number, one in enumerate(batch.files)]
    if not all(path.exists() for path, _ in found):
        raise FilesGone()
    return found


def remove_files(import_id: UUID) -> None:
    """Take the files of an import from the disk."""
    shutil.rmtree(folder() / str(import_id), ignore_errors=True)


def sweep() -> None:
    """Every hour: files that a killed process left behind, and uploads nobody went on with."""
    now = clock.now()
    for name in (
        Import.objects.across_workspaces()
        .filter(state__in=["uploaded", "checked"], created_at__lt=now - dt.timedelta(days=KEPT_DAYS))
        .values_list("pk", flat=True)
    ):
        Import.objects.across_workspaces().filter(pk=name, state__in=["uploaded", "checked"]).delete()
    if not folder().exists():
        return
    known = {str(pk) for pk in Import.objects.across_workspaces().exclude(state__in=["done", "cancelled", "undone"]).values_list("pk", flat=True)}
    stale = now.timestamp() - ARRIVING_SECONDS_MAX
    for place in folder().iterdir():
        if place.name == ARRIVING:
            for path in place.iterdir():
                if path.stat().st_mtime < stale:
                    path.unlink(missing_ok=True)
        elif place.name not in known and place.stat().st_mtime < stale:
            shutil.rmtree(place, ignore_errors=True)


class Dropped(UploadedFile):  # type: ignore[type-arg]
    """A file on disk under a passing name; `keep` gives it a lasting one, else it goes with the request."""

    sha256 = ""
    path = ""

    def keep(self, path: Path) -> None:
        """Move to its place."""
        Path(self.path).replace(path)

    def close(self) -> None:
        with contextlib.suppress(FileNotFoundError):  # it was kept
            super().close()


class ToDisk(FileUploadHandler):
    """Django's upload handler for every multipart request (settings.FILE_UPLOAD_HANDLERS)."""

    chunk_size = CHUNK_BYTES

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._bytes = 0
        self._arrived: list[Dropped] = []
        self._hash = hashlib.sha256()

    def handle_raw_input(self, input_data: Any, META: dict[str, Any], content_length: int, boundary: str, encoding: str | None = None) -> None:  # noqa: N803 (Django's name)
        if content_length > settings.UPLOAD_FILE_BYTES_MAX + FORM_BYTES_ALLOWED:
            raise too_large()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if len(self._arrived) >= FILES_MAX:
            raise self._refuse(TooManyFiles(limit=FILES_MAX))
        arriving = folder() / ARRIVING
        arriving.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._hash = hashlib.sha256()
        passing = tempfile.NamedTemporaryFile(dir=arriving)  # noqa: SIM115 (the request closes it)
        self.file = Dropped(passing, self.file_name, self.content_type, 0, self.charset, self.content_type_extra)
        self.file.path = passing.name

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._bytes += len(raw_data)
        if self._bytes > settings.UPLOAD_FILE_BYTES_MAX:
            raise self._refuse(too_large())
        self._hash.update(raw_data)
        try:
            self.file.write(raw_data)
        except OSError as error:
            raise self._refuse(disk_error(error)) from error

    def file_complete(self, file_size: int) -> Dropped:
        try:
            self.file.flush()
        except OSError as error:
            raise self._refuse(disk_error(error)) from error
        self.file.seek(0)
        self.file.size = file_size
        self.file.sha256 = self._hash.hexdigest()
        self._arrived.append(self.file)
        return self.file

    def upload_interrupted(self) -> None:
        """The sender went away."""
        for file in self._arrived:
            file.close()
        if hasattr(self, "file"):
            self.file.close()

    def _refuse(self, error: Exception) -> Exception:
        self.upload_interrupted()
        return error


def too_large() -> UploadTooLarge:
    """The refusal that names the limit in force."""
    return UploadTooLarge(limit_mib=settings.UPLOAD_FILE_BYTES_MAX >> 20)


def disk_error(error: OSError) -> Exception:
    """A full disk as an answer; any other fault as it is."""
    return NoSpace() if error.errno in (errno.ENOSPC, errno.EDQUOT) else error
