from django import template

from documents.richtext import shown

register = template.Library()
register.filter("shown", shown)
