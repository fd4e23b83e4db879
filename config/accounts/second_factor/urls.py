"""Addresses of one's own second factor."""

from __future__ import annotations

from django.urls import path

from config.accounts.second_factor import views

urlpatterns = [
    path("", views.overview, name="second-factor"),
    path("app/", views.app, name="second-factor-app"),
    path("app/remove/", views.remove_app, name="second-factor-app-remove"),
    path("passkeys/add/", views.add_passkey, name="passkey-add"),
    path("passkeys/<int:pk>/", views.passkey, name="passkey"),
    path("passkeys/<int:pk>/remove/", views.remove_passkey, name="passkey-remove"),
    path("codes/", views.new_codes, name="recovery-codes"),
    path("off/", views.turn_off, name="second-factor-off"),
]
