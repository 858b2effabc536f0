"""docs/wordings.md: every wording of the plans, in one group each, and true as it stands."""

from __future__ import annotations

import pytest
from scripts.plans_from_facts import facts
from scripts.wordings_page import groups, main, wording


def test_every_printed_cell_is_in_one_group():
    found, listed = groups()
    cells = {
        (member.plan, member.row["row"], place)
        for group in found
        for member in group.members
        for place in member.places
    }
    assert len(cells) == sum(len(m.places) for group in found for m in group.members)
    rows = {(member.plan, member.row["row"]) for group in found for member in group.members}
    assert len(rows) + len(listed) == len(facts("tables"))
    said = {member.wording for group in found for member in group.members}
    for row in facts("tables"):
        if (row["plan"], row["row"]) in rows:
            assert wording(row["target_printed"]) in said


@pytest.mark.slow
def test_the_page_is_what_the_script_writes():
    assert main(["--check"]) == 0, "run python scripts/wordings_page.py"
