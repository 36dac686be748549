from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.cache import never_cache

from documents.files import extension_of, media_type_of
from documents.models import Document, DocumentVersion


@login_not_required
@never_cache
def document_download(request, pk):
    """The one door: a file leaves if its audience allows, and always as a download.

    An anonymous visitor is sent to log in; someone logged in and refused gets 404.
    """
    document = Document.objects.visible_to(request.user).filter(pk=pk).first()
    return hand_out(document.file, document.title) if document else refused(request)


@login_not_required
@never_cache
def document_version(request, pk, version):
    """An earlier file of a document, through the same door, with its day in its name."""
    versions = DocumentVersion.objects.visible_to(request.user).select_related("document")
    found = versions.filter(document=pk, pk=version).first()
    if found is None:
        return refused(request)
    day = timezone.localtime(found.uploaded_at).date()
    return hand_out(found.file, f"{found.document.title} {day}")


def refused(request):
    """Whoever is not logged in may have to; anybody else finds nothing here."""
    if request.user.is_authenticated:
        raise Http404
    return redirect_to_login(request.get_full_path())


def hand_out(file, title):
    """A private file as a download under its title; whoever calls this has asked who may."""
    if settings.X_ACCEL_PREFIX:
        response = HttpResponse()
        response["X-Accel-Redirect"] = f"{settings.X_ACCEL_PREFIX}{file.name}"
    else:
        response = FileResponse(open_or_404(file))
    name = f"{slugify(title) or 'document'}{extension_of(file.name)}"
    response["Content-Type"] = media_type_of(file.name)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def open_or_404(file):
    try:
        return file.open("rb")
    except FileNotFoundError as lost:
        raise Http404 from lost
