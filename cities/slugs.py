from django.utils.text import slugify


def unique_slug(model, title, longest=100):
    """An address for a thing of this title that no other thing of the model has."""
    stem = slugify(title)[:longest].strip("-") or model._meta.model_name
    taken = set(model._base_manager.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug
