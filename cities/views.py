from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render


@login_not_required
def city_list(request, slug="", pk=0):
    return render(request, "cities/city_list.html")


@login_not_required
def city_detail(request, slug="", pk=0):
    return render(request, "cities/city_detail.html")


@login_not_required
def cluster_list(request, slug="", pk=0):
    return render(request, "cities/cluster_list.html")


@login_not_required
def cluster_detail(request, slug="", pk=0):
    return render(request, "cities/cluster_detail.html")
