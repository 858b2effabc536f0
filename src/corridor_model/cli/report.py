"""``corridor report``: the main job, and a summary of what it found."""

from __future__ import annotations

from argparse import Namespace

from corridor_model.cli import output
from corridor_model.cli.required import print_required
from corridor_model.report.write import write_report


def run(options: Namespace) -> int:
    """Write every output, print required growth and what is unknown, and name the files."""
    plan = output.plan_of(options)
    files = write_report(plan, options.out, lang=options.files)
    print_required(plan, options.lang, options.all)
    output.heading("已写出" if options.lang == "zh" else "Written")
    output.say(*(f"  {file}" for file in files.values()))
    return 0
