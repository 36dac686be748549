"""Read what was touched last, and what looks for partners, in order from an index too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0004_lists_in_order")]

    operations = [
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["-updated_at", "-id"], name="project_touched"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(
                fields=["looking_for_partners", "-published_at", "-id"], name="project_seeking"
            ),
        ),
    ]
