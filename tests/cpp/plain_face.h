// Post-processing of a bundle without expression, for tests.
#pragma once

#include <vector>

#include "anim/postprocess.h"

inline void apply_plainly(talkface::PostProcess* post, const talkface::GraphFrame& graph,
                          const talkface::ScriptFrame& script, const talkface::KnobValues& knobs,
                          talkface::Frame* frame) {
  const std::vector<std::size_t> channels;
  const std::vector<float> rest;
  talkface::Expression none(channels, rest, 0.02);
  post->apply(graph, script, knobs, talkface::Style(), &none, frame);
}
