from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils import translation

from accounts.addresses import address_of


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: coordinators invite. Mails speak the language of who gets them."""

    def is_open_for_signup(self, request):
        return False

    def get_client_ip(self, request):
        return address_of(request)

    def send_mail(self, template_prefix, email, context):
        """Speak the person's language, in the letter and behind its links."""
        language = getattr(context.get("user"), "language", None) or translation.get_language()
        context = {"site_url": settings.SITE_URL, "owner": settings.OWNER, **context}
        for name in [name for name in context if name in ("activate_url", "password_reset_url")]:
            path = urlsplit(translate_url(context[name], language)).path  # whatever host was asked
            context[name] = f"{settings.SITE_URL}{path}"
        with translation.override(language):
            super().send_mail(template_prefix, email, context)

    def render_mail(self, template_prefix, email, context, headers=None):
        """The library writes plain text; the same text goes beside it dressed as our letters."""
        mail = super().render_mail(template_prefix, email, context, headers)
        text = mail.body.partition("\n-- \n")[0]
        html = render_to_string("account/email/letter.html", {**context, "text": text})
        mail.attach_alternative(html, "text/html")
        return mail


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """An identity provider lets in people who were invited, and nobody else."""

    def is_open_for_signup(self, request, sociallogin):
        return False
