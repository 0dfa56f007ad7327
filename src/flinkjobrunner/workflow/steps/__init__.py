"""What the make targets do: one module per step, each a function of the job and the settings."""
