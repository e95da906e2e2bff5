"""The look at the books that a night takes, beside the loop that asks."""

import asyncio
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE

log = logging.getLogger(__name__)


async def inspected() -> list[str]:
    """What `vigie db check` says, in a process of its own: a long check holds up neither the loop nor a stop."""
    command = (sys.executable, "-m", "monitor", "db", "check")
    child = await asyncio.create_subprocess_exec(*command, stdout=DEVNULL, stderr=PIPE)
    try:
        _, said = await child.communicate()
    except asyncio.CancelledError:
        child.kill()
        raise
    for sentence in said.decode().splitlines():
        log.error("%s", sentence)
    return ["Le contrôle de la nuit a trouvé le registre abîmé : voyez le journal."] if child.returncode else []
