"""Augmenters of training data: ``[corpora.train.augmenter]`` in a config."""
