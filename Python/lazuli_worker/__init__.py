"""The Python model host: loads a scoring script or an MLflow model and answers frames on a unix socket.

The contract with the gateway (plan, frames, progress) is Documentation/Scoring-hosts.md. Nothing but the standard
library is imported before the model's own code, and nothing newer than Python 3.7 is used.
"""
