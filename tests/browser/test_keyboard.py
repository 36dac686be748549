"""Everything is reached, seen and done with the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

# What a person sees of the focus on the element that has it.
FOCUS = """async () => {
  await new Promise(requestAnimationFrame);
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const name = element.innerText || element.labels?.[0]?.innerText || element.outerHTML;
  return {
    name: name.trim(),
    href: element.getAttribute("href"),
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      || style.boxShadow !== "none",
    shown: box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0
      && box.top < innerHeight && box.left < innerWidth,
  };
}"""


def press(page, *keys):
    """Press keys; whatever has the focus then must show it."""
    for key in keys:
        page.keyboard.press(key)
    focus = page.evaluate(FOCUS)
    assert focus["shown"], f"the focus is out of sight on {focus['name']!r} at {page.url}"
    assert focus["marked"], f"nothing marks the focus on {focus['name']!r} at {page.url}"
    return focus


def press_until(page, key, name):
    """Press a key until the element whose name begins like this has the focus."""
    seen = []
    while not seen or not seen[-1].startswith(name):
        seen.append(press(page, key)["name"])
        assert len(seen) < 120, f"{name!r} is not reached, only {seen}"


def test_the_skip_link_the_menu_and_the_search(fabriano, page):
    page.goto("/en/")
    assert press(page, "Tab")["name"] == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    page.goto("/en/")
    press_until(page, "Tab", "Cities")
    summary = page.locator("#menu summary", has_text="Cities")
    panel = page.locator("#menu .menu__panel")
    expect(panel).to_be_hidden()
    press(page, "Enter")
    expect(panel).to_be_visible()
    assert press(page, "Tab")["name"] == "All cities, map and list"
    press(page, "Tab", "Tab")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(summary).to_be_focused()

    press(page, "Enter")
    press_until(page, "Tab", "Projects")
    expect(panel).to_be_hidden()
    press_until(page, "Tab", "Search the whole portal")
    page.keyboard.type("Fabriano")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/search/\?q=Fabriano$"))
    press_until(page, "Tab", "Fabriano")


def test_a_city_is_reached_on_the_map(fabriano, page):
    page.goto("/en/")
    while press(page, "Tab")["href"] != "/en/cities/fabriano/":
        pass
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fabriano")


def test_the_log_in_and_the_form_of_a_project(fabriano_delegate, page):
    page.goto("/en/accounts/login/")
    press_until(page, "Tab", "Email")
    page.keyboard.type(fabriano_delegate.email)
    press_until(page, "Tab", "Password")
    page.keyboard.type(make.PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/desk/$"))

    page.goto("/en/projects/new/")
    press_until(page, "Tab", "Title, in Italian")
    page.keyboard.type("Carte nuove")
    press_until(page, "Tab", "In a few words, in Italian")
    page.keyboard.type("In breve")
    press_until(page, "Tab", "Save the draft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The essentials")
    assert Project.objects.get().summary_it == "In breve"
