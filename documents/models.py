import uuid

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import storages
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Q
from django.db.models.deletion import Collector
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.files import clean_document, extension_of, throw_away
from documents.traces import without_traces
from documents.widths import UnmadeWidths  # noqa: F401  a model of this room


class Audience(models.TextChoices):
    """Who may open a document."""

    PUBLIC = "public", _("everyone")
    DELEGATES = "delegates", _("delegates and observers")
    PARTICIPANTS = "participants", _("those invited")
    COORDINATORS = "coordinators", _("coordinators")

    @classmethod
    def of(cls, model):
        """The choices for documents of such a thing: not all are things that people join."""
        joined = hasattr(model.objects, "open_to_participant")
        return [each for each in cls.choices if joined or each[0] != cls.PARTICIPANTS]


def private_storage():
    return storages["private"]


def private_name(document, filename):
    """A name of ours: nothing of what the sender's machine called it reaches the disk."""
    return f"documents/{document.pk}{extension_of(filename)}"


class DocumentField(models.FileField):
    """A file of which pictures are kept without what cameras write beside them."""

    def pre_save(self, model_instance, add):
        file = getattr(model_instance, self.attname)
        if file and not file._committed:
            file.file = without_traces(file.file, file.name)
        return super().pre_save(model_instance, add)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.FileField", args, kwargs


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Documents whose audience this person belongs to, of things they may see.

        A model that people are invited to says to which: `open_to_participant(user)`.
        """
        audiences = [Audience.PUBLIC]
        if user.is_authenticated and user.takes_part:
            audiences.append(Audience.DELEGATES)
            if user.is_coordinator:
                audiences.append(Audience.COORDINATORS)
        allowed = Q(pk=None)
        for model in models_with_documents():
            kind = ContentType.objects.get_for_model(model)
            seen = model.objects.visible_to(user).order_by().values("pk")
            allowed |= Q(content_type=kind, object_id__in=seen, audience__in=audiences)
            if user.is_authenticated and hasattr(model.objects, "open_to_participant"):
                joined = model.objects.open_to_participant(user).order_by().values("pk")
                allowed |= Q(
                    content_type=kind, object_id__in=joined, audience=Audience.PARTICIPANTS
                )
        return self.filter(allowed)

    def for_lists(self):
        """With the files they held before, and who had brought those."""
        versions = DocumentVersion.objects.select_related("uploaded_by")
        return self.prefetch_related(models.Prefetch("versions", versions))

    def kept_by(self, user):
        """Those this person may change where they keep the thing: what they may open, and what
        they brought themselves."""
        return self.visible_to(user) | self.filter(uploaded_by=user)


def models_with_documents():
    """The models that say `documents = GenericRelation(Document)`."""
    for model in apps.get_models():
        if any(
            isinstance(field, GenericRelation) and field.related_model is Document
            for field in model._meta.private_fields
        ):
            yield model


def throw_away_with(things):
    """Take from the disk the files of all documents that go when these things are deleted."""
    collector = Collector(using=DEFAULT_DB_ALIAS)
    collector.collect(things)
    for document in collector.data.get(Document, []):
        document.throw_away_files()


class Kept:
    """What both a document and its earlier versions tell of their file."""

    @property
    def extension(self):
        return extension_of(self.file.name).removeprefix(".").upper()

    @property
    def size(self):
        """In bytes; None where the storage has lost the file."""
        try:
            return self.file.size
        except OSError:
            return None


class Document(Kept, models.Model):
    """A file that belongs to a thing of the network and has an audience (documento)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_type = models.ForeignKey(
        ContentType, models.CASCADE, verbose_name=_("what it belongs to")
    )
    object_id = models.PositiveBigIntegerField()
    owner = GenericForeignKey()
    title = models.CharField(_("title"), max_length=200)
    file = DocumentField(
        _("file"),
        upload_to=private_name,
        storage=private_storage,
        max_length=255,  # of what the sender calls it: the name on the disk is ours and short
        validators=[clean_document],
        help_text=_("PDF, DOCX, XLSX, PPTX, ODT, ODS, PNG, JPEG or ZIP, at most 20 MB."),
    )
    audience = models.CharField(
        _("who may open it"), max_length=20, choices=Audience, default=Audience.DELEGATES
    )
    uploaded_at = models.DateTimeField(_("uploaded on"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )

    COLUMNS = ["title", "file", "audience"]

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["uploaded_at", "pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="document_owner")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("document_download", args=[self.pk])

    def replace(self, before, *, by):
        """Keep the file it held before among its versions; the new one is this person's, of now."""
        self.versions.create(
            file=before.name, uploaded_at=self.uploaded_at, uploaded_by=self.uploaded_by
        )
        self.uploaded_at, self.uploaded_by = timezone.now(), by

    def throw_away_files(self):
        """Take its file, and those it held before, from the disk."""
        for file in [self.file, *(version.file for version in self.versions.all())]:
            throw_away(file)


class VersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of documents this person may open."""
        documents = Document.objects.visible_to(user).order_by().values("pk")
        return self.filter(document__in=documents)


class DocumentVersion(Kept, models.Model):
    """A file that a document held before it was replaced; it stays (versione)."""

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="versions", verbose_name=_("document")
    )
    file = models.FileField(_("file"), storage=private_storage, max_length=255)
    uploaded_at = models.DateTimeField(_("uploaded on"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("uploaded by"),
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self):
        return f"{self.document}, {self.uploaded_at:%Y-%m-%d}"

    def get_absolute_url(self):
        return reverse("document_version", args=[self.document_id, self.pk])
