"""Of when followees last recorded, follows keep the ten minutes alone. In parts: nobody waits for the last follow of all."""

import datetime

from django.db import migrations
from django.db.models import DateTimeField, F, Func, Max, Value

AT_ONCE = 10_000
SLOT = Func(
    Value(datetime.timedelta(minutes=10)),
    F("last_entry_at"),
    Value(datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)),
    function="date_bin",
    output_field=DateTimeField(),
)


def keep_slots(apps, schema_editor):
    follows = apps.get_model("accounts", "Follow").objects
    last = follows.aggregate(last=Max("pk"))["last"] or 0
    for first in range(1, last + 1, AT_ONCE):
        some = follows.filter(pk__range=(first, first + AT_ONCE - 1), last_entry_at__isnull=False)
        some.exclude(last_entry_at=SLOT).update(last_entry_at=SLOT)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("accounts", "0011_open_walls_indexed")]

    operations = [migrations.RunPython(keep_slots, migrations.RunPython.noop)]
