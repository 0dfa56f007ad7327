"""`python -m flinkjobrunner`: what the Makefile's recipes call, installed or not."""

from __future__ import annotations

from flinkjobrunner.cli import main

if __name__ == "__main__":
    main()
