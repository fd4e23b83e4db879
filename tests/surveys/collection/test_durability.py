"""The site is killed in the middle of a load: every answer that got a receipt is there, none
twice.
"""

from __future__ import annotations

from tests.benchmarks.collect import bench


def test_every_receipt_survives_kill_9(tmp_path, socket_enabled, capsys):
    assert bench.kill(tmp_path, 12) == 0

    receipts = int(capsys.readouterr().out.split(" receipts")[0].replace(",", ""))
    assert receipts > 0  # how many is the machine's affair
