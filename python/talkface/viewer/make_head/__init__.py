"""Builds the package's own stylised head, ``viewer/head.glb``, from formulas alone."""
