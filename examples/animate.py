"""The smallest whole Python program: a recording in, a CSV for Live Link tools out."""

import sys

from talkface import TalkFace

face = TalkFace()
clip = face.animate(sys.argv[1], fps=60)
clip.save("line.csv")
print(len(clip), "frames; widest jawOpen", clip.channel("jawOpen").max().round(2))
