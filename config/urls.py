"""Every address of the site."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from config import health
from config.accounts import audit_views, people_views, token_views
from config.accounts.second_factor import views as second_factor_views
from config.accounts.signing_in import session_views
from config.accounts.signing_in import views as signing_in_views
from config.console import resume
from config.work import views as job_views

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("login/", signing_in_views.sign_in, name="login"),
    path("login/second/", signing_in_views.second_step, name="second-step"),
    path("people/", people_views.index, name="people"),
    path("people/invite/", people_views.invite, name="person-invite"),
    path("people/<int:pk>/", people_views.person, name="person"),
    path("people/<int:pk>/link/", people_views.new_link, name="person-link"),
    path("people/<int:pk>/leave/", people_views.leave, name="person-leave"),
    path("people/<int:pk>/second-factor/", second_factor_views.reset, name="person-reset"),
    path("people/<int:pk>/sign-out/", session_views.sign_out, name="person-sign-out"),
    path("account/", people_views.account, name="account"),
    path("account/confirm/", signing_in_views.confirm, name="confirm"),
    path("account/sessions/", session_views.index, name="sessions"),
    path("account/sessions/end/", session_views.end_others, name="sessions-end-others"),
    path("account/sessions/<int:pk>/end/", session_views.end, name="session-end"),
    path("account/second-factor/", include("config.accounts.second_factor.urls")),
    path("welcome/<str:token>/", people_views.welcome, name="welcome"),
    path("audit/", audit_views.trail, name="audit"),
    path("audit/export/", audit_views.export, name="audit-export"),
    path("audit/<int:number>/", audit_views.event, name="audit-event"),
    # a second time, or after the session has ended, it does no harm
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    path("language/setlang/", login_not_required(set_language), name="set_language"),
    path("resume/", resume.resume, name="resume"),
    path("jobs/", job_views.index, name="jobs"),
    path("jobs/<int:pk>/again/", job_views.again, name="job-again"),
    path("tokens/", token_views.index, name="tokens"),
    path("tokens/<int:pk>/revoke/", token_views.revoke, name="token-revoke"),
    path("api/v1/", include("config.api.urls")),
    path("api/v1/", include("config.work.api_urls")),
    path("api/v1/", include("surveys.api_urls")),
    path("api/v1/", include("inspections.api_urls")),
    path("api/v1/", include("reports.api_urls")),
    path("", include("surveys.urls")),
    path("", include("inspections.urls")),
    path("", include("reports.urls")),
]

# within the API every refusal has the API's one form
handler400 = "config.api.problems.bad_request"
handler404 = "config.api.problems.not_found"
handler500 = "config.api.problems.server_error"
