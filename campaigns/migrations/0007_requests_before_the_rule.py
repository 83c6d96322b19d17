from datetime import timedelta

from django.db import migrations
from django.db.models import F


def accept_what_was_there(apps, schema_editor):
    """What was asked of the designers at short notice before a manager had to accept it is accepted."""
    short = {"due_at__lt": F("created_at") + timedelta(days=14), "created_by__isnull": False}
    asked = apps.get_model("campaigns", "Task").objects.filter(role="design", code="", accepted_at=None, **short)
    asked.update(accepted_at=F("created_at"), accepted_by=F("created_by"))


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0006_names_found_by_pinyin'),
    ]

    operations = [
        migrations.RunPython(accept_what_was_there, migrations.RunPython.noop),
    ]
