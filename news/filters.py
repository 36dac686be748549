import django_filters
from django.utils.translation import gettext_lazy as _

from cities.choosing import Choose
from cities.models import City
from news.models import NewsItem


class NewsFilter(django_filters.FilterSet):
    """What the list of news can be narrowed to; what makes no sense is ignored."""

    q = django_filters.CharFilter(label=_("Words"), method="search")
    city = django_filters.ModelChoiceFilter(
        label=_("City"),
        field_name="cities",
        to_field_name="slug",
        queryset=City.objects.members(),
        empty_label=_("All cities"),
        widget=Choose,
    )

    class Meta:
        model = NewsItem
        fields = []

    def search(self, queryset, name, value):
        return queryset.search(value)
