"""The connectors the product comes with, in the order in which the console offers them."""

from __future__ import annotations

from hutong.channels.contract import Connector
from hutong.connectors.email.connector import EmailConnector
from hutong.connectors.matrix.connector import MatrixConnector
from hutong.connectors.onebot.connector import OneBotConnector
from hutong.connectors.telegram.connector import TelegramConnector
from hutong.connectors.webhook.connector import WebhookConnector
from hutong.connectors.widget.connector import WidgetConnector

CONNECTORS: tuple[type[Connector], ...] = (TelegramConnector, MatrixConnector, OneBotConnector, EmailConnector, WidgetConnector, WebhookConnector)
