"""What accounts do: ``registering`` (make, change, disable), ``signing_in`` (with its limits), ``sessions``, ``passwords``."""
