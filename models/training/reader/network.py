"""The reader while it learns: upper layers of the encoder, and where to look for every label."""

from __future__ import annotations

import math
from copy import deepcopy
from pathlib import Path

import torch
from labels import HEARD
from torch import Tensor, nn
from torch.nn.functional import linear
from transformers import BertModel

from kotaku_nlp.analysis.reader import ACTORS, SPEAKERS

#: How sharp attention is before anything is learnt.
_SHARP = 8.0


class Network(nn.Module):
    """Reads the states of the lower layers; one query and one weight a label (Mullenbach et al., 2018).

    Labels of involvement add offsets of the speaker's group to both: "kami" means another group for each.

    :param folder: the encoder that the layers start from.
    :param branch: how many of its layers stay as they are.
    """

    def __init__(self, folder: Path, branch: int) -> None:
        super().__init__()
        body = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="sdpa").float()
        self.branch, self.width = branch, body.config.hidden_size
        self.layers = deepcopy(body.encoder.layer[branch:])
        for part in self.layers.modules():
            if isinstance(part, nn.Dropout):
                part.p = 0.1
        labels, offsets = (len(HEARD), self.width), (len(SPEAKERS), len(ACTORS), self.width)
        self.query = nn.Parameter(torch.randn(labels) * 0.02)
        self.weight = nn.Parameter(torch.randn(labels) * 0.02)
        self.bias = nn.Parameter(torch.full((len(HEARD),), -2.0))
        self.query_by = nn.Parameter(torch.zeros(offsets))
        self.weight_by = nn.Parameter(torch.zeros(offsets))
        self.bias_by = nn.Parameter(torch.zeros(offsets[:2]))
        self.drop = nn.Dropout(0.1)

    def forward(self, states: Tensor, there: Tensor, speaker: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-odds (n, labels) and log attention (n, pieces, labels).

        :param states: (n, pieces, d) from the layer below.
        :param there: (n, pieces), True where there is a piece.
        :param speaker: (n,) number of the group that speaks.
        """
        closed = torch.zeros(there.shape).masked_fill(~there, torch.finfo(torch.float32).min)[:, None, None]
        for layer in self.layers:
            out = layer(states, closed)
            states = out[0] if isinstance(out, tuple) else out
        states = self.drop(states)
        looked = self._heard(states, self.query, self.query_by[speaker]) * (_SHARP / math.sqrt(self.width))
        looked = looked.masked_fill(~there[..., None], -1e4).log_softmax(1)
        told = (looked.exp() * self._heard(states, self.weight, self.weight_by[speaker])).sum(1)
        own = nn.functional.pad(self.bias_by[speaker], (len(HEARD) - len(ACTORS), 0))
        return told + self.bias + own, looked

    def _heard(self, states: Tensor, shared: Tensor, own: Tensor) -> Tensor:
        """Return states times the vectors of every label, those of the actors with the speaker's offset."""
        actors = shared[-len(ACTORS) :] + own
        plain = linear(states, shared[: -len(ACTORS)])
        return torch.cat([plain, states @ actors.transpose(1, 2)], dim=2)

    def exported(self) -> dict[str, Tensor]:
        """Return the weights as the reader has them: one query, weight and bias an output."""
        found = {
            f"encoder.layer.{self.branch + number}.{name}": weight
            for number, layer in enumerate(self.layers)
            for name, weight in layer.state_dict().items()
        }
        count, sharp = len(ACTORS), _SHARP / math.sqrt(self.width)
        for name, scale in (("query", sharp), ("weight", 1.0), ("bias", 1.0)):
            shared, own = getattr(self, name), getattr(self, f"{name}_by")
            actors = (shared[-count:] + own).flatten(0, 1)
            found[name] = scale * torch.cat([shared[:-count], actors])
        return {name: weight.detach().half().contiguous() for name, weight in found.items()}
