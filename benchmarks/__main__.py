"""`python -m benchmarks NAME [--quick]`: run one scenario; its last line is JSON. Without a name, list them."""

from __future__ import annotations

import argparse
import importlib
import sys

SCENARIOS = {
    "ingest_single": "benchmarks.ingest_single",
    "ingest_batch": "benchmarks.ingest_batch",
    "import_chat": "benchmarks.import_chat",
    "dashboard": "benchmarks.dashboard",
    "explorer": "benchmarks.explorer",
    "api_read": "benchmarks.api_read",
    "start": "benchmarks.start",
    "sample": "benchmarks.sample",
    "condition_eval": "benchmarks.condition_eval",
    "segment_build": "benchmarks.segment_build",
    "segment_preview": "benchmarks.segment_preview",
    "segment_latency": "benchmarks.segment_latency",
    "keyword_match": "benchmarks.keyword_match",
    "broadcast_enqueue": "benchmarks.broadcast_enqueue",
    "broadcast_send": "benchmarks.broadcast_send",
    "reply_latency": "benchmarks.reply_latency",
    "limiter": "benchmarks.limiter",
    "journey_sleepers": "benchmarks.journey_sleepers",
    "journey_steps": "benchmarks.journey_steps",
    "journey_webhook": "benchmarks.journey_webhook",
    "rule_match": "benchmarks.rule_match",
    "wake_lag": "benchmarks.wake_lag",
}


def main() -> int:
    """Run the scenario named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(SCENARIOS))
    parser.add_argument("--quick", action="store_true", help="less work, the same method; ends within 45 s")
    arguments = parser.parse_args()
    if arguments.name is None:
        print("\n".join(sorted(SCENARIOS)))
        return 0
    result = importlib.import_module(SCENARIOS[arguments.name]).run(quick=arguments.quick)
    print(result.line())
    return 0


if __name__ == "__main__":
    sys.exit(main())
