"""The README tells which private data is masked."""

import re

from opsdesk.guard import Kind
from tests.conftest import ROOT


def test_the_table_of_masks_is_that_of_the_kinds():
    told = (ROOT / "README.md").read_text("utf-8").partition("<!-- masks -->")[2].partition("<!-- end of masks -->")[0]
    assert re.findall(r"(?m)^\| `(\[.+?\])` \| (.+?) \|$", told) == [(kind.label, kind.about) for kind in Kind]
