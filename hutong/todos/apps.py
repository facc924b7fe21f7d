"""The Django app of this module."""

from django.apps import AppConfig


class Config(AppConfig):
    """Says where the table of to-dos belongs."""

    name = "hutong.todos"
    label = "todos"
    default = True
