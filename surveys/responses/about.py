"""What a file of answers says about each response beside the answers: the id that leads back, what
became of it, when and by whom it came. No receipt: with it answers can be taken back.

The table that rankings read has none of these columns; what they hold is for who looks after data.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from config.language.texts import Text
from surveys.collection.models.response import Response
from surveys.collection.models.survey import Survey
from surveys.questionnaires.questionnaire import Questionnaire

ID, STATUS, SECONDS = "_id", "_status", "_seconds"
SUBMITTED, STARTED = "_submitted_at", "_started_at"
# name: words and kind, in the order of the columns
ABOUT = {
    ID: (Text("编号", "Id"), "text"),
    STATUS: (Text("状态", "Status"), "own"),
    "_questionnaire": (Text("问卷版本", "Questionnaire"), "own"),
    "_flags": (Text("质量标记", "Flags"), "own"),
    STARTED: (Text("开始时间", "Started"), "moment"),
    SUBMITTED: (Text("提交时间", "Submitted"), "moment"),
    "_received_at": (Text("收到时间", "Received"), "moment"),
    SECONDS: (Text("用时（秒）", "Seconds"), "decimal"),
    "_entered_by": (Text("录入人", "Entered by"), "own"),
    "_file": (Text("来自文件", "From the file"), "own"),
    "_row": (Text("文件中的行", "Row of the file"), "integer"),
}


def seconds_column(section: str) -> str:
    """Return the column of the seconds that a section took."""
    return f"{SECONDS}/{section}"


def columns(questionnaire: Questionnaire) -> dict[str, tuple[Text, str]]:
    """Return every column with its words and kind; each section has its seconds."""
    sections = {
        seconds_column(section.name): (
            Text(f"用时（秒）：{section.label.zh}", f"Seconds: {section.label.en}"),
            "decimal",
        )
        for section in questionnaire.sections
    }
    return {**ABOUT, **sections}


def cells(
    responses: Sequence[Response], survey: Survey, questionnaire: Questionnaire
) -> dict[str, list[str]]:
    """Return the cells of every column, "" where nothing is known; flags are those of the last time
    that the checks ran. The weight too, with all its digits: rankings read it rounded to 15.
    """
    last = survey.quality_runs.first()
    run = last.pk if last else None
    rows = [(*_known(response, run), *_seconds(response, questionnaire)) for response in responses]
    names = columns(questionnaire)
    found = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    return {"_weight": [repr(response.weight) for response in responses], **found}


def moment(when: datetime | None) -> str:
    """Return a moment as files have it: ISO 8601 to the millisecond, with the offset of the place
    of the survey.
    """
    if when is None:
        return ""
    local = timezone.localtime(when)
    return local.isoformat("T", "milliseconds" if local.microsecond else "seconds")


def _known(response: Response, run: int | None) -> tuple[str, ...]:
    """Return the cells of ABOUT, in their order."""
    flags = sorted({f.check_name for f in response.flags.all() if f.run_id == run})
    file, clerk = response.imported_from, response.entered_by
    return (
        str(response.uid),
        response.status,
        f"{response.version.name}@{response.version.version}",
        " ".join(flags),
        moment(response.started_at),
        moment(response.submitted_at),
        moment(response.received_at),
        f"{sum(response.seconds.values()):.15g}" if response.seconds else "",
        clerk.get_username() if clerk else "",
        file.name if file else "",
        "" if response.row is None else str(response.row),
    )


def _seconds(response: Response, questionnaire: Questionnaire) -> tuple[str, ...]:
    names = dict.fromkeys(section.name for section in questionnaire.sections)
    spent = map(response.seconds.get, names)
    return tuple("" if seconds is None else f"{seconds:.15g}" for seconds in spent)
