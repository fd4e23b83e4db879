"""A checklist as ODK Collect gets it: the XForm of its version with one question before all others,
which assignment the visit is for; and the list of assignments it chooses from.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re

from inspections.assigning.selectors import purpose_told
from inspections.campaigns.models import Assignment
from surveys.forms.models import QuestionnaireVersion

QUESTION = "mingcha_assignment"
LIST = "assignments.csv"
ROOT = re.compile(r"(<model\b.*?<instance>\s*)(<(\w[\w.-]*)\b[^>]*>)", re.DOTALL)


def for_collect(version: QuestionnaireVersion) -> bytes:
    """Return the XForm of a version with the question of the assignment in front."""
    xform = version.xform
    found = ROOT.search(xform)
    assert found, "an XForm has a primary instance"
    name = found.group(3)
    xform = f"{xform[: found.end()]}<{QUESTION}/>{xform[found.end() :]}"
    bind = f'<bind nodeset="/{name}/{QUESTION}" type="string" required="true()"/>'
    source = f'<instance id="assignments" src="jr://file-csv/{LIST}"/>'
    at = xform.index("<bind ")
    xform = f"{xform[:at]}{source}{bind}{xform[at:]}"
    control = (
        f'<select1 ref="/{name}/{QUESTION}"><label>任务 / Assignment</label>'
        "<itemset nodeset=\"instance('assignments')/root/item\">"
        '<value ref="name"/><label ref="label"/></itemset></select1>'
    )
    body = xform.index(">", xform.index("<h:body")) + 1
    return f"{xform[:body]}{control}{xform[body:]}".encode()


def assignments_csv(assignments: list[Assignment]) -> bytes:
    """Return the assignments as a list of choices."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["name", "label"])
    for one in assignments:
        rows.writerow([str(one.uid), f"{one.site.name} · {purpose_told(one).label}"])
    return out.getvalue().encode()


def md5(content: bytes) -> str:
    """Return the hash by which Collect tells whether it has a form already; not for safety."""
    return f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}"
