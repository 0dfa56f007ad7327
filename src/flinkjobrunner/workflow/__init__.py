"""Running jobs: the worker that runs make targets, and the steps that their recipes call."""
