"""Which word each character belongs to, and what part of speech.

Annotated spans begin and end between words, and what a word is, a dictionary knows better than some thousand annotated
paragraphs. jieba's dictionary gives the most probable sequence of words, and its hidden Markov model joins what is left
over (names, mostly). Features, not a tokenizer: where they err, the tagger need not follow.
"""

from __future__ import annotations

import numpy
import rjieba
from spacy.strings import hash_string
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import HashEmbed, Model, concatenate
from thinc.types import Floats2d

from ..doc_strings import document_norms
from .char_ngrams import ngram_keys
from .token_keys import embed_token_keys

# Not the functions of the module: they share one dictionary, to which anybody may add words.
_JIEBA = rjieba.Jieba()
_NEAR = 3  # distances to both ends of a word are told apart up to here
_NO_WORD = numpy.uint64(0)  # beyond the text's ends

# Columns of the keys, and the rows of their tables.
_PLACES, _PLAIN_PLACES, _WORDS, _NEIGHBOURS = range(4)
_ROWS = (1000, 1000, 20_000, 5000)


def word_keys(norms: list[str]) -> numpy.ndarray:
    """Keys of each character's word.

    norms: The characters of a text, normalised.
    RETURNS (uint64, shape (n, 4)): Its place in the word and the word's part of speech; the same without the hidden
        Markov model; the word; its part of speech and those of the words before and after it.
    """
    # One string position per token: other tokenizers' tokens are no part of a word.
    text = "".join(norm if len(norm) == 1 else "\n" for norm in norms)
    keys = numpy.zeros((len(norms), len(_ROWS)), dtype="uint64")
    if not norms:
        return keys
    words, lengths, tags = _segment(text, hmm=True)
    keys[:, _PLACES] = _places(lengths, tags)
    keys[:, _WORDS] = numpy.repeat(words, lengths)
    around = ngram_keys(numpy.concatenate([[_NO_WORD], tags]), [3])[: len(tags), 0]
    keys[:, _NEIGHBOURS] = numpy.repeat(around, lengths)
    _, lengths, tags = _segment(text, hmm=False)
    keys[:, _PLAIN_PLACES] = _places(lengths, tags)
    return keys


def _segment(text: str, *, hmm: bool) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    """Hash, length and hash of the part of speech of each word."""
    tagged = _JIEBA.tag(text, hmm)
    words = numpy.array([hash_string(word) for word, _ in tagged], dtype="uint64")
    lengths = numpy.array([len(word) for word, _ in tagged])
    return words, lengths, numpy.array([hash_string(tag) for _, tag in tagged], dtype="uint64")


def _places(lengths: numpy.ndarray, tags: numpy.ndarray) -> numpy.ndarray:
    """Of each character: the distances to both ends of its word, with the word's part of speech."""
    starts = numpy.repeat(numpy.cumsum(lengths) - lengths, lengths)
    before = numpy.arange(len(starts)) - starts
    after = numpy.repeat(lengths, lengths) - 1 - before
    place = numpy.minimum(before, _NEAR) * (_NEAR + 1) + numpy.minimum(after, _NEAR)
    return numpy.repeat(tags, lengths) + (place + 1).astype("uint64")


@registry.architectures("baogao.WordEmbed.v1")
def WordEmbed(width: int) -> Model[list[Doc], list[Floats2d]]:
    """Embed the word of each token: (n_tokens, 5 * width) per document.

    The manner is that of Softword (see Ma et al. 2020, "Simplify the Usage of Lexicon in Chinese NER", section 3.1),
    with parts of speech; words and tags are jieba's (https://github.com/fxsjy/jieba), in the Rust port jieba-rs.

    width: Size of each feature's embedding; the word itself has twice that.
    """
    tables = [
        HashEmbed(nO=2 * width if column == _WORDS else width, nV=rows, column=column, seed=column + 1)
        for column, rows in enumerate(_ROWS)
    ]
    model = embed_token_keys("words", _document_keys, concatenate(*tables))
    model.set_dim("nO", 5 * width)
    return model


def _document_keys(doc: Doc) -> numpy.ndarray:
    return word_keys(document_norms(doc))
