"""What this machine computes on: a GPU if there is one, and bfloat16 where that is faster."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import torch

#: Flags of processors that multiply bfloat16 in hardware; without them it is slower than float32.
_FAST = ("avx512_bf16", "amx_bf16")


def device() -> str:
    """Return `cuda` or `cpu`."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def has_bfloat16() -> bool:
    """Tell whether bfloat16 is faster than float32 here."""
    if device() == "cuda":
        return torch.cuda.is_bf16_supported()
    flags = Path("/proc/cpuinfo")
    return flags.exists() and any(flag in flags.read_text() for flag in _FAST)


def autocast() -> AbstractContextManager[None]:
    """Return a context that computes in bfloat16 where that is faster."""
    return torch.autocast(device(), torch.bfloat16, enabled=has_bfloat16())
