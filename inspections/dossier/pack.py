"""The evidence pack of a visit: a zip that proves itself, with the check beside it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from config.accounts import audit
from config.accounts.models import User
from config.language.languages import speaking
from config.language.texts import LANGUAGES
from config.storage import files
from inspections.evidence import verify
from inspections.visits import chain
from inspections.visits.models import Evidence, Visit, VisitEvent
from surveys.collection.selectors import compiled
from surveys.responses.answer_text import lines

SAFE = re.compile(r"[^\w.-]+")
READ_ME = """证据包 / Evidence pack

核验：在装有 Python 3.9 或更高版本的任何电脑上，解开压缩包，在该文件夹中运行
    python3 verify.py
或者不解开，直接核验压缩包：
    python3 verify.py 压缩包.zip
无需安装其他软件，也不需要联网。任何一个字节被改动、任何一个事件被删除或调换，都会指出是哪一个。
显示“WHOLE”只说明本包自写成以来未被改动；请另将其中的每日哈希与协会公布的（或时间戳中的）比对。
时间戳的签名用 verify.py 最后打印的 openssl 命令核验；根证书向时间戳服务机构索取。

To check: unpack, and run python3 verify.py in the folder, or python3 verify.py PACK.zip. It needs
Python 3.9 or later, nothing else and no network. One changed byte names the file; an event that is
missing or out of order is named. "WHOLE" says that the pack is as it was written; compare its daily
hashes with those that the association published, or that a time stamp holds. The signature of a
time stamp is checked by the openssl command that verify.py prints last, with the root certificate
that the stamping service gives to anybody.

  originals/       文件原件（未作任何处理） / the files as they were received
  answers.json     答案 / the answers
  answers-*.txt    答案的文字 / the answers in words
  visit.json       体察记录 / the visit
  events.json      事件链 / the chain of events
  stamps/          可信时间戳（RFC 3161） / time stamps
"""


@transaction.atomic
def build(*, visit: Visit, by: User | None) -> bytes:
    """Return the evidence pack of a visit, a zip; that it was exported is an event of its chain,
    and in it.

    Raises FileNotFoundError for an original that is recorded as received and is not there.
    """
    chain.append(visit, VisitEvent.Kind.EXPORTED, by=by)
    audit.record(by=by, action="evidence.export", target=visit)
    return verify.zipped(contents(visit))


def contents(visit: Visit) -> dict[str, bytes]:
    """Return the files of a pack by name, the manifest and its hash among them."""
    events = chain.events_of(visit)
    answers = visit.response.answers
    made = {
        "READ-ME.txt": READ_ME.encode(),
        "verify.py": Path(verify.__file__).read_bytes(),
        verify.EVENTS: _json(events),
        verify.ANSWERS: verify.canonical(answers),
        "visit.json": _json(facts(visit)),
        **{f"answers-{language}.txt": _in_words(visit, language) for language in LANGUAGES},
        **{original_name(piece): files.read(piece.sha256) for piece in kept(visit)},
    }
    days = _days(visit)
    made |= {day["stamp"]: stamp for day, stamp in days if stamp}
    manifest = _json(
        {
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in made.items()},
            "head": events[-1]["hash"] if events else "",
            "days": [day for day, _stamp in days],
        }
    )
    digest = hashlib.sha256(manifest).hexdigest()
    return {**made, verify.MANIFEST: manifest, verify.MANIFEST_HASH: digest.encode()}


def kept(visit: Visit) -> list[Evidence]:
    """Return the evidence of a visit whose bytes are here."""
    return list(visit.evidence.exclude(received_at=None).order_by("pk"))


def original_name(piece: Evidence) -> str:
    """Return the name of an original in a pack: its own, made safe, behind its hash."""
    return f"originals/{piece.sha256[:12]}-{SAFE.sub('_', piece.name)[-80:] or 'file'}"


def facts(visit: Visit) -> dict[str, Any]:
    """Return what is known of a visit besides its answers, as texts and whole numbers."""
    site = visit.site
    return {
        "visit": str(visit.uid),
        "campaign": visit.campaign.survey.title_zh,
        "questionnaire": str(visit.response.version),
        "site": site.name,
        "kind": site.kind,
        "area": site.area_id,
        "address": site.address,
        "operator": site.operator.name if site.operator else "",
        "brand": site.brand.name if site.brand else "",
        "vendor": site.vendor.name if site.vendor else "",
        "visited_at": chain.moment(visit.visited_at),
        "received_at": chain.moment(visit.received_at),
        "clock_skew_seconds": visit.skew,
        "place": _place(visit),
        "status": visit.status,
        "evidence": [_piece(piece) for piece in visit.evidence.all()],
        "findings": [
            {
                "indicator": finding.indicator,
                "critical": finding.critical,
                "confirmed_at": chain.moment(finding.confirmed_at) if finding.confirmed_at else "",
                "confirmed_by": str(finding.confirmed_by or ""),
                "not_borne_out": finding.refused_because,
            }
            for finding in visit.findings.select_related("confirmed_by")
        ],
    }


def _piece(piece: Evidence) -> dict[str, Any]:
    return {
        "file": original_name(piece) if piece.received_at else "",
        "sha256": piece.sha256,
        "kind": piece.kind,
        "source": piece.source,
        "name": piece.name,
        "text": piece.text,
        "captured_at": chain.moment(piece.captured_at) if piece.captured_at else "",
        "received_at": chain.moment(piece.received_at) if piece.received_at else "",
        "given_up_because": piece.given_up_because,
        "place": _place(piece),
        "of": piece.of.sha256 if piece.of else "",
        "number": piece.number,
    }


def _place(of: Visit | Evidence) -> dict[str, str]:
    if of.latitude is None or of.longitude is None:
        return {}
    return {
        "latitude": f"{of.latitude:.6f}",
        "longitude": f"{of.longitude:.6f}",
        "datum": of.datum,
        "accuracy_m": "" if of.accuracy is None else f"{of.accuracy:.1f}",
    }


def _in_words(visit: Visit, language: Any) -> bytes:
    questionnaire = compiled(visit.response.version_id)
    with speaking(language):
        rows = list(lines(questionnaire, visit.response.answers, language, {}))
        head = f"{visit.campaign.survey.title.get(language)}\n{visit.site.name}\n"
        said = "\n".join(f"{label}\n    {answer}" for label, answer in rows)
        return f"{head}\n{said or _('nothing was answered')}\n".encode()


def _days(visit: Visit) -> list[tuple[dict[str, Any], bytes | None]]:
    """Return every closed day on which something happened to a visit, with the way from its last
    event of that day to the day's hash, and the time stamp where there is one.
    """
    return [
        (
            {
                "day": root.day.isoformat(),
                "visit": str(visit.uid),
                "head": head,
                "path": path,
                "visits": root.visits,
                "root": root.root,
                "previous": root.previous,
                "hash": root.hash,
                "stamp": f"stamps/{root.day.isoformat()}.tsr" if root.stamp else "",
                "stamped_at": chain.moment(root.stamped_at) if root.stamped_at else "",
                "stamped_by": root.stamped_by,
            },
            bytes(root.stamp) if root.stamp else None,
        )
        for root, head, path in chain.days_of(visit)
    ]


def _json(content: list[Any] | Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()
