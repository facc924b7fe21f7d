"""Tells the planner of a new store: its indexes are there only once the migration that makes its tables has ended."""

from importlib import import_module

from django.db import migrations

tell = import_module("hutong.members.migrations.0003_planner").tell


class Migration(migrations.Migration):
    dependencies = [("members", "0005_attribute_options")]
    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
