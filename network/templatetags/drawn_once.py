"""What is the same for all readers of a language is drawn once, not for each of them."""

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.tag
def drawn_once(parser, token):
    """{% drawn_once section %} … {% enddrawn_once %}: kept as long as the process runs.

    What stands between may follow from the settings, the language and the values that are named,
    of which there must be few: nothing of the request, the reader or the database.
    """
    values = [parser.compile_filter(each) for each in token.split_contents()[1:]]
    nodes = parser.parse(["enddrawn_once"])
    parser.delete_first_token()
    return DrawnOnce(values, nodes)


class DrawnOnce(template.Node):
    def __init__(self, values, nodelist):
        self.values, self.nodelist = values, nodelist
        self.drawn = {}

    def render(self, context):
        key = get_language(), *(str(value.resolve(context)) for value in self.values)
        if key not in self.drawn:
            self.drawn[key] = self.nodelist.render(context)
        return self.drawn[key]
