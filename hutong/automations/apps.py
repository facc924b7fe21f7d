"""The Django app of this module."""

from django.apps import AppConfig


class Config(AppConfig):
    """Says where the tables of automations belong."""

    name = "hutong.automations"
    label = "automations"
    default = True
