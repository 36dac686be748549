from calendar import monthrange

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from modeltranslation.translator import translator

from cities.cards import columns, fields_among, in_languages, names_of
from cities.dates import DatePrecision
from cities.models import City
from journal.models import Event
from projects.models import Project
from projects.parts import ProjectLink
from projects.states import PartnershipStatus, ProjectStatus

TRANSLATED = translator.get_options_for_model(Project).fields
IN_LANGUAGE = {"it": _("%(label)s, in Italian"), "en": _("%(label)s, in English")}
MOST_LINKS = 10


class PictureInput(forms.ClearableFileInput):
    """Shows the picture there is, and lets it be replaced or removed."""

    template_name = "components/picture_input.html"


class ProjectForm(forms.ModelForm):
    """The card of a project, as a delegate of its lead city fills it in."""

    # The last event when the form was opened: whoever saves second sees what the first has saved.
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    overtaken = False

    class Meta:
        model = Project
        fields = columns(
            Project,
            [
                n
                for n in fields_among(Project, names_of(Project))
                if n not in ("contact", "is_good_practice")
            ],
        )
        widgets = {
            **{name: forms.Textarea(attrs={"rows": 4}) for name in columns(Project, ["summary"])},
            "starts_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "picture": PictureInput,
            "partners": forms.CheckboxSelectMultiple,
            "fields": forms.CheckboxSelectMultiple,
            "lines": forms.CheckboxSelectMultiple,
            "goals": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "partners": _(
                "They are asked when the project is submitted, and answer for themselves."
            ),
            "precision": _("If you know only the month or the year, any day of it will do."),
            "looking_for_partners": _("Other cities find it under “looking for partners”."),
        }

    def __init__(self, *args, by, to_submit=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.to_submit = by, to_submit
        self.links = LinkFormSet(
            self.data if self.is_bound else None, instance=self.instance, prefix="links"
        )
        self.answered = self.cities_that_answered()
        if self.instance.pk and not self.is_bound:
            self.initial["version"] = self.instance.events.aggregate(last=Max("pk"))["last"] or 0
        members = City.objects.members()
        own = City.objects.served_by(by).filter(
            Q(pk__in=members.order_by().values("pk")) | Q(pk=self.instance.lead_id)
        )
        self.fields["lead"].queryset = own
        self.fields["lead"].empty_label = None
        self.fields["partners"].required = False
        self.fields["partners"].queryset = members.exclude(
            pk__in=[each.city_id for each in self.answered]
        ).exclude(pk__in=own if len(own) == 1 else [])
        for name in columns(Project, TRANSLATED):
            self.speak(name)
        for name in Project.NEEDED:
            self.fields[name].needed_later = not self.fields[name].required

    def cities_that_answered(self):
        if not self.instance.pk:
            return []
        answered = self.instance.partnerships.exclude(status=PartnershipStatus.INVITED)
        return list(answered.select_related("city"))

    def speak(self, name):
        """Name the language of a field, for those who read and for their spelling checker."""
        stem, _underscore, code = name.rpartition("_")
        label = Project._meta.get_field(stem).verbose_name.capitalize()
        self.fields[name].label = IN_LANGUAGE[code] % {"label": label}
        self.fields[name].widget.attrs["lang"] = code

    def sections(self):
        """The card's sections for the page: fields, and blocks of fields in two languages."""
        for section in Project.CARD:
            heading, names = section.heading, fields_among(Project, section.names)
            blocks = []
            for each in in_languages(
                Project, [n for n in names if n not in ("contact", "is_good_practice")]
            ):
                if not isinstance(each, tuple):
                    blocks.append({"field": self[each]})
                    continue
                if not blocks or "languages" not in blocks[-1]:
                    blocks.append({"languages": {}})
                for column in each:
                    code = column.rpartition("_")[2]
                    blocks[-1]["languages"].setdefault(code, []).append(self[column])
            yield {"heading": heading, "blocks": blocks}

    def clean(self):
        cleaned = super().clean()
        self.widen_dates(cleaned)
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The end cannot come before the beginning."))
        if "partners" in cleaned:
            stay = [each.city for each in self.answered]
            everyone = {*cleaned["partners"], *stay}
            cleaned["partners"] = everyone - {cleaned.get("lead")}
        if self.to_submit:
            self.ask_for_what_is_missing(cleaned)
        return cleaned

    def widen_dates(self, cleaned):
        """A month begins on its first day and ends on its last; so does a year."""
        precision = cleaned.get("precision")
        if precision == DatePrecision.DAY:
            return
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        whole_year = precision == DatePrecision.YEAR
        if start:
            cleaned["starts_on"] = start.replace(day=1, month=1 if whole_year else start.month)
        if end:
            month = 12 if whole_year else end.month
            cleaned["ends_on"] = end.replace(day=monthrange(end.year, month)[1], month=month)

    def ask_for_what_is_missing(self, cleaned):
        needed = [*Project.NEEDED, *(["picture_alt_it"] if cleaned.get("picture") else [])]
        for name in needed:
            value = cleaned.get(name)
            is_empty = not strip_tags(value).strip() if isinstance(value, str) else not value
            if is_empty and name not in self.errors:
                self.say_it_is_needed(name)

    def say_it_is_needed(self, name):
        self.add_error(name, _("Needed before the project can be submitted."))

    def point_out(self, names):
        """Show beside its field what is missing in a draft that was not sent just now."""
        self.errors  # noqa: B018  an unbound form makes its empty list of errors here
        self.cleaned_data = {}
        for name in names:
            self.say_it_is_needed(name)

    def is_valid(self):
        """A browser does not send a file twice: if anything is wrong, say so beside it."""
        valid = all([super().is_valid(), self.links.is_valid()])
        if self.is_bound and not valid and "picture" in self.files and "picture" not in self.errors:
            self.ask_for_the_picture_again()
        return valid

    def ask_for_the_picture_again(self):
        self.add_error(
            "picture", _("Please choose the picture again: it could not be kept with the rest.")
        )

    def keep(self):
        """Save the draft, and submit it if asked. False, with an error, if that is too late."""
        try:
            return self.save_draft()
        except IntegrityError:  # two projects of one title at the same moment
            self.add_error(
                None, _("Somebody saved the same at the same moment: please send it once more.")
            )
            return False

    def is_overtaken(self):
        """Whether somebody else has changed the draft since; sending it once more insists."""
        version = self.cleaned_data["version"]
        if version is None:
            return False
        since = self.instance.events.filter(pk__gt=version).exclude(actor=self.by).recent().first()
        if since:
            self.data = self.data.copy()
            self.data["version"] = since.pk
            self.overtaken = True
            self.add_error(
                None,
                _(
                    "%(person)s has changed this project while you were writing, and nothing of "
                    "yours is saved yet. Compare both texts, put together what you want to keep, "
                    "and save once more."
                )
                % {"person": since.actor or _("The portal")},
            )
            if "picture" in self.files:
                self.ask_for_the_picture_again()
        return since is not None

    def save_draft(self):
        project = self.instance
        is_new = project.pk is None
        with transaction.atomic():
            if not is_new:
                project.lock_status()
            if project.status != ProjectStatus.DRAFT:
                self.add_error(
                    None,
                    _(
                        "The project has been handed on in the meantime and cannot be changed now. "
                        "What you typed is still here: copy what you need."
                    ),
                )
                return False
            if self.is_overtaken():
                return False
            if is_new:
                project.slug, project.created_by = Project.free_slug(project.title_it), self.by
            project._history_user = self.by
            self.save()
            self.links.save()
            Event.objects.record(project, "create" if is_new else "update", by=self.by)
            if self.to_submit:
                project.submit(by=self.by)
        return True


LinkFormSet = forms.inlineformset_factory(
    Project,
    ProjectLink,
    fields=["url", "label_it", "label_en"],
    labels={
        "label_it": _("What is there, in Italian"),
        "label_en": _("What is there, in English"),
    },
    extra=2,
    max_num=MOST_LINKS,
    validate_max=True,
    can_delete_extra=False,
)


class CommentForm(forms.Form):
    """Why something is sent back or declined; the people concerned read it."""

    comment = forms.CharField(
        label=_("Your comment"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2000,
        error_messages={"required": _("Please write why: the people concerned will read it.")},
    )
