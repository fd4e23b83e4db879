"""How long a question takes to read and to answer on a phone."""

from __future__ import annotations

from config.language.texts import Language
from surveys.questionnaires.questionnaire import UPLOADS, Question

# characters read in a second by somebody unhurried: 240 a minute in Chinese, 160 words of six
# letters in English
READ = {"zh-Hans": 4.0, "en": 16.0}
# seconds from having read it to having answered it
ANSWER = {
    "select_one": 4.0,
    "select_multiple": 7.0,
    "range": 4.0,
    "company": 8.0,
    "integer": 5.0,
    "decimal": 6.0,
    "date": 8.0,
    "time": 6.0,
    "datetime": 12.0,
    "text": 20.0,
    "geopoint": 10.0,
    "image": 25.0,
    "file": 25.0,
    "audio": 40.0,
    "video": 40.0,
    "rank": 20.0,
}
WHEN_OPTIONAL = 0.3  # so many of those asked write something where they need not
OPTIONS_READ = 8  # one does not read on when one has found one's answer


def seconds_of(question: Question, language: Language) -> float:
    """Return the seconds that a question takes, one instance of a repeat included."""
    words = len(question.label.get(language)) + len(question.hint.get(language))
    if "scale" not in question.appearance.split():
        words += (
            sum(len(choice.label.get(language)) for choice in question.choices[:OPTIONS_READ]) // 2
        )
    answer = ANSWER.get(question.kind, 0.0) if question.is_asked else 0.0
    if question.kind in ("text", *UPLOADS) and question.required is None:
        answer *= WHEN_OPTIONAL
    return (
        words / READ[language] + answer + sum(seconds_of(part, language) for part in question.parts)
    )
