"""Azure's inference server as it is, but for the address it listens on: this machine alone."""

from azureml_inference_server_http import amlserver, constants

constants.DEFAULT_HOST = amlserver.DEFAULT_HOST = "127.0.0.1"
amlserver.run()
