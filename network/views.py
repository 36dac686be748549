from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render


@login_not_required
def home(request, slug="", pk=0):
    return render(request, "network/home.html")


@login_not_required
def network_page(request, slug="", pk=0):
    return render(request, "network/network_page.html")


@login_not_required
def desk(request, slug="", pk=0):
    return render(request, "network/desk.html")
