"""The photographs of a meeting in the admin, below its form."""

from django.contrib import admin

from documents.admin import IllustratedAdmin
from meetings.models import MeetingPhoto


class PhotoInline(IllustratedAdmin, admin.StackedInline):
    """What the page of the meeting shows of the day, and links to it carry."""

    model = MeetingPhoto
    extra = 0
    classes = ["collapse"]
    fields = [
        ("picture", "picture_now"),
        ("picture_alt_it", "picture_alt_en"),
        ("picture_credit", "picture_licence", "picture_focus"),
        "position",
    ]
    readonly_fields = []
