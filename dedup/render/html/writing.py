"""Write the page of results from folders of outputs."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from dedup.outputs.files import OUTPUT_NAMES
from dedup.render.html.page import check_target, write_page
from dedup.render.html.report import draw_report
from dedup.reports.gather import gather
from dedup.runtime.progress import Progress, closing
from dedup.runtime.storage.copies import local_copy
from dedup.runtime.storage.paths import AnyPath


def write_report(
    folders: Sequence[AnyPath],
    names: Sequence[AnyPath],
    target: Path,
    *,
    overwrite: bool,
    progress: Progress,
    passages: int = 20_000,
    stories: int = 1_000,
    diffs: int = 250,
) -> None:
    """Write a page of results that may have other names on the page; see `dedup.report`.

    Args:
        folders: Folders written by `clean`, `align` or `scan`.
        names: What the page calls each of them.
        target: File to write.
        overwrite: Replace any existing file.
        progress: Receives the progress.
        passages: Number of removed passages to show per folder.
        stories: Number of stories to show per folder.
        diffs: Number of document pairs to align per folder.
    """
    check_target(target, overwrite=overwrite)
    with closing(progress), ExitStack() as stack:
        local = [stack.enter_context(local_copy(folder, OUTPUT_NAMES)) for folder in folders]
        gathered = gather(local, passages=passages, stories=stories, diffs=diffs, progress=progress)
        gathered = [replace(item, out=name) for item, name in zip(gathered, names, strict=True)]
        progress.step("draw")
        html = draw_report(gathered)
    write_page(html, target, overwrite=overwrite)
