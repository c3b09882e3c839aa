#include "anim/expression.h"

#include <algorithm>

#include "base/math.h"

namespace talkface {
namespace {

constexpr double kSmoothSeconds = 0.06;
constexpr double kMouthSeconds = 0.08;
// No weight gets to 1 by expression alone.
constexpr float kMost = 0.98f;
// What sealed lips leave to the corners of the mouth, and to the nose, which lifts the upper lip.
constexpr float kCornersSealed = 0.5f;
constexpr float kNoseSealed = 0.15f;

enum class Kind { kFree, kCorner, kNose, kArticulation, kNone };

constexpr Kind kind_of(std::size_t channel) {
  if (channel == kMouthClose || channel == kTongueOut) return Kind::kNone;
  if ((channel >= kMouthLeft && channel <= kMouthStretchRight) || channel == kMouthShrugUpper ||
      channel == kCheekPuff) {
    return Kind::kCorner;
  }
  if (channel == kNoseSneerLeft || channel == kNoseSneerRight) return Kind::kNose;
  return channel >= kJawForward && channel <= kMouthUpperUpRight ? Kind::kArticulation
                                                                 : Kind::kFree;
}

float limited(float d, float most) {
  return is_finite(d) ? std::min(std::max(d, -1.0f), most) : 0.0f;
}

}  // namespace

void Expression::advance(Span<const float> values, float gain, float mouth_rests) {
  const bool begun = state_.begun != 0.0f;
  const float smooth = begun ? half_life_gain(seconds_, kSmoothSeconds) : 1.0f;
  const float mouth = begun ? half_life_gain(seconds_, kMouthSeconds) : 1.0f;
  for (std::size_t i = 0; i < values.size; ++i) {
    float& d = state_.d[channels_[i]];
    d = lerp(d, limited(values[i] * gain, kMost), smooth);
  }
  state_.mouth = lerp(state_.mouth, mouth_rests, mouth);
  state_.begun = 1.0f;
}

void Expression::advance(const EmotionMix& mix, float gain) {
  std::array<float, kChannelCount> values{};
  const std::size_t count = channels_.size();
  for (std::size_t emotion = 0; emotion < kEmotionCount; ++emotion) {
    for (std::size_t i = 0; i < count; ++i) values[i] += mix[emotion] * rest_[emotion * count + i];
  }
  advance({values.data(), count}, gain, 1.0f);
}

void Expression::apply(float seal, Frame* frame) const {
  for (const std::size_t channel : channels_) {
    float d = state_.d[channel];
    switch (kind_of(channel)) {
      case Kind::kFree: break;
      case Kind::kCorner: d *= lerp(1.0f, kCornersSealed, seal); break;
      case Kind::kNose: d *= lerp(1.0f, kNoseSealed, seal); break;
      case Kind::kArticulation: d *= std::min(state_.mouth, 1.0f - seal); break;
      case Kind::kNone: continue;
    }
    float& weight = frame->weights[channel];
    weight = clamp01(headroom(weight, d));
  }
}

void Expression::apply_raw(Span<const float> values, Frame* frame) const {
  for (std::size_t i = 0; i < values.size; ++i) {
    float& weight = frame->weights[channels_[i]];
    weight = clamp01(headroom(weight, limited(values[i], 1.0f)));
  }
}

bool sound(const Expression::State& s) {
  return std::all_of(s.d.begin(), s.d.end(), [](float d) { return d >= -1.0f && d <= 1.0f; }) &&
         s.mouth >= 0.0f && s.mouth <= 1.0f && (s.begun == 0.0f || s.begun == 1.0f);
}

}  // namespace talkface
