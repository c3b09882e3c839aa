#include "anim/postprocess.h"

#include <algorithm>

#include "base/math.h"

namespace talkface {
namespace {

// Half-width of the smooth step around closure_threshold.
constexpr float kSealWidth = 0.15f;
// Sealed lips press; the articulation model trains towards the same values (articulation/v1.json).
constexpr float kSealPress = 0.36f;
constexpr float kSealRoll = 0.12f;
constexpr float kSealJawKeep = 0.7f;
// Silence probability between which the mouth goes to rest, and half-lives of going and leaving.
constexpr float kRestLow = 0.55f;
constexpr float kRestHigh = 0.95f;
constexpr double kRestSeconds = 0.03;
constexpr double kWakeSeconds = 0.008;

float half_life_gain(double seconds, double half_life) {
  if (half_life <= 0.0) return 1.0f;
  return static_cast<float>(1.0 - exp2_negative(seconds / half_life));
}

}  // namespace

PostProcess::PostProcess(Span<const std::size_t> channels, double seconds)
    : channels_(channels), seconds_(seconds) {}

void PostProcess::reset() { state_ = State(); }

void PostProcess::copy_raw(const GraphFrame& graph, Frame* frame) const {
  for (std::size_t i = 0; i < channels_.size; ++i) frame->weights[channels_[i]] = graph.weights[i];
  std::copy(graph.visemes.begin(), graph.visemes.end(), frame->visemes.begin());
  const std::size_t emotions = std::min(graph.emotion.size, kEmotionCount);
  std::copy_n(graph.emotion.data, emotions, frame->emotion.begin());
  if (graph.emotion.size == kEmotionCount + 2) {
    frame->valence = graph.emotion[kEmotionCount];
    frame->arousal = graph.emotion[kEmotionCount + 1];
  }
}

void PostProcess::apply(const GraphFrame& graph, const KnobValues& knobs, Frame* frame) {
  copy_raw(graph, frame);
  const float lower = knobs.get(Knob::kLowerStrength);
  const float upper = knobs.get(Knob::kUpperStrength);
  const float lower_gain = half_life_gain(seconds_, knobs.get(Knob::kLowerSmoothing) * 1e-3);
  const float upper_gain = half_life_gain(seconds_, knobs.get(Knob::kUpperSmoothing) * 1e-3);
  frame->weights[kTongueOut] *= knobs.get(Knob::kTongueStrength);
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    const bool is_lower = is_lower_face(i);
    float& weight = frame->weights[i];
    weight = clamp01(weight * (is_lower ? lower : upper));
    if (state_.started != 0.0f) {
      weight = lerp(state_.smoothed[i], weight, is_lower ? lower_gain : upper_gain);
    }
    state_.smoothed[i] = weight;
  }
  state_.started = 1.0f;
  rest_in_silence(graph, knobs.get(Knob::kSilenceRest), frame);
  seal_lips(graph, knobs, frame);
}

void PostProcess::rest_in_silence(const GraphFrame& graph, float amount, Frame* frame) {
  if (graph.visemes.size == 0) return;
  const float target = smoothstep(kRestLow, kRestHigh, graph.visemes[0]);
  const double half_life = target > state_.rest ? kRestSeconds : kWakeSeconds;
  state_.rest = lerp(state_.rest, target, half_life_gain(seconds_, half_life));
  const float keep = 1.0f - amount * state_.rest;
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    if (is_lower_face(i)) frame->weights[i] *= keep;
  }
}

void PostProcess::seal_lips(const GraphFrame& graph, const KnobValues& knobs, Frame* frame) {
  auto& w = frame->weights;
  if (graph.closure != nullptr) {
    const float threshold = knobs.get(Knob::kClosureThreshold);
    const float seal = knobs.get(Knob::kMouthClose) *
                       smoothstep(threshold - kSealWidth, threshold + kSealWidth, *graph.closure);
    w[kJawOpen] *= lerp(1.0f, kSealJawKeep, seal);
    for (const std::size_t lip :
         {kMouthLowerDownLeft, kMouthLowerDownRight, kMouthUpperUpLeft, kMouthUpperUpRight}) {
      w[lip] *= 1.0f - seal;
    }
    w[kMouthClose] = lerp(w[kMouthClose], w[kJawOpen], seal);
    for (const std::size_t press : {kMouthPressLeft, kMouthPressRight}) {
      w[press] = std::max(w[press], seal * kSealPress);
    }
    for (const std::size_t roll : {kMouthRollLower, kMouthRollUpper}) {
      w[roll] = std::max(w[roll], seal * kSealRoll);
    }
  }
  w[kMouthClose] = std::min(w[kMouthClose], w[kJawOpen]);
}

}  // namespace talkface
