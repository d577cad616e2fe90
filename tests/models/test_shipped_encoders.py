"""Both shipped encoders load offline as plain sentence-transformers folders, and their vectors are sane."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from kotaku_nlp.analysis.encoders import load_encoder

MODELS = Path(__file__).resolve().parents[2] / "models"
#: Name → most bytes of its weights.
SHIPPED = {"contextual-id-en": 45_000_000, "static-id-en": 16_000_000}

#: Indonesian, English that says the same.
TRANSLATIONS = (
    ("Warga ikut bermusyawarah di kantor kelurahan.", "Residents joined the meeting at the village office."),
    ("Pemerintah kota terlambat mencairkan dana.", "The city government paid out the money late."),
    ("Jalan di kampung kami rusak karena banjir.", "The road in our village is damaged by floods."),
    ("Ibu-ibu menjual kue di pasar setiap pagi.", "The women sell cakes at the market every morning."),
    ("Fasilitator menjelaskan rencana pembangunan drainase.", "The facilitator explained the drainage plan."),
    ("Kami tidak percaya lagi kepada pejabat itu.", "We do not trust that official any more."),
)
#: Colloquial spelling, the same in formal spelling.
SPELLINGS = (
    ("Rapatnya gak jadi krn pak lurah blm dtg.", "Rapatnya tidak jadi karena pak lurah belum datang."),
    ("Yg penting udah ada kerja sama dgn warga.", "Yang penting sudah ada kerja sama dengan warga."),
)
WITHOUT_CONTENT = ("", "   ", "\n\t", "...", "🙂👍", "?!", "\u200b")


@pytest.fixture(scope="module", params=SHIPPED)
def folder(request: pytest.FixtureRequest) -> Path:
    return MODELS / str(request.param)


@pytest.fixture(scope="module")
def model(folder: Path) -> SentenceTransformer:
    return SentenceTransformer(str(folder), local_files_only=True, device="cpu").float()


def test_vectors_have_unit_length_and_declared_size(model: SentenceTransformer, folder: Path) -> None:
    card = json.loads((folder / "kotaku.json").read_text("utf-8"))
    vectors = model.encode([text for pair in TRANSLATIONS for text in pair])
    assert vectors.dtype == np.float32
    assert vectors.shape == (2 * len(TRANSLATIONS), card["dim"])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_same_text_gives_same_vector_in_any_batch(model: SentenceTransformer) -> None:
    texts = [pair[0] for pair in TRANSLATIONS]
    together = model.encode(texts)
    assert np.array_equal(together, model.encode(texts))
    assert np.allclose(together[2], model.encode(texts[2:3], batch_size=1)[0], atol=1e-5)


@pytest.mark.parametrize("text", WITHOUT_CONTENT)
def test_text_without_content_gives_zeros(folder: Path, text: str) -> None:
    matrix = load_encoder(str(folder)).encode([text, "Warga datang.", text])
    assert np.isfinite(matrix).all() and not matrix[[0, 2]].any() and matrix[1].any()


def test_case_does_not_matter(model: SentenceTransformer) -> None:
    plain, loud = model.encode(["rapat warga sudah selesai", "RAPAT Warga sudah SELESAI"])
    assert plain @ loud == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("pairs", [TRANSLATIONS, SPELLINGS], ids=["translations", "spellings"])
def test_same_meaning_is_nearest(model: SentenceTransformer, pairs: tuple[tuple[str, str], ...]) -> None:
    left = model.encode([pair[0] for pair in pairs])
    right = model.encode([pair[1] for pair in pairs])
    scores = left @ right.T
    assert (scores.argmax(1) == np.arange(len(pairs))).all()
    assert (scores.argmax(0) == np.arange(len(pairs))).all()


def test_the_contextual_one_hears_who_did_what() -> None:
    encoder = load_encoder("contextual")
    said, same, turned = encoder.encode(
        [
            "Lurah menolak usulan warga.",
            "Usulan dari warga ditolak oleh lurah.",
            "Warga menolak usulan lurah.",
        ]
    )
    assert said @ same > 0.7
    assert said @ turned < 0.999


def test_revision_is_the_digest_of_the_weights(folder: Path) -> None:
    card = json.loads((folder / "kotaku.json").read_text("utf-8"))
    (weights,) = folder.glob("**/model.safetensors")
    assert card["revision"] == hashlib.sha256(weights.read_bytes()).hexdigest()[:12]
    assert weights.stat().st_size <= SHIPPED[folder.name]


def test_a_card_and_a_licence_lie_beside_the_weights(folder: Path) -> None:
    card = (folder / "README.md").read_text("utf-8")
    assert "machine-written" in card and "licence" in card.lower()
    assert (folder / "LICENSE").is_file()


def test_model_folder_holds_no_code_and_no_pickle(folder: Path) -> None:
    refused = {".bin", ".pkl", ".pickle", ".pt", ".pth", ".joblib", ".ckpt"}
    assert not [path for path in MODELS.rglob("*") if path.suffix in refused]
    assert not list(folder.rglob("*.py"))
    assert not [path for path in MODELS.rglob("*") if path.is_file() and path.stat().st_size > 50_000_000]
