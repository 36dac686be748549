"""Dates are read as they are written, in both languages."""

from datetime import date

import pytest
from django import forms
from django.utils import formats, translation


@pytest.mark.parametrize("language", ["it", "en"])
def test_a_day_that_is_typed_as_it_is_shown_is_that_day(language):
    day = date(2026, 11, 10)
    with translation.override(language):
        shown = formats.date_format(day, "SHORT_DATE_FORMAT")
        assert shown == "10/11/2026"
        assert forms.DateField().clean(shown) == day
        assert forms.DateField().clean("2026-11-10") == day
