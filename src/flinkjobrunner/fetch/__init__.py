"""Getting the files that users name: by URL, through one bounded and policy-checked fetcher, or
as an input that was sent before. `Fetcher` and `InputStore` are the public names."""

from __future__ import annotations

from flinkjobrunner.fetch.errors import FetchError
from flinkjobrunner.fetch.fetcher import Fetched, Fetcher, Limits
from flinkjobrunner.fetch.inputs import InputStore, StoredInput
from flinkjobrunner.fetch.policy import Policy

__all__ = ["FetchError", "Fetched", "Fetcher", "InputStore", "Limits", "Policy", "StoredInput"]
