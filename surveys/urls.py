"""Addresses of the pages for respondents, and of the back office's pages of surveys."""

from __future__ import annotations

from django.urls import path, re_path

from surveys.channels import views as channels
from surveys.channels.files import views as imports
from surveys.channels.invitations import views as invitations
from surveys.channels.links import views as links
from surveys.channels.paper import print_view
from surveys.channels.paper import views as keying
from surveys.channels.telephone import views as calls
from surveys.designing import trial
from surveys.designing import views as designer
from surveys.directory import views as companies
from surveys.monitoring import overview as console
from surveys.monitoring import settings
from surveys.monitoring import views as fieldwork
from surveys.quality import views as cleaning
from surveys.respondent import fill, notice, pictures
from surveys.responses import export_views as exports
from surveys.responses import views as sheets

urlpatterns = [
    path("s/<slug:slug>/", notice.survey, name="survey-page"),
    path("s/<slug:slug>/thanks/<slug:receipt>/", notice.thanks, name="thanks"),
    path("s/<slug:slug>/thanks/<slug:receipt>/contact/", notice.contact, name="contact"),
    path("s/<slug:slug>/<str:token>/", fill.fill, name="fill"),
    path("q/<slug:code>/", notice.collector, name="collector"),
    path("i/<str:token>/", notice.invitation, name="invitation"),
    path("withdraw/", notice.withdraw, name="withdraw"),
    path("w/<slug:receipt>/", notice.withdraw, name="withdraw-receipt"),
    path(
        "questionnaires/<int:pk>/pictures/<str:name>",
        pictures.picture,
        name="questionnaire-picture",
    ),
    path("questionnaires/", designer.index, name="questionnaires"),
    path("questionnaires/guide/", designer.guide, name="questionnaire-guide"),
    path("questionnaires/upload/", designer.upload, name="upload-new"),
    path("questionnaires/uploads/<int:pk>/", designer.uploaded, name="upload"),
    path("questionnaires/starters/<slug:name>.xlsx", designer.starter, name="starter"),
    path("questionnaires/starters/<slug:name>/", designer.start, name="starter-begin"),
    path(
        "questionnaires/uploads/<int:pk>/workbook/",
        designer.upload_workbook,
        name="upload-workbook",
    ),
    path("questionnaires/uploads/<int:pk>/again/", designer.read_again, name="upload-again"),
    path("questionnaires/uploads/<int:pk>/try/", trial.attempt, name="try"),
    path("questionnaires/uploads/<int:pk>/freeze/", designer.freeze, name="upload-freeze"),
    path("questionnaires/<int:pk>/", designer.version, name="version"),
    path("questionnaires/<int:pk>/workbook/", designer.version_workbook, name="version-workbook"),
    path("questionnaires/<int:pk>/survey/", designer.survey, name="survey-new"),
    path("questionnaires/<int:pk>/move/<slug:slug>/", designer.move, name="survey-move"),
    path("companies/", companies.index, name="companies"),
    path("companies.xlsx", companies.as_file, name="companies-file"),
    path("company/", companies.add, name="company-add"),
    path("companies/lists/<int:pk>/", companies.large_list, name="company-list"),
    path("companies/<slug:key>/", companies.company, name="company"),
    path("companies/<slug:key>/offer/", companies.offer, name="company-offer"),
    path("companies/<slug:key>/merge/", companies.merge, name="company-merge"),
    path("surveys/", console.surveys, name="surveys"),
    path("surveys/<slug:slug>/", console.survey, name="survey"),
    path("surveys/<slug:slug>/collectors/", channels.ways, name="collectors"),
    path("surveys/<slug:slug>/collectors/add/", links.add, name="collector-add"),
    path("surveys/<slug:slug>/collectors/posters.pdf", links.poster, name="posters"),
    path("surveys/<slug:slug>/collectors/paper.pdf", print_view.paper, name="paper"),
    path("surveys/<slug:slug>/collectors/invite/", invitations.invite, name="invite"),
    path("surveys/<slug:slug>/collectors/remind/", invitations.remind, name="remind"),
    path("surveys/<slug:slug>/settings/", settings.settings, name="survey-settings"),
    path("surveys/<slug:slug>/fieldwork/", fieldwork.fieldwork, name="fieldwork"),
    path(
        "surveys/<slug:slug>/fieldwork/figures/",
        fieldwork.fieldwork_figures,
        name="fieldwork-figures",
    ),
    path("surveys/<slug:slug>/targets/", fieldwork.plan, name="targets"),
    path("surveys/<slug:slug>/targets.xlsx", fieldwork.plan_file, name="targets-file"),
    path("surveys/<slug:slug>/answers.<str:form>", exports.answers, name="answers"),
    path("surveys/<slug:slug>/responses/", sheets.find, name="response-find"),
    path("surveys/<slug:slug>/responses/<uuid:uid>/", sheets.one, name="response"),
    path("surveys/<slug:slug>/pictures/<int:pk>.jpg", sheets.picture, name="response-picture"),
    path("surveys/<slug:slug>/calls/", calls.queue, name="calls"),
    path("surveys/<slug:slug>/calls/next/", calls.following, name="call-next"),
    path("surveys/<slug:slug>/calls/<int:pk>/", calls.call, name="call"),
    path("surveys/<slug:slug>/calls/<int:pk>/interview/", calls.interview, name="call-interview"),
    path("surveys/<slug:slug>/calls/<int:pk>/take-back/", calls.take_back, name="call-take-back"),
    path("surveys/<slug:slug>/imports/", imports.index, name="imports"),
    path("surveys/<slug:slug>/imports/<int:pk>/", imports.one, name="import"),
    path(
        "surveys/<slug:slug>/imports/<int:pk>/progress/",
        imports.progress,
        name="import-progress",
    ),
    path(
        "surveys/<slug:slug>/imports/<int:pk>/take-back/",
        imports.take_back,
        name="import-take-back",
    ),
    path(
        "surveys/<slug:slug>/imports/<int:pk>/results.csv", imports.results, name="import-results"
    ),
    re_path(
        r"^surveys/(?P<slug>[-\w]+)/imports/(?P<digest>[0-9a-f]{64})/$",
        imports.look,
        name="import-look",
    ),
    path("surveys/<slug:slug>/cleaning/", cleaning.page, name="cleaning"),
    path("surveys/<slug:slug>/cleaning/run/", cleaning.run, name="cleaning-run"),
    path("surveys/<slug:slug>/cleaning/finish/", cleaning.finish, name="cleaning-finish"),
    path("surveys/<slug:slug>/cleaning/<int:pk>/", cleaning.decide, name="cleaning-decide"),
    path("surveys/<slug:slug>/keying/", keying.key, name="keying"),
    path("surveys/<slug:slug>/keying/<int:pk>/", keying.settle, name="settle"),
    path("collectors/<slug:code>/switch/", links.switch, name="collector-switch"),
    path("collectors/<slug:code_>/code.svg", links.qr, name="collector-code"),
    re_path(
        r"^surveys/(?P<slug>[-\w]+)/(?P<what>open|close|reopen)/$", console.step, name="survey-step"
    ),
]
