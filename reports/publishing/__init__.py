"""What every document needs: bundle, PDF, proof, versions, charts, numbers in words."""

from __future__ import annotations
