"""Every page is for those who are signed in, except what says otherwise; a form that comes too
late is not lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from config.accounts.models import User
from config.accounts.second_factor import services as second_factor
from config.accounts.signing_in import sessions
from config.console import resume

View = Callable[..., HttpResponseBase]


class SignInRequired(LoginRequiredMiddleware):
    """Send who is not signed in to the sign-in page, with what they sent kept for afterwards.

    Views that are for everybody are marked with `login_not_required`.
    """

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Let those in who are signed in, with all that their role demands."""
        # asked before who it is: a respondent's page reads no session and sets no Vary: Cookie
        if _is_public(view_func):
            return None
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is None and isinstance(request.user, User):
            sessions.note(request, request.user)
        if answer is None and self._has_to_set_up(request, view_func):
            answer = redirect("second-factor")
        elif answer is None:
            resume.forget_sent(request)
        if "HX-Request" in request.headers and isinstance(answer, HttpResponseRedirect):
            # the whole page goes there; a part of it would be filled with the sign-in page
            return HttpResponseClientRedirect(answer.url)
        return answer

    def _has_to_set_up(self, request: HttpRequest, view: View) -> bool:
        """Say whether the page has to wait for the second factor that the person's role demands."""
        if getattr(view, "before_second_factor", False):
            return False
        return isinstance(request.user, User) and second_factor.is_wanting(request.user)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Note who is signed in, where a page has asked for it, and let nobody keep the page: the
        next one at this machine would find it, or a proxy hand it on.
        """
        match = request.resolver_match
        if match and not _is_public(match.func):
            response.headers.setdefault("Cache-Control", "private, no-store")
            if request.user.is_authenticated:
                resume.remember_who(request, response)
        return response

    def handle_no_permission(self, request: HttpRequest, view_func: View) -> HttpResponseRedirect:
        """Go to the sign-in page and from there to what was asked for, or to what was sent."""
        after = request.get_full_path()
        if request.method == "POST" and resume.keep_post(request):
            after = resolve_url("resume")
        elif "HX-Request" in request.headers:
            after = HtmxDetails(request).current_url_abs_path or after  # the page, not its part
        return redirect_to_login(
            after, self.get_login_url(view_func), self.get_redirect_field_name(view_func)
        )


def _is_public(view: View) -> bool:
    return not getattr(view, "login_required", True)
