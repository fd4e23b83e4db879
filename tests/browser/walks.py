"""A person walks through a whole questionnaire in the browser, answering by chance; the server
behind it is the one that answers respondents, without its database.

After every answer what the page shows is held against what the server would show.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory

from config.language.languages import speaking
from config.language.texts import Language
from surveys.forms.fields import answer_text_of
from surveys.forms.page import page_of
from surveys.forms.posted import merged, read
from surveys.forms.steps import Step, take
from surveys.questionnaires.answers import Evaluation, place_of
from surveys.questionnaires.questionnaire import Questionnaire
from tests.surveys.questionnaires import twins

ADDRESS = "http://sheet.test/s/walk/token/"
MOST_STEPS = 120

# types an answer as a hand would: a tap, or a text; nothing for what cannot be seen or chosen
TYPED = """(all) => all.forEach(([name, answer]) => {
  const fields = Array.from(document.querySelectorAll(`[name="${CSS.escape(name)}"]`)).filter((f) => f.type !== "hidden");
  const seen = fields.filter((f) => !f.disabled && f.closest(".question").offsetParent !== null);
  if (!seen.length) return;
  const answers = [].concat(answer);
  seen.forEach((f, at) => {
    if (f.type === "radio" || f.type === "checkbox") {
      if (f.checked === answers.includes(f.value) || (f.type === "radio" && !answers.includes(f.value))) return;
      f.checked = answers.includes(f.value);
    } else if (f.tagName === "SELECT") {
      const option = Array.from(f.options).find((one) => one.value === (answers[at] || "") && !one.disabled);
      if (!option) return;
      option.selected = true;
    } else f.value = answers[0];
    f.dispatchEvent(new Event("input", { bubbles: true }));
  });
})"""
SHOWN = """() => {
  const form = document.getElementById("sheet");
  const logic = JSON.parse(document.getElementById("logic").textContent);
  const boxes = Array.from(form.querySelectorAll(".question")).map((box) => ({
    name: box.dataset.name,
    hidden: box.hidden,
    insisted: "insisted" in box.dataset,
    message: logic.questions[box.dataset.question].message,
    error: (box.querySelector(":scope > .error") || {}).textContent || "",
    worked: (box.querySelector(":scope > p > output[data-of]") || {}).textContent,
    choices: Array.from(box.querySelectorAll(":scope > div input, :scope > label input, :scope > select option"))
      .filter((one) => one.value && !one.disabled && one.type !== "text").map((one) => one.value),
  }));
  return [boxes, new URLSearchParams(new FormData(form)).toString()];
}"""


@dataclass
class Walk:
    """One person with one questionnaire. `differences`: what the page showed otherwise than the
    server; `blocked`: what was asked for without being in sight.
    """

    page: Any
    questionnaire: Questionnaire
    draw: random.Random
    language: Language = "zh-Hans"
    answers: dict[str, Any] = field(default_factory=dict)
    differences: list[Any] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    shown: int = 0
    steps: int = 0
    step: Step | None = None

    def look(self, answers: dict[str, Any], *, is_prefilled: bool = False) -> Evaluation:
        return Evaluation(
            self.questionnaire,
            answers,
            today=twins.NOW.date(),
            now=twins.NOW,
            started=twins.STARTED,
            seed=twins.SEED,
            is_prefilled=is_prefilled,
        )

    def go(self) -> Step:
        """Walk from the first section to the end; return the last step. What the browser asks for
        is to come to `serve`.
        """
        self.step = Step(self.questionnaire.sections[0], {}, self.look({}))
        self.page.goto(ADDRESS)
        while self.steps < MOST_STEPS and not self.step.is_finished:
            self.steps += 1
            self._answer()
            with self.page.expect_navigation():
                self.page.locator(self._next_button()).first.click()
        return self.step

    def serve(self, route: Any) -> None:
        request = route.request
        if "/static/" in request.url:
            route.fulfill(path=finders.find(request.url.split("/static/")[1]))
            return
        if request.method == "POST":
            assert self.step is not None
            posted = RequestFactory().generic(
                "POST",
                "/",
                request.post_data_buffer or b"",
                content_type=request.headers["content-type"],
            )
            self.step = take(read(posted, self.step.section, self.step.answers), self.look)
        route.fulfill(content_type="text/html; charset=utf-8", body=self._html())

    def _html(self) -> str:
        assert self.step is not None
        with speaking(self.language):
            shown = page_of(
                self.step.evaluation,
                self.step.section,
                language=self.language,
                flaws=self.step.flaws,
                insisted=self.step.insisted,
            )
            context = {
                "title": "walk",
                "language": self.language,
                "action": ADDRESS,
                "section": self.step.section.name,
                "page": shown,
                "is_first": self.step.section is self.questionnaire.sections[0],
            }
            made = render_to_string("surveys/respondent/fill.html", context)
            return made.replace('rel="icon"', "")  # a browser asks for it when it has time

    def _next_button(self) -> str:
        wished = self.draw.choice(["next"] * 6 + ["more", "more", "less", "back"])
        there = self.page.locator(f"button.{wished}").filter(visible=True).count()
        return f"button.{wished}:visible" if there else "button.next"

    def _answer(self) -> None:
        """Answer what is in sight, in any order, some of it twice, and look after each answer."""
        assert self.step is not None
        boxes, posted = self.page.evaluate(SHOWN)
        self._hold(boxes, posted)
        self.blocked += [
            box["name"] for box in boxes if box["hidden"] and box["name"] in self.step.insisted
        ]
        every = [box["name"] for box in boxes]
        wrong = [flaw.question for flaw in self.step.flaws]
        names = self.draw.sample(every, len(every)) + self.draw.sample(every, len(every) // 3)
        typed = []
        for name in [*names, *wrong]:
            question = self.questionnaire.find(name.rpartition(":")[2])
            if question is None or not question.is_asked or question.kind == "repeat":
                continue
            if name not in wrong and self.draw.random() < 0.15:
                continue
            answer = twins.answer(question, self.draw)
            if answer is not None:
                typed.append([name, answer])
        self.page.evaluate(TYPED, typed)
        boxes, posted = self.page.evaluate(SHOWN)
        self._hold(boxes, posted)

    def _hold(self, boxes: list[dict[str, Any]], posted: str) -> None:
        """Hold what the page shows against what the server would show of what is on the page."""
        assert self.step is not None
        request = RequestFactory().generic(
            "POST", "/", posted.encode(), content_type="application/x-www-form-urlencoded"
        )
        answers, _refused = merged(self.step.answers, self.step.section, request)
        evaluation = self.look(answers)
        for box in boxes:
            place, name = place_of(box["name"])
            question = self.questionnaire.find(name)
            assert question is not None
            self.shown += 1
            ours: list[Any] = [evaluation.is_relevant(question, place) or box["insisted"]]
            theirs: list[Any] = [not box["hidden"]]
            if question.calculation is not None and question.kind != "note":
                ours.append(answer_text_of(evaluation, name, self.language, place))
                theirs.append(box["worked"])
            if question.choice_filter and question.calculation is None and theirs[0]:
                ours.append(sorted({c.name for c in evaluation.choices_of(question, place)}))
                theirs.append(sorted(set(box["choices"])))
            if box["message"] and box["error"] == box["message"] and theirs[0]:
                ours.append(True)  # whoever reads that it does not fit can believe it
                theirs.append(not twins.fits(evaluation, question, place))
            if ours != theirs:
                self.differences.append((box["name"], ours, theirs, answers))
