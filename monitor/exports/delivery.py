"""A file of data with what describes it beside: the description first, the data last, hence never data without one."""

from collections.abc import Callable, Mapping
from pathlib import Path

from monitor.exports import package
from monitor.exports.saving import Order, Saved, save_text, saved

Beside = Callable[[], Mapping[str, str]]  # endings of a file's name, and what stands in the files beside it


def deliver(path: Path, order: Order, beside: Beside = dict) -> Saved:
    """Write the file and what stands beside it; what that is, is asked once the rows are there.

    Raises OSError, and what the rows raise: then there is nothing under the name of the file.
    """
    with saved(path, order) as found:
        for ending, text in beside().items():
            save_text(path.with_name(path.name + ending), text)
        save_text(package.beside(path), package.described(order.about, order.dress, found))
    return found
