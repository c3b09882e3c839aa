"""The head drawn without a browser or a GPU: pictures, films and folders of PNG files."""

from talkface.render.film import write
from talkface.render.head import Head
from talkface.render.picture import Camera, draw, png, save

__all__ = ["Camera", "Head", "draw", "png", "save", "write"]
