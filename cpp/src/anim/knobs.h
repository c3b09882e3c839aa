// The table of post-processing parameters, and one stream's values of them.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <string_view>

namespace talkface {

enum class Knob : std::size_t {
  kLowerStrength,
  kUpperStrength,
  kTongueStrength,
  kLowerSmoothing,
  kUpperSmoothing,
  kMouthClose,
  kClosureThreshold,
  kSilenceRest,
  kBlinkStrength,
  kGazeStrength,
  kHeadStrength,
  kScriptStrength,
  kBrowStrength,
  kBreathStrength,
  kEmotionContrast,
  kMaxEmotions,
  kEmotionSmoothing,
  kEmotionStrength,
  kEmotionTransition,
  kExpressionStrength,
  kSwayStrength,
  kCount,
};

constexpr std::size_t kKnobCount = static_cast<std::size_t>(Knob::kCount);

struct KnobInfo {
  const char* name;
  float default_value;
  float min_value;
  float max_value;
  const char* doc;
};

extern const std::array<KnobInfo, kKnobCount> kKnobs;

// Index of a knob name, or -1.
int knob_index(std::string_view name);

class KnobValues {
 public:
  KnobValues();
  [[nodiscard]] float get(Knob knob) const { return get(static_cast<std::size_t>(knob)); }
  [[nodiscard]] float get(std::size_t index) const {
    return values_[index].load(std::memory_order_relaxed);
  }
  void set(std::size_t index, float value) {
    values_[index].store(value, std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<float>, kKnobCount> values_;
};

}  // namespace talkface
