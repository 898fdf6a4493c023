"""Policies written inside a test: only what the test is about, in a short hand."""

from __future__ import annotations

import functools
import re
import tempfile
from pathlib import Path

from trainingrules import Policy, load

HEAD = """\
language: 1
policy: inline
title: {nl: Proef, en: Trial}
edition: 2026
in_force: {%s, source: [S-1]}
conventions: {zone: Europe/Amsterdam, month_end: %s, currency: EUR, cent: half_up}
statements: statements.yaml
parties:
  holder: {nl: Houder, en: Holder}
  coach: {nl: Coach, en: Coach}
"""
ENTRY = "  %s: {kind: information, heading: kop, nl: Zin %s, en: Sentence %s%s}"


@functools.cache
def inline(text: str, *, month_end: str = "last_day", in_force: str = "outside: warn", left_open: str = "") -> Policy:
    """
    The policy of these sections. `«Name»` stands for the same words in both languages, `§2` for `source: [S-2]`.

    Every statement that is cited is in the catalogue; the one named by ``left_open`` leaves something open.
    """
    text = re.sub(r"^( *)«(.*?)»$", r"\1nl: \2\n\1en: \2", text, flags=re.MULTILINE)
    written = HEAD % (in_force, month_end) + re.sub(r"«(.*?)»", r"nl: \1, en: \1", text)
    written = re.sub(r"§(\d+)", r"source: [S-\1]", written)
    ids = sorted(set(re.findall(r"S-\d+", written)))
    opens = {one: ", open: [{nl: Zo gelezen, en: Read so}]" if one == left_open else "" for one in ids}
    entries = [ENTRY % (one, one, one, opens[one]) for one in ids]
    catalogue = ["statements: inline", "document: {nl: Bron, en: Source}", "entries:", *entries]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "inline.yaml")
        path.write_text(written, encoding="utf-8")
        path.with_name("statements.yaml").write_text("\n".join(catalogue) + "\n", encoding="utf-8")
        return load(path)
