"""Shapes of the system status at the HTTP edge."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ninja import Field, Schema


class FindingOut(Schema):
    """One thing that was looked at."""

    key: str = Field(examples=["disk"])
    state: Literal["ok", "warn", "fail"]
    message: str = Field(description="In the reader's language", examples=["41.3 GB free on the disk"])


class SubscriberOut(Schema):
    """A reader of the event log."""

    name: str = Field(examples=["warehouse"])
    behind_entries: int = Field(examples=[0])
    lag_seconds: float = Field(description="Age of the first entry it has not read.", examples=[0.0])
    failures: int = Field(description="Failed batches in a row.", examples=[0])
    dead_events: int = Field(description="Events it set aside.", examples=[0])


class IngestOut(Schema):
    """What the hot lane did since the process started."""

    accepted: int
    duplicates: int
    rejected: int


class DiskOut(Schema):
    """Bytes: the disk under the data folder, and what each store takes."""

    total: int
    free: int
    records: int
    log: int = Field(description="The records' write-ahead log.")
    warehouse: int
    imports: int


class SystemOut(Schema):
    """How the installation is doing."""

    state: Literal["ok", "warn", "fail"] = Field(description="The worst of the findings.")
    findings: list[FindingOut]
    versions: dict[str, str] = Field(examples=[{"hutong": "0.1.0", "python": "3.11.2", "sqlite": "3.53.4"}])
    started_at: dt.datetime
    memory_bytes: int = Field(description="Resident memory of the process.", examples=[310_000_000])
    disk: DiskOut
    ingest: IngestOut
    log_entries: int = Field(examples=[0])
    subscribers: list[SubscriberOut]
    jobs: dict[str, int] = Field(
        description="Jobs by state: ready, running, done, dead, cancelled.",
        examples=[{"ready": 0, "running": 1, "done": 12, "dead": 0, "cancelled": 0}],
    )
    warehouse_rows: dict[str, int] = Field(description="Rows by table.", examples=[{"events": 303896}])
