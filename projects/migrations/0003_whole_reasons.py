from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_whole_card")]

    operations = [
        migrations.AlterField(
            model_name="partnership",
            name="reason",
            field=models.TextField(blank=True, max_length=2000, verbose_name="reason"),
        ),
    ]
