from django import template

from documents.richtext import shown, words_of

register = template.Library()
register.filter("shown", shown)
register.filter("words_of", words_of)
