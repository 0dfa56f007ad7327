"""Shapes: what a shapes graph says, taken apart and tested for being well-formed."""
