"""``wb score --like paper`` against the released scripts, written anew in tests/fixtures/released.py."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generate.scoring.like_paper import kept_by_paper
from tests.fixtures import released
from tests.fixtures.images import generated
from tests.fixtures.studies import drawn
from workbench.records import HashedImage
from workbench.store import Store, Write


@pytest.fixture
def names(weights: Path) -> list[str]:
    vit = f"timm:test_vit@{weights / 'vit.safetensors'}"
    return ["--encoder", f"clip:{weights / 'clip'}", "--patch-encoder", vit, "--device", "cpu"]


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Reference images of odd sizes: two of a static reference; of a film one nearly twice, and one turned by EXIF."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    drawn("first", size=(97, 83)).save(folder / "Q1_1.png")
    drawn("second", size=(61, 140)).save(folder / "Q1_2.png")
    film = drawn("film", size=(239, 101))
    film.save(folder / "Q2_1.png")
    film.crop((14, 4, 232, 101)).resize((200, 90)).save(folder / "Q2_2.png")  # 12 bits from it
    turned = drawn("sideways", size=(90, 66))
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(folder / "Q2_3.jpg", exif=exif)
    return folder


@pytest.fixture
def study(wb, store: Store, pictures: Path, tmp_path: Path) -> Store:
    (tmp_path / "references.csv").write_text("qid,label,kind\nQ1,A Painting,static\nQ2,A Film,dynamic\n")
    assert wb("ingest", "--from", tmp_path / "references.csv").code == 0
    assert wb("ingest", "--images", pictures, "--phash-distance", 18).code == 0
    rows = []
    for prompt, qid in store.sql("SELECT prompt_id, qid FROM prompts").iter_rows():
        first = Image.open(pictures / f"{qid}_1.png").convert("RGB")
        copy = Image.blend(first, drawn(qid, size=first.size), 0.3)
        rows += [generated(store, picture, prompt, seed, "m") for seed, picture in enumerate([copy, drawn("other")])]
    store.write(Write(query="upsert_images", table="images", records=rows))
    return store


def test_s_and_p_are_those_of_the_released_scripts(wb, study: Store, names: list[str], weights: Path, pictures: Path):
    assert wb("score", "--like", "paper", *names).code == 0
    clip = released.clip_embedder(weights / "clip")
    vit = released.timm_embedder("test_vit", weights / "vit.safetensors")
    rows = study.sql(
        "SELECT r.qid, r.kind, i.path, s.s, t.p FROM images AS i JOIN prompts USING (prompt_id)"
        " JOIN refs AS r USING (qid) JOIN similarities AS s USING (image_id) JOIN patches AS t USING (image_id)"
    )
    assert rows.height == 4
    for row in rows.to_dicts():
        references = released.references_of(list(pictures.glob(f"{row['qid']}_*")), row["kind"])
        assert len(references) == (1 if row["kind"] == "static" else 2)
        picture = study.images.path(row["path"])
        assert row["s"] == pytest.approx(released.cra_similarity(clip, picture, references), abs=1e-4)
        theirs = released.visual_reuse(vit, picture, references)
        assert row["p"] == pytest.approx(theirs.maxima, abs=1e-4)
        ours = [max(row["p"]), np.mean(row["p"]), np.quantile(row["p"], 0.9)]
        assert ours == pytest.approx([theirs.highest, theirs.mean, theirs.p90], abs=1e-4)


def test_it_reads_what_is_stored_where_the_default_turns_pictures_upright(wb, study: Store, names: list[str]):
    wb("score", *names)
    wb("score", "--like", "paper", *names)
    ids = study.sql("SELECT encoder_id, preprocessing FROM encoders ORDER BY encoder_id").rows()
    assert [("as stored" in text, "+as-stored#" in name) for name, text in ids] == [(False, False), (True, True)] * 2
    apart = study.sql(
        "SELECT kind, bool_or(a.p <> b.p) AS differ FROM patches AS a JOIN patches AS b"
        " USING (image_id) JOIN images USING (image_id) JOIN prompts USING (prompt_id) JOIN refs USING (qid)"
        " WHERE a.encoder_id < b.encoder_id GROUP BY kind ORDER BY kind"
    )
    assert apart.rows() == [("dynamic", True), ("static", False)]


def test_another_rule_for_duplicates_is_refused_with_the_command_that_helps(
    wb, study: Store, names: list[str], pictures: Path
):
    assert wb("ingest", "--images", pictures, "--phash-distance", 10).code == 0
    for command in ("score", "calibrate"):
        done = wb(command, "--like", "paper", *names)
        assert done.code == 1
        assert "1 dynamic references keep other images than the paper's scripts would: Q2" in done.err
        assert "--phash-distance 18" in done.err
    assert study.table("similarities").is_empty()
    assert wb("ingest", "--images", pictures, "--phash-distance", 18).code == 0
    assert wb("score", "--like", "paper", *names).code == 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--crop", "pad"], "leave --crop"),
        (["--precision", "bfloat16"], "leave --crop and --precision out"),
        (["--encoder", "efficientnet-lite0"], "do not embed images by efficientnet-lite0"),
        (["--patch-encoder", "efficientnet-lite0"], "do not embed patches by efficientnet-lite0"),
    ],
)
def test_what_the_scripts_cannot_do(wb, study: Store, names: list[str], more: list[str], said: str):
    done = wb("score", "--like", "paper", *names, *more)
    assert done.code == 2
    assert said in done.err


def test_another_pooling_is_not_the_papers(wb, study: Store, names: list[str]):
    names[3] += "#cls"
    assert "averaged over all tokens" in wb("score", "--like", "paper", *names).err


def test_an_image_near_to_a_dropped_one_alone_is_kept():
    """18 bits from the second, 30 from the first: the second was dropped, so it counts no more."""
    hashes = [0, (1 << 18) - 1, (1 << 30) - 1]
    images = [HashedImage(qid="Q1", sha256=str(k), phash=f"{h:016x}", kept=True) for k, h in enumerate(hashes)]
    assert kept_by_paper(images) == {"0", "2"}
