"""Read the newest projects in order from the index, instead of sorting all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_whole_reasons")]

    operations = [
        migrations.RemoveIndex(model_name="project", name="project_recent"),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["-published_at", "-id", "status"], name="project_newest"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["status", "updated_at"], name="project_by_status"),
        ),
    ]
