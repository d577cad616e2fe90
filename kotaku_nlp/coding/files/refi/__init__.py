"""REFI-QDA: the project files that NVivo, MAXQDA, ATLAS.ti and QualCoder exchange."""

from kotaku_nlp.coding.files.refi.build import from_tables
from kotaku_nlp.coding.files.refi.offsets import Convention
from kotaku_nlp.coding.files.refi.project import RefiProject
from kotaku_nlp.coding.files.refi.read import read_refi
from kotaku_nlp.coding.files.refi.write import write_refi

__all__ = ["Convention", "RefiProject", "from_tables", "read_refi", "write_refi"]
