"""The Django app of this module."""

from django.apps import AppConfig


class Config(AppConfig):
    """Says where the tables of segments belong."""

    name = "hutong.segments"
    label = "segments"
    default = True
