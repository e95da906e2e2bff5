"""The public's subscribers, as telling needs them: whom to tell, where, and whom to ask for a confirmation.

Read from the desk, never written there. A source for whoever gathers subscriptions: `read` and `stamp`; letters to
the public get their address and links by `message`, as they leave.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from itertools import batched
from urllib.parse import urlsplit

from monitor.alerting import Message
from monitor.alerting.invitation import invitation, postscript
from monitor.alerting.mailbox import mailbox
from monitor.domain.catalog import Catalog
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.domain.subscriber import UNCONFIRMED_KEPT, Purpose, Subscriber, links, public_id, subscription_of
from monitor.store import DeskReader, StoreError, Telling, open_desk_reader

log = logging.getLogger(__name__)

AT_ONCE = 500  # confirmations in one transaction
