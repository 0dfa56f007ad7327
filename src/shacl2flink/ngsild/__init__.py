"""What the compiler knows of NGSI-LD: its core context, and contexts in general."""
