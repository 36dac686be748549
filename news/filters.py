import django_filters
from django.utils.translation import gettext_lazy as _

from cities.choosing import Choose, member_cities
from news.models import NewsItem


class NewsFilter(django_filters.FilterSet):
    """What the list of news can be narrowed to; what makes no sense is ignored."""

    q = django_filters.CharFilter(label=_("Words"), method="search")
    city = django_filters.ChoiceFilter(
        label=_("City"),
        field_name="cities__slug",
        choices=member_cities,
        empty_label=_("All cities"),
        widget=Choose,
    )

    class Meta:
        model = NewsItem
        fields = []

    def search(self, queryset, name, value):
        return queryset.search(value)
