#include "anim/postprocess.h"

#include <algorithm>
#include <cmath>

#include "base/math.h"

namespace talkface {
namespace {

// Half-width of the smooth step around closure_threshold, and how far the threshold falls while the
// lips are sealed, so that one closure does not flicker.
constexpr float kSealWidth = 0.3f;
constexpr float kSealHysteresis = 0.15f;
// Lips need this long to close and to part; the articulation model's ramps are 45 ms.
constexpr double kSealSeconds = 0.05;
constexpr double kPartSeconds = 0.06;
// Sealed lips press; the articulation model trains towards the same values (articulation/v1.json).
constexpr float kSealPress = 0.36f;
constexpr float kSealRoll = 0.12f;
constexpr float kSealJawKeep = 0.85f;
// Silence probability between which the mouth goes to rest, and half-lives of going and leaving.
constexpr float kRestLow = 0.6f;
constexpr float kRestHigh = 0.95f;
constexpr double kRestSeconds = 0.045;
constexpr double kWakeSeconds = 0.008;
// What rest leaves of jaw and rounding: lips get ready before a voice is heard and relax after it.
// A jaw that opens less than 0.02 behind them counts as shut (docs/metrics.md).
constexpr float kRestJaw = 0.018f;
constexpr float kRestPucker = 0.06f;
// The probabilities where it has been silent for a while (their average, of this half-life, between
// these): there a mouth stays shut in music and noise, and between words it need not.
constexpr float kCalmRestLow = 0.25f;
constexpr float kCalmRestHigh = 0.65f;
constexpr float kCalmFrom = 0.5f;
constexpr float kCalmTo = 0.9f;
constexpr double kCalmSeconds = 0.3;

// Where the style's face rests.
void add_rest(const Style& style, Frame* frame) {
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    frame->weights[i] = headroom(frame->weights[i], style.rest[i]);
  }
}

// The style's face that only expresses.
Frame silent_face(const Style& style, const Expression& expression) {
  Frame silent;
  add_rest(style, &silent);
  expression.apply(0.0f, &silent);
  return silent;
}

float expression_gain(const KnobValues& knobs, const Style& style) {
  return knobs.get(Knob::kExpressionStrength) * style.expression;
}

}  // namespace

PostProcess::PostProcess(Span<const std::size_t> channels, double seconds)
    : channels_(channels), seconds_(seconds) {}

void PostProcess::reset() { state_ = State(); }

double PostProcess::smoothing_delay(const KnobValues& knobs) const {
  const double half_life = knobs.get(Knob::kLowerSmoothing) * 1e-3;
  if (half_life <= 0.0) return 0.0;
  const double kept = exp2_negative(seconds_ / half_life);
  return seconds_ * kept / (1.0 - kept);
}

void PostProcess::copy_raw(const GraphFrame& graph, const ScriptFrame& script, Frame* frame) const {
  // A graph may give anything finite; a pose is always in range.
  for (std::size_t i = 0; i < channels_.size; ++i) {
    frame->weights[channels_[i]] = clamp01(graph.weights[i]);
  }
  for (std::size_t i = 0; i < graph.visemes.size; ++i)
    frame->visemes[i] = clamp01(graph.visemes[i]);
  if (script.mix > 0.0f) {
    for (const std::size_t channel : script.table->channels) {
      float& weight = frame->weights[channel];
      weight = lerp(weight, script.pose->weights[channel], script.mix);
    }
    if (script.table->has_visemes) {
      for (std::size_t i = 0; i < graph.visemes.size; ++i) {
        frame->visemes[i] = lerp(frame->visemes[i], script.pose->visemes[i], script.mix);
      }
    }
  }
  if (graph.emotion.size == 0) return;
  for (std::size_t i = 0; i < kEmotionCount; ++i) frame->emotion[i] = clamp01(graph.emotion[i]);
  frame->valence = std::min(std::max(graph.emotion[kEmotionCount], -1.0f), 1.0f);
  frame->arousal = std::min(std::max(graph.emotion[kEmotionCount + 1], -1.0f), 1.0f);
}

void PostProcess::apply(const GraphFrame& graph, const ScriptFrame& script, const KnobValues& knobs,
                        const Style& style, Expression* expression, Frame* frame) {
  copy_raw(graph, script, frame);
  const float lower = knobs.get(Knob::kLowerStrength);
  const float upper = knobs.get(Knob::kUpperStrength);
  const float lower_gain = half_life_gain(seconds_, knobs.get(Knob::kLowerSmoothing) * 1e-3);
  const float upper_gain = half_life_gain(seconds_, knobs.get(Knob::kUpperSmoothing) * 1e-3);
  frame->weights[kTongueOut] *= knobs.get(Knob::kTongueStrength);
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    const bool is_lower = is_lower_face(i);
    float& weight = frame->weights[i];
    weight = clamp01(weight * (is_lower ? lower : upper) * style.gain[i]);
    if (state_.started != 0.0f) {
      weight = lerp(state_.smoothed[i], weight, is_lower ? lower_gain : upper_gain);
    }
    state_.smoothed[i] = weight;
  }
  state_.started = 1.0f;
  rest_in_silence(graph, script, knobs.get(Knob::kSilenceRest), frame);
  add_rest(style, frame);
  const float seal = advance_seal(graph, script, knobs);
  // A bundle that tells no silence may speak at any time.
  const float mouth_rests = graph.visemes.size > 0 ? state_.rest : 0.0f;
  expression->advance(graph.expression, expression_gain(knobs, style), mouth_rests);
  expression->apply(seal, frame);
  seal_lips(seal, frame);
}

void PostProcess::close(float keep, const KnobValues& knobs, const Style& style,
                        const Expression& expression, Frame* frame) {
  const float gain = lerp(1.0f, keep, knobs.get(Knob::kSilenceRest));
  const Frame silent = silent_face(style, expression);
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    if (!is_lower_face(i)) continue;
    frame->weights[i] = frame->weights[i] * gain + silent.weights[i] * (1.0f - gain);
    state_.smoothed[i] *= gain;
  }
  frame->weights[kMouthClose] = std::min(frame->weights[kMouthClose], frame->weights[kJawOpen]);
}

float PostProcess::speech_in(const Frame& frame, const Style& style, const Expression& expression) {
  const Frame silent = silent_face(style, expression);
  float most = 0.0f;
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    if (is_lower_face(i)) most = std::max(most, std::abs(frame.weights[i] - silent.weights[i]));
  }
  return most;
}

void PostProcess::idle(const EmotionMix& mix, const KnobValues& knobs, const Style& style,
                       Expression* expression, Frame* frame) {
  add_rest(style, frame);
  expression->advance(mix, expression_gain(knobs, style));
  expression->apply(0.0f, frame);
}

void PostProcess::rest_in_silence(const GraphFrame& graph, const ScriptFrame& script, float amount,
                                  Frame* frame) {
  if (graph.visemes.size == 0) return;
  // The script's curves rest by a law of their own, and not in every short gap.
  const float silence = clamp01(graph.visemes[0]);
  state_.calm = lerp(state_.calm, silence, half_life_gain(seconds_, kCalmSeconds));
  const float calm = smoothstep(kCalmFrom, kCalmTo, state_.calm);
  const float low = lerp(kRestLow, kCalmRestLow, calm);
  const float high = lerp(kRestHigh, kCalmRestHigh, calm);
  const float target = smoothstep(low, high, silence) * (1.0f - script.mix);
  const double half_life = target > state_.rest ? kRestSeconds : kWakeSeconds;
  state_.rest = lerp(state_.rest, target, half_life_gain(seconds_, half_life));
  const float keep = 1.0f - amount * state_.rest;
  auto& w = frame->weights;
  const float jaw = std::min(w[kJawOpen], kRestJaw);
  const float pucker = std::min(w[kMouthPucker], kRestPucker);
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    if (is_lower_face(i)) w[i] *= keep;
  }
  w[kJawOpen] = std::max(w[kJawOpen], jaw);
  w[kMouthPucker] = std::max(w[kMouthPucker], pucker);
}

float PostProcess::advance_seal(const GraphFrame& graph, const ScriptFrame& script,
                                const KnobValues& knobs) {
  if (graph.closure == nullptr && script.mix <= 0.0f && state_.seal <= 0.0f) return 0.0f;
  const float heard = graph.closure != nullptr ? *graph.closure : 0.0f;
  const float closure = script.mix > 0.0f ? lerp(heard, script.pose->closure, script.mix) : heard;
  const float threshold =
      knobs.get(Knob::kClosureThreshold) - (state_.seal > 0.5f ? kSealHysteresis : 0.0f);
  const float target = smoothstep(threshold - kSealWidth, threshold + kSealWidth, closure);
  const auto most = static_cast<float>(seconds_ / kSealSeconds);
  const auto least = static_cast<float>(seconds_ / kPartSeconds);
  state_.seal = std::min(std::max(target, state_.seal - least), state_.seal + most);
  return knobs.get(Knob::kMouthClose) * state_.seal;
}

void PostProcess::seal_lips(float seal, Frame* frame) {
  auto& w = frame->weights;
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
  w[kMouthClose] = std::min(w[kMouthClose], w[kJawOpen]);
}

}  // namespace talkface
