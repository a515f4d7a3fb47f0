import dataclasses
import html
import inspect
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import DIGITS, SCRIPTS

import stir_java as stir
from stir_java import _process, _results

sys.path.insert(0, str(SCRIPTS))
import signatures

FAST = {"optimizer": "fast", "iterations": 8}


def command_line(*words):
    launcher = os.path.join(os.environ["STIR_HOME"], "bin", "stir")
    run = subprocess.run([launcher, *map(str, words)], capture_output=True, check=True)
    return run.stdout.decode()


def test_a_score_has_the_values_of_the_command_line(vgg, resnet, digits, tmp_path):
    np.save(tmp_path / "digits.npy", digits)
    words = ["score", vgg, resnet, "--inputs", tmp_path / "digits.npy", "--format", "json"]
    expected = json.loads(command_line(*words, "--optimizer", "fast", "--iterations", 8))
    found = stir.score(vgg, resnet, digits, out=tmp_path / "out", **FAST)
    assert found.document["directions"] == expected["directions"]
    first = next(each for each in expected["directions"] if each["target"] == "vgg0")
    values = first["measures"]["linear-cka-debiased"]
    assert found.a_given_b.stir.value == values["stir"]["value"]
    assert found.a_given_b.measures["linear-cka"].ceiling.value is not None
    assert found.a_given_b.verdict.word == first["verdict"]["word"]
    assert found.inputs.shape == found.invariant_a.shape == (24, 1, 28, 28)
    assert np.array_equal(found.inputs, digits / np.float32(255))
    assert "How much of vgg0 survives what resnet0 ignores?" in repr(found)
    shown = found._repr_html_()
    assert shown.startswith(f"<pre>{html.escape(repr(found))}</pre>") and "data:image/png" in shown
    assert found.report(show=False).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_same_call_finds_its_results_again(vgg, resnet, digits):
    first = stir.score(vgg, resnet, digits, limit=12, **FAST)
    begun = time.monotonic()
    again = stir.score(vgg, resnet, digits, limit=12, **FAST)
    assert again.folder == first.folder
    assert again.document["directions"] == first.document["directions"]
    assert time.monotonic() - begun < 60
    other = stir.score(vgg, resnet, digits, limit=11, **FAST)
    assert other.folder != first.folder


def test_files_of_one_name_are_several_networks(vgg, resnet, tmp_path):
    copied = [tmp_path / f"copy{place}" / "model.onnx" for place in range(2)]
    for file, network in zip(copied, (vgg, resnet), strict=True):
        file.parent.mkdir()
        file.write_bytes(Path(network).read_bytes())
    found = stir.study(copied, DIGITS, limit=6, search={"optimizer": "fast", "iterations": 2})
    assert [each["name"] for each in found.networks] == ["model", "model-2"]
    assert len(found.directions) == 4


def test_a_score_is_printed_as_in_the_terminal(vgg, resnet, digits):
    found = stir.score(vgg, resnet, digits[:4], optimizer="fast", iterations=2)
    lines = str(found).splitlines()
    assert lines[0] == "vgg0 at classifier.relu1, resnet0 at flatten"
    assert lines[2] == "How much of vgg0 survives what resnet0 ignores?"
    assert lines[3] == f"  INCONCLUSIVE  STIR {found.a_given_b.stir}"
    assert lines[4] == (
        "  4 inputs are too few for an interval. To settle it: at least 5 inputs (limit=)"
    )
    measured = found.a_given_b.measures["linear-cka-debiased"]
    for name, value in (
        ("permutation floor", measured.permutation_floor),
        ("ceiling", measured.ceiling),
        ("accepted", f"{100 * found.a_given_b.accepted:.0f} %"),
        ("residual", f"{found.a_given_b.residual.mean:.3g}"),
    ):
        assert f"{name} {value}" in lines[5]
    assert lines[-1] == f"Similarity on X {measured.similarity} (linear-cka-debiased)"


def test_shared_metamers_are_those_of_the_document_and_may_be_absent(vgg, resnet, digits):
    found = stir.score(vgg, resnet, digits[:12], optimizer="fast", iterations=30)
    document = json.loads(json.dumps(found.document))
    for each, stored in zip(found.directions, document["directions"], strict=True):
        shared = stored.pop("shared_metamers", None)
        if shared is None:
            assert each.accepted == 0
            assert each.shared_metamers is None
            continue
        assert dataclasses.asdict(each.shared_metamers) == shared
        assert shared["share"] == shared["shared"] / shared["accepted"]
        assert shared["low"] <= shared["share"] <= shared["high"]
        assert f"shared metamers {each.shared_metamers}, " in str(each)
    assert any(each.shared_metamers for each in found.directions)
    older = stir.Score.of(document, found.folder, None)
    assert [each.shared_metamers for each in older.directions] == [None, None]
    assert "shared metamers" not in str(older)
    shown = stir.SharedMetamers(share=0.05, low=0.004, high=0.236, shared=1, accepted=20, floor=0)
    assert str(shown) == "5 % [0, 24]"


def test_the_difference_of_two_answers_is_printed(vgg, resnet, digits):
    found = stir.score(vgg, resnet, digits[:6], optimizer="fast", iterations=2)
    document = json.loads(json.dumps(found.document))
    for each in document["directions"]:
        each["verdict"] = {"word": "PARTLY", "reason": "", "advice": []}
    for p, words in ((0.02, "p 0.020"), (1e-6, "p < 0.001")):
        for each in document["differences"]:
            each |= {"difference": 0.25, "low": 0.125, "high": 0.5, "p": p}
        last = str(stir.Score.of(document, found.folder, None)).splitlines()[-1]
        assert last.startswith(f"Difference 0.25 [0.12, 0.50], {words}. Similarity on X ")


def test_every_advice_names_the_argument_that_follows_it():
    schema = Path(__file__).parents[2] / "docs" / "results" / "stir-result.schema.json"
    advice = json.loads(schema.read_text(encoding="utf-8"))["$defs"]["advice"]["items"]
    assert set(_results._ARGUMENTS) == set(advice["properties"]["kind"]["enum"])


def test_the_time_of_a_step_goes_on(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with _process.step("Checking Net", True):
        time.sleep(2.5)
    assert "\r\x1b[K2 s Checking Net" in capsys.readouterr().err


def test_invariant_inputs_are_mapped(vgg, digits):
    found = stir.invert(vgg, digits, limit=6, **FAST)
    assert found.layer == "classifier.relu1"
    assert found.invariant.shape == (6, 1, 28, 28)
    assert len(found.residuals) == 6
    assert np.mean(found.residuals) == pytest.approx(found.residual.mean)


def test_representations_and_their_similarity(vgg, digits):
    one = stir.represent(vgg, digits)
    assert one.shape == (24, 128)
    two = stir.represent(vgg, digits, ["classifier.relu1", "classifier"])
    assert two["classifier"].shape == (24, 10)
    assert np.array_equal(two["classifier.relu1"], one)
    assert stir.similarity(one, one)["linear-cka"] == pytest.approx(1)
    centred = one.astype(np.float64) - one.mean(0, dtype=np.float64)
    other = two["classifier"].astype(np.float64)
    other -= other.mean(0)
    cka = np.linalg.norm(other.T @ centred) ** 2 / (
        np.linalg.norm(centred.T @ centred) * np.linalg.norm(other.T @ other)
    )
    assert stir.similarity(one, two["classifier"])["linear-cka"] == pytest.approx(cka, abs=1e-6)


def test_a_study_has_a_score_per_pair(vgg, resnet, tmp_path):
    found = stir.study(
        {"v": vgg, "r": resnet},
        DIGITS,
        limit=12,
        layers={"v": ["classifier.relu1"]},
        search=FAST,
        out=tmp_path / "study",
    )
    pairs = {(each.target, each.target_layer, each.reference) for each in found.directions}
    assert ("v", "classifier.relu1", "r") in pairs and len(pairs) == 4
    assert (tmp_path / "study" / "results.csv").exists()
    assert repr(found).startswith("4 scores: ")


def test_labels_and_data_sets_are_inputs(vgg, digits):
    labels = np.arange(24) % 10
    data = [(digits[place], int(labels[place])) for place in range(24)]
    of_pair = stir.invert(vgg, (digits[:6], labels[:6]), **FAST)
    of_data = stir.invert(vgg, data, limit=6, **FAST)
    assert np.array_equal(of_pair.invariant, of_data.invariant)
    assert (of_data.folder / "names.csv").read_text().count("\n") == 7


def test_errors_are_exceptions_with_the_sentence(vgg, resnet, digits, tmp_path):
    with pytest.raises(stir.StirUsageError, match=r"no option limits; did you mean limit"):
        stir.score(vgg, resnet, digits, limits=3)
    with pytest.raises(stir.StirUsageError, match=r"There is no layer 'classifier\.fc9'"):
        stir.score(vgg, resnet, digits, layer_a="classifier.fc9", **FAST)
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"\x08\x01")
    with pytest.raises(stir.StirError, match=r"broken\.onnx"):
        stir.score(broken, resnet, digits, **FAST)
    with pytest.raises(stir.StirUsageError, match="no such library"):
        stir.score("no/file.onnx", resnet, digits)
    with pytest.raises(stir.StirUsageError, match="There are no inputs at"):
        stir.score(vgg, resnet, tmp_path / "nothing")
    with pytest.raises(stir.StirUsageError, match="details is True or False"):
        stir.score(vgg, resnet, digits, details=3)
    with pytest.raises(stir.StirUsageError, match="size takes one value"):
        stir.score(vgg, resnet, digits, size=[3, 4], optimizer="fast")
    with pytest.raises(stir.StirUsageError, match=r"limit is a whole number .*not"):
        stir.score(vgg, resnet, digits, limit=[3, 4], optimizer="fast")
    with pytest.raises(stir.StirUsageError, match='add optimizer="published" for step='):
        stir.score(vgg, resnet, digits, step=0.1)


def test_warnings_are_python_warnings(vgg, resnet, digits):
    with pytest.warns(stir.StirWarning, match="Biased CKA is inflated with 6 inputs"):
        stir.similarity(np.eye(6)[:, :3] + 0.5, np.eye(6), measure="linear-cka")


def test_a_missing_or_foreign_installation_is_named(tmp_path, monkeypatch, vgg, digits):
    monkeypatch.setenv("STIR_HOME", str(tmp_path))
    with pytest.raises(stir.StirNotFoundError, match="no bin/stir"):
        stir.invert(vgg, digits)
    fake = tmp_path / "bin" / "stir"
    fake.parent.mkdir()
    fake.write_text('#!/bin/sh\necho \'{"version": "7.1", "commands": []}\'\n')
    fake.chmod(0o755)
    with pytest.raises(stir.StirNotFoundError, match=r"is Stir 7\.1, and this package needs 0\.1"):
        stir.invert(vgg, digits)


def test_an_interrupted_call_continues(vgg, resnet, digits, tmp_path, cache):
    np.save(tmp_path / "digits.npy", digits)
    script = tmp_path / "run.py"
    script.write_text(
        "import stir_java as stir\n"
        f"found = stir.score({str(vgg)!r}, {str(resnet)!r}, {str(tmp_path / 'digits.npy')!r},"
        f" optimizer='fast', iterations=30, out={str(tmp_path / 'out')!r})\n"
        "print(found.a_given_b.stir.value)\n"
    )
    process = subprocess.Popen([sys.executable, script], stderr=subprocess.PIPE, text=True)
    searches = tmp_path / "out" / "searches"
    while process.poll() is None and not any(searches.rglob("*.npy")):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    if process.returncode != 0:  # else it was faster than the signal
        assert "KeyboardInterrupt: Interrupted" in err
    again = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    options = {"optimizer": "fast", "iterations": 30}
    whole = stir.score(vgg, resnet, tmp_path / "digits.npy", out=tmp_path / "whole", **options)
    assert float(again.stdout) == whole.a_given_b.stir.value


def test_frames_are_tidy(vgg, resnet, digits, tmp_path):
    pandas = pytest.importorskip("pandas")
    found = stir.score(vgg, resnet, digits, out=tmp_path / "out", **FAST)
    frame = found.to_frame()
    assert isinstance(frame, pandas.DataFrame) and len(frame) == 4
    row = frame[(frame.target == "resnet0") & (frame.measure == "linear-cka")].iloc[0]
    assert row.stir == found.b_given_a.measures["linear-cka"].stir.value
    verdicts = frame[frame.verdict.notna()].set_index("target").verdict
    assert verdicts.to_dict() == {
        each.target: each.verdict.word for each in (found.a_given_b, found.b_given_a)
    }


def test_results_are_opened_again(vgg, resnet, digits, tmp_path):
    found = stir.score(vgg, resnet, digits, out=tmp_path / "out", **FAST)
    again = stir.Score.open(tmp_path / "out")
    assert again.document["directions"] == found.document["directions"]
    assert str(again) == str(found)
    with pytest.raises(stir.StirUsageError, match=r"schema is stir-score/3, not stir-matrix/2"):
        stir.Study.open(tmp_path / "out")
    (tmp_path / "result.json").write_text('{"schema": "stir-score/2"}')
    with pytest.raises(stir.StirUsageError, match=r"another version of Stir"):
        stir.Score.open(tmp_path)
    (tmp_path / "result.json").write_text("{")
    with pytest.raises(stir.StirUsageError, match=r"is damaged"):
        stir.Score.open(tmp_path)
    (tmp_path / "result.json").unlink()
    with pytest.raises(stir.StirUsageError, match=r"does not exist"):
        stir.Score.open(tmp_path)


def test_searches_have_frames(vgg, resnet, digits, tmp_path):
    pytest.importorskip("pandas")
    models = {"nul": vgg, "resnet": resnet}  # no file of Windows is called nul
    study = stir.study(models, digits, limit=5, search=FAST, out=tmp_path / "study")
    assert set(study.per_input().network) == {"nul", "resnet"}
    found = stir.score(vgg, resnet, digits, out=tmp_path / "out", **FAST)
    with pytest.raises(stir.StirUsageError, match="no measure cka; did you mean"):
        study.matrix("cka")
    search = stir.invert(vgg, digits, out=tmp_path / "search", **FAST)
    again = stir.Inversion.open(tmp_path / "search")
    assert str(again) == str(search) and not hasattr(again, "to_frame")
    assert again.per_input().residual.tolist() == pytest.approx(search.residuals)
    assert again.history()["mean"].iloc[-1] == pytest.approx(search.residual.mean, rel=1e-5)
    each = found.per_input()
    assert set(each.network) == {one.reference for one in found.directions}
    of_vgg = each[each.network == found.b_given_a.reference]
    assert len(each) == 2 * len(of_vgg) == 2 * len(found.inputs)
    assert of_vgg.residual.mean() == pytest.approx(found.b_given_a.residual.mean)
    history = found.history()
    of_vgg = history[history.network == found.b_given_a.reference]
    assert of_vgg["mean"].iloc[-1] == pytest.approx(found.b_given_a.residual.mean, rel=1e-5)
    assert list(of_vgg.passes) == sorted(of_vgg.passes) and len(of_vgg) > 1


def test_a_progression_shows_ever_longer_searches(vgg, digits):
    found = stir.progression(vgg, digits, (1, 20), limit=3, optimizer="fast")
    assert found[1].invariant.shape == (3, 1, 28, 28)
    assert found[20].residual.mean < found[1].residual.mean
    assert found._repr_html_().count("data:image/png") == 2


def test_measures_and_layers_are_listed(vgg):
    assert "without the bias" in stir.measures()["linear-cka-debiased"]
    (default,) = [each for each in stir.layers(vgg) if each.is_default]
    assert (default.name, default.shape, default.obstacle) == ("classifier.relu1", (128,), None)


def test_completion_and_mypy_see_all_options():
    assert signatures.text() == signatures.FILE.read_text(encoding="utf-8")
    named = inspect.signature(stir.score).parameters
    assert {"limit", "layer_a", "normalise", "device"} <= named.keys()
    assert "layer_a" not in inspect.signature(stir.invert).parameters


def test_reductions_have_other_names(resnet, digits):
    found = stir.represent(resnet, digits, "layer1", limit=4, reduce="mean")
    whole = stir.represent(resnet, digits, "layer1", limit=4)
    assert np.allclose(found, whole.mean(axis=(2, 3)), atol=1e-5)


def test_the_wheel_of_an_archive_finds_its_stir(tmp_path):
    home = Path(os.environ["STIR_HOME"]).resolve()
    (wheel,) = (home / "python").glob("*.whl")
    install = [
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        tmp_path / "site",
        wheel,
    ]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True)
    environment = {"PYTHONPATH": str(tmp_path / "site"), "PATH": os.defpath}
    script = "import stir_java; print(stir_java._image.find().launcher, stir_java.__file__)"
    run = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == [
        str(home / "bin" / "stir"),
        str(tmp_path / "site" / "stir_java" / "__init__.py"),
    ]


def test_mypy_sees_an_unknown_option():
    api = pytest.importorskip("mypy.api")
    code = """
import stir_java as s
s.score("a", "b", "c", limit=3, layer="fc", out="d", check=False)
s.score("a", "b", "c", limt=3)
s.invert("a", "c", layer_a="fc")
s.represent("a", "c", optimizer="fast")
s.study(["a"], "c", serch={})
s.check("a", quik=True)
s.layers("a", foo=1)
"""
    found, _, _ = api.run(["--config-file=", "--strict", "-c", code])
    for function, name in (
        ("score", "limt"),
        ("invert", "layer_a"),
        ("represent", "optimizer"),
        ("study", "serch"),
        ("check", "quik"),
        ("layers", "foo"),
    ):
        assert f'Unexpected keyword argument "{name}" for "{function}"' in found
    assert found.count("error:") == 6, found


def test_dissimilarity_matrices_are_of_rsatoolbox():
    pytest.importorskip("rsatoolbox")
    one, two = np.random.default_rng(0).random((2, 6, 4))
    found = stir.rdms({"one": one, "two": two})
    assert found.rdm_descriptors["layer"] == ["one", "two"]
    assert np.allclose(found.get_matrices()[1], 1 - np.corrcoef(two))


def test_a_study_states_groups_of_networks(vgg, resnet, tmp_path):
    found = stir.study(
        {"v": vgg, "w": vgg, "r": resnet},
        DIGITS,
        limit=12,
        groups={"v": "vgg", "w": "vgg", "r": {"group": "resnet"}},
        search=FAST,
        out=tmp_path / "study",
    )
    between = [each for each in found.groups if each["target_group"] != each["reference_group"]]
    assert {each["reason"] for each in between} == {
        "1 network of resnet: an interval needs 2",
    }
    assert all("value" in each["stir"] for each in between)
    assert {each["verdict"] for each in found.group_differences if "verdict" in each} == {
        "not known"
    }
    with pytest.raises(stir.StirUsageError, match="The study has no network x"):
        stir.study({"v": vgg, "r": resnet}, DIGITS, limit=12, groups={"x": "vgg"})
