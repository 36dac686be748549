from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render


@login_not_required
def desk(request, slug="", pk=0):
    return render(request, "network/desk.html")
