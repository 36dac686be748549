from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render


@login_not_required
def news_list(request, slug="", pk=0):
    return render(request, "news/news_list.html")


@login_not_required
def news_detail(request, slug="", pk=0):
    return render(request, "news/news_detail.html")


@login_not_required
def page_detail(request, slug="", pk=0):
    return render(request, "news/page_detail.html")
