"""Sentence segmentation: line layout, then full stops and other terminators."""
