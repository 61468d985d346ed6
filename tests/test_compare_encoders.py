from __future__ import annotations

import json

import pytest
import spacy
import typer
from spacy.tokens import DocBin, Span

from training import compare_encoders


@pytest.fixture
def docbin(tmp_path):
    nlp = spacy.blank("zh")
    doc = nlp("召开会议7次")
    doc.ents = [Span(doc, 2, 4, label="ITEM"), Span(doc, 4, 6, label="COUNT")]
    DocBin(docs=[doc]).to_disk(tmp_path / "dev.spacy")
    return tmp_path / "dev.spacy"


def save_pipeline(folder, patterns):
    nlp = spacy.blank("zh")
    embed = {"@architectures": "baogao.CharNgramEmbed.v1", "width": 8, "embed_width": 8}
    embed |= {"sizes": [1, 2], "rows": [50, 50]}
    encode = {"@architectures": "baogao.DilatedMaxoutEncoder.v1", "width": 8, "dilations": [1]}
    model = {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode}
    nlp.add_pipe("tok2vec", config={"model": model})
    nlp.add_pipe("entity_ruler").add_patterns(patterns)
    nlp.initialize()
    nlp.get_pipe("entity_ruler").add_patterns(patterns)  # initialising drops them
    nlp.to_disk(folder)
    return folder


def test_each_pipeline_gets_its_speed_and_scores(docbin, tmp_path):
    item = {"label": "ITEM", "pattern": [{"TEXT": "会"}, {"TEXT": "议"}]}
    count = {"label": "COUNT", "pattern": [{"TEXT": "7"}, {"TEXT": "次"}]}
    pipelines = [save_pipeline(tmp_path / "both", [item, count]), save_pipeline(tmp_path / "one", [item])]
    compare_encoders.main(docbin, pipelines, rounds=1, out=tmp_path / "out.json")
    rows = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [(row["pipeline"], row["ents_f"], row["relations_f"]) for row in rows] == [
        (str(pipelines[0]), 1.0, None),
        (str(pipelines[1]), 0.6667, None),
    ]
    assert all(row["characters_per_second"] > 0 for row in rows)


def test_what_is_no_pipeline_is_named(docbin, tmp_path):
    with pytest.raises(typer.BadParameter, match="nowhere"):
        compare_encoders.main(docbin, [tmp_path / "nowhere"])
