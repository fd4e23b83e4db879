"""The plain admin, for superusers only."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from config.accounts.models import User

admin.site.register(User, UserAdmin)
