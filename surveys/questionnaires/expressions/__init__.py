"""The expression language of XLSForm: parsed once into a tree of plain tuples, evaluated as
JavaRosa does.
"""

from __future__ import annotations
