"""`python -m trainingrules`: the command line."""

from __future__ import annotations

from trainingrules.cli import main

if __name__ == "__main__":
    main(prog_name="trainingrules")
