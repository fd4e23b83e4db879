"""Addresses of the pages for respondents, and of the back office's pages of surveys."""

from __future__ import annotations

from django.urls import path, re_path

from surveys.views import cleaning, console, designer, exports, fieldwork, fill, keying, notice, pictures, trial, ways

urlpatterns = [
    path("s/<slug:slug>/", notice.survey, name="survey-page"),
    path("s/<slug:slug>/thanks/<slug:receipt>/", notice.thanks, name="thanks"),
    path("s/<slug:slug>/thanks/<slug:receipt>/contact/", notice.contact, name="contact"),
    path("s/<slug:slug>/<str:token>/", fill.fill, name="fill"),
    path("q/<slug:code>/", notice.entrance, name="entrance"),
    path("i/<str:token>/", ways.invitation, name="invitation"),
    path("withdraw/", notice.withdraw, name="withdraw"),
    path("w/<slug:receipt>/", notice.withdraw, name="withdraw-receipt"),
    path("questionnaires/<int:pk>/pictures/<str:name>", pictures.picture, name="questionnaire-picture"),
    path("questionnaires/", designer.index, name="questionnaires"),
    path("questionnaires/upload/", designer.upload, name="upload-new"),
    path("questionnaires/uploads/<int:pk>/", designer.uploaded, name="upload"),
    path("questionnaires/uploads/<int:pk>/try/", trial.attempt, name="try"),
    path("questionnaires/uploads/<int:pk>/freeze/", designer.freeze, name="upload-freeze"),
    path("questionnaires/<int:pk>/", designer.version, name="version"),
    path("questionnaires/<int:pk>/survey/", designer.survey, name="survey-new"),
    path("questionnaires/<int:pk>/move/<slug:slug>/", designer.move, name="survey-move"),
    path("surveys/", console.surveys, name="surveys"),
    path("surveys/<slug:slug>/", console.survey, name="survey"),
    path("surveys/<slug:slug>/ways/", ways.ways, name="ways"),
    path("surveys/<slug:slug>/ways/add/", ways.add, name="way-add"),
    path("surveys/<slug:slug>/ways/posters.pdf", ways.poster, name="posters"),
    path("surveys/<slug:slug>/ways/paper.pdf", ways.paper, name="paper"),
    path("surveys/<slug:slug>/ways/invite/", ways.invite, name="invite"),
    path("surveys/<slug:slug>/ways/remind/", ways.remind, name="remind"),
    path("surveys/<slug:slug>/fieldwork/", fieldwork.fieldwork, name="fieldwork"),
    path("surveys/<slug:slug>/targets/", fieldwork.plan, name="targets"),
    path("surveys/<slug:slug>/targets.xlsx", fieldwork.plan_file, name="targets-file"),
    path("surveys/<slug:slug>/answers.<str:form>", exports.answers, name="answers"),
    path("surveys/<slug:slug>/cleaning/", cleaning.page, name="cleaning"),
    path("surveys/<slug:slug>/cleaning/run/", cleaning.run, name="cleaning-run"),
    path("surveys/<slug:slug>/cleaning/finish/", cleaning.finish, name="cleaning-finish"),
    path("surveys/<slug:slug>/cleaning/<int:pk>/", cleaning.decide, name="cleaning-decide"),
    path("surveys/<slug:slug>/keying/", keying.key, name="keying"),
    path("surveys/<slug:slug>/keying/<int:pk>/", keying.settle, name="settle"),
    path("ways/<slug:code>/switch/", ways.switch, name="way-switch"),
    path("ways/<slug:code_>/code.svg", ways.qr, name="way-code"),
    re_path(r"^surveys/(?P<slug>[-\w]+)/(?P<what>open|close|reopen)/$", console.step, name="survey-step"),
]
