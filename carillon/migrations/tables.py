"""Every table of the house in one metadata: importing the models registers them."""

from __future__ import annotations

import agent_console.server.models
import cti.store.models
import recordings.models
from crm_core.callbacks import models as _callbacks
from crm_core.dispositions import models as _dispositions
from crm_core.owners import models as _owners
from crm_core.people import models as _people
from crm_core.tickets import models as _tickets
from storage.base import Base

PARTS = (
    agent_console.server.models,
    cti.store.models,
    recordings.models,
    _callbacks,
    _dispositions,
    _owners,
    _people,
    _tickets,
)
METADATA = Base.metadata
