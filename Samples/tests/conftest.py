"""Samples are run against the server that Contract/conftest.py starts, with its fixtures."""

import importlib.util
import sys
from pathlib import Path

CONTRACT = Path(__file__).resolve().parents[2] / "Contract"

sys.path.insert(0, str(CONTRACT))
_spec = importlib.util.spec_from_file_location("contract_conftest", CONTRACT / "conftest.py")
_contract = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_contract)
globals().update({name: value for name, value in vars(_contract).items() if not name.startswith("__")})
