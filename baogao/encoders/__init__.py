"""Encoders in torch: what pretraining trains and ``baogao.CharTransformer.v1`` runs. Needs the extra ``trf``."""
