"""The figures of this process for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from hutong.config.operations import facts
from hutong.config.operations.traffic import registry
from hutong.events import queries as events
from hutong.foundation import clock
from hutong.foundation.jobs import queries as jobs


class Figures:
    """Collected anew at each scrape."""

    def collect(self) -> Iterator[Metric]:
        """Every figure that is read rather than counted along the way."""
        info = GaugeMetricFamily("hutong_info", "Versions in use.", labels=list(facts.versions()))
        info.add_metric(list(facts.versions().values()), 1)
        yield info
        yield GaugeMetricFamily("hutong_uptime_seconds", "Since this process started.", value=(clock.now() - facts.STARTED).total_seconds())
        yield from _ingest()
        yield from _log()
        yield from _jobs()
        yield from _stores()

    def describe(self) -> list[Metric]:
        """Nothing is known before the first scrape."""
        return []


def _ingest() -> Iterator[Metric]:
    lane = facts.ingest()
    counter = CounterMetricFamily("hutong_ingest_events", "Events of the hot lane by outcome.", labels=["outcome"])
    counter.add_metric(["accepted"], lane.accepted)
    counter.add_metric(["duplicate"], lane.duplicates)
    counter.add_metric(["rejected"], lane.rejected)
    yield counter


def _log() -> Iterator[Metric]:
    yield GaugeMetricFamily("hutong_log_entries", "Entries in the event log.", value=events.log_entries())
    behind = GaugeMetricFamily("hutong_subscriber_behind_entries", "Log entries a subscriber has not read.", labels=["subscriber"])
    lag = GaugeMetricFamily("hutong_subscriber_lag_seconds", "Age of the first entry a subscriber has not read.", labels=["subscriber"])
    dead = GaugeMetricFamily("hutong_dead_events", "Events a subscriber set aside.", labels=["subscriber"])
    for one in events.standings():
        behind.add_metric([one.name], one.behind_entries)
        lag.add_metric([one.name], one.lag_seconds)
        dead.add_metric([one.name], one.dead_events)
    yield from (behind, lag, dead)


def _jobs() -> Iterator[Metric]:
    by_state = GaugeMetricFamily("hutong_jobs", "Jobs by state.", labels=["state"])
    for state, count in jobs.counts().items():
        by_state.add_metric([state], count)
    yield by_state
    yield GaugeMetricFamily("hutong_jobs_waited_seconds", "How long the oldest due job has waited.", value=jobs.waited_seconds())


def _stores() -> Iterator[Metric]:
    rows = GaugeMetricFamily("hutong_warehouse_rows", "Rows in the warehouse by table.", labels=["table"])
    for table, count in events.rows_by_table().items():
        rows.add_metric([table], count)
    yield rows
    disk = facts.disk()
    sizes = GaugeMetricFamily("hutong_store_bytes", "Size on disk by store.", labels=["store"])
    for store, size in (("records", disk.records), ("log", disk.log), ("warehouse", disk.warehouse), ("imports", disk.imports)):
        sizes.add_metric([store], size)
    yield sizes
    yield GaugeMetricFamily("hutong_disk_free_bytes", "Free space on the disk of the data folder.", value=disk.free)


registry.register(Figures())
ProcessCollector(registry=registry)


def text() -> bytes:
    """All figures in Prometheus's text format."""
    return generate_latest(registry)
