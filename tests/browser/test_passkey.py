"""A delegate adds a passkey and comes in with it, without a password."""

import re

import pytest
from playwright.sync_api import expect

from accounts.invitations import invitation_token
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


def test_an_invited_person_comes_in_by_a_passkey_and_never_has_a_password(parma, window, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    make.page(slug="privacy")
    person = make.delegate(city=parma, password=None, first_name="Ada")
    page = window(locale="en-GB", viewport={"width": 360, "height": 740})
    main = page.get_by_role("main")
    give_authenticator(page)

    page.goto(f"/en/invitation/{invitation_token(person)}/")
    main.get_by_role("link", name="Use a passkey instead").click()
    come_in = main.get_by_role("button", name="Make a passkey and come in")
    come_in.click()
    expect(page).to_have_url(re.compile("/passkey/$"))  # the notice was not ticked
    assert not person.authenticator_set.exists()

    main.get_by_label("I have read the privacy notice").check()
    main.get_by_label("English").check()
    come_in.click()
    expect(page).to_have_url(re.compile("/en/desk/$"))
    person.refresh_from_db()
    assert not person.has_usable_password()
    assert person.privacy_accepted_at is not None

    page.get_by_role("banner").get_by_role("button", name="Log out").click()
    page.goto("/en/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page).to_have_url(re.compile("/desk/$"))


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
