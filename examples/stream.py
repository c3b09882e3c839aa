"""A voice that arrives in chunks, as a text-to-speech engine gives it, and a game that samples."""

import sys

from talkface import TalkFace
from talkface.audio import read_file

audio = read_file(sys.argv[1])
stream = TalkFace().stream(audio.rate, audio.channels, sampling=True)
chunk = audio.rate // 50
for start in range(0, audio.frames, chunk):
    stream.push(audio.samples[start : start + chunk])
    stream.process()
    playhead = start / audio.rate - stream.latency
    pose = stream.sample(max(playhead, 0.0))
stream.flush()
print("latency", round(1000 * stream.latency), "ms; last pose has", len(pose.weights), "weights")
