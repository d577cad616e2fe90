"""What makes a vector good: translations find each other, and both sides follow the English teacher."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

SCALE = 20.0
#: Two texts of a batch whose teacher vectors are nearer than this are no wrong answers for one another.
SAME = 0.985


def ranking(left: Tensor, right: Tensor, same: Tensor | None = None) -> Tensor:
    """Return the in-batch softmax loss both ways (multiple negatives ranking, Henderson et al. 2017).

    :param left: unit vectors (n, d).
    :param right: unit vectors (n, d); row i belongs to row i of the other side.
    :param same: (n, n) pairs that count as no wrong answer.
    """
    scores, truth = SCALE * left @ right.T, torch.arange(len(left), device=left.device)
    if same is not None:
        scores = scores.masked_fill(same, -1e4)
    return 0.5 * (F.cross_entropy(scores, truth) + F.cross_entropy(scores.T, truth))


def alike(teacher: Tensor) -> Tensor:
    """Return which texts of a batch say the same by the teacher, (n, n), none with itself.

    :param teacher: unit vectors.
    """
    itself = torch.eye(len(teacher), dtype=torch.bool, device=teacher.device)
    return (teacher @ teacher.T > SAME) & ~itself


def neighbourhood(student: Tensor, teacher: Tensor) -> Tensor:
    """Return how far the student's near and far within the batch are from the teacher's (KL of the rows).

    :param student: unit vectors.
    :param teacher: unit vectors.
    """
    itself = torch.eye(len(student), dtype=torch.bool, device=student.device)
    # A text is always its own nearest neighbour; without it the rows are not almost one-hot.
    wanted = F.softmax((SCALE * teacher @ teacher.T).masked_fill(itself, -1e4), 1)
    given = F.log_softmax((SCALE * student @ student.T).masked_fill(itself, -1e4), 1)
    return F.kl_div(given, wanted, reduction="batchmean")


def following(
    student: Tensor,
    teacher: Tensor,
    same: Tensor,
    others: Tensor | None = None,
    *,
    near: float = 6.0,
    whose: float = 0.3,
    around: float = 0.3,
) -> Tensor:
    """Return the distance to the teacher: of the vectors, of whose they are, and of who is near whom.

    :param student: unit vectors of one side.
    :param teacher: the teacher's unit vectors of the English side.
    :param same: from `alike`.
    :param others: teacher vectors of other texts (m, d), wrong answers beside those of the batch.
    :param near: weight of the distance between the vectors.
    :param whose: weight of finding one's own teacher vector among those of the batch and the others.
    :param around: weight of the neighbourhood.
    """
    apart = 1 - (student * teacher).sum(1).mean()
    scores = (SCALE * student @ teacher.T).masked_fill(same, -1e4)
    if others is not None:
        beside = (SCALE * student @ others.T).masked_fill(teacher @ others.T > SAME, -1e4)
        scores = torch.cat([scores, beside], 1)
    found = F.cross_entropy(scores, torch.arange(len(student), device=student.device))
    return near * apart + whose * found + around * neighbourhood(student, teacher)
