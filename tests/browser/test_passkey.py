"""A delegate adds a passkey and comes in with it, without a password."""

import re

import pytest
from playwright.sync_api import expect

from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_delegate_adds_a_passkey_and_comes_in_by_it(fabriano_delegate, window, let_in, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    page = window(locale="en-GB")
    main = page.get_by_role("main")
    give_authenticator(page)
    let_in(page, fabriano_delegate)

    page.goto("/en/accounts/2fa/webauthn/add/")
    main.get_by_label("Password").fill(make.PASSWORD)
    main.get_by_role("button", name="Confirm").click()
    main.get_by_label("Name").fill("Telefono")
    main.get_by_label("Passwordless").check()
    main.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery Codes")

    page.get_by_role("banner").get_by_role("button", name="Log out").click()
    expect(page).to_have_url(re.compile("/en/$"))
    page.goto("/en/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page).to_have_url(re.compile("/desk/$"))
    expect(page.get_by_role("banner")).to_contain_text("Fabia")


def give_authenticator(page):
    """Let the browser hold a key that says yes, as a telephone does after a look at a face."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
