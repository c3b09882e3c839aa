"""Torch to bundle: ONNX graph with named states, manifest, golden clip, hashes; and its proof."""
