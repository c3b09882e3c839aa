// From the graph's output to a pose that keeps its promises: finite, in range, lips that seal,
// a mouth that rests in silence, an expression that lets it speak. Runs once a frame.
#pragma once

#include <array>

#include "anim/articulation.h"
#include "anim/expression.h"
#include "anim/knobs.h"
#include "anim/rig.h"
#include "anim/style.h"
#include "base/span.h"

namespace talkface {

// What the graph says about one frame. Empty spans where a bundle has no such output.
struct GraphFrame {
  Span<const float> weights;       // one a bundle channel
  Span<const float> visemes;       // probabilities
  Span<const float> emotion;       // probabilities, then valence and arousal
  const float* closure = nullptr;  // probability that the lips are sealed
  Span<const float> expression{};  // what emotion adds, one a channel of Expression
};

// What the script says about one frame, and how far it replaces the graph. Other channels than
// those of `table` stay the graph's.
struct ScriptFrame {
  const ArticulationTable* table = nullptr;
  const RulePose* pose = nullptr;
  float mix = 0.0f;
};

class PostProcess {
 public:
  // `channels`: canonical index of each bundle channel. `seconds`: time between graph frames.
  PostProcess(Span<const std::size_t> channels, double seconds);

  void reset();
  // Frames lie `seconds` apart from now on.
  void set_pace(double seconds) { seconds_ = seconds; }
  // Apply everything to one frame. `frame` must be default-constructed.
  void apply(const GraphFrame& graph, const ScriptFrame& script, const KnobValues& knobs,
             const Style& style, Expression* expression, Frame* frame);

  // The mouth at the end of an utterance, after `apply`: `keep` of the way open. Only speech ends,
  // not what the face expresses.
  void close(float keep, const KnobValues& knobs, const Style& style, const Expression& expression,
             Frame* frame);

  // The most that speech moves a channel of the mouth in a frame, 0 to 1.
  static float speech_in(const Frame& frame, const Style& style, const Expression& expression);

  // The face of a gap, where nobody speaks.
  static void idle(const EmotionMix& mix, const KnobValues& knobs, const Style& style,
                   Expression* expression, Frame* frame);

  // Copy the graph's and the script's values without any processing.
  void copy_raw(const GraphFrame& graph, const ScriptFrame& script, Frame* frame) const;

  // Mean delay of the smoothing of the lower face, in seconds.
  [[nodiscard]] double smoothing_delay(const KnobValues& knobs) const;

  struct State {
    std::array<float, kChannelCount> smoothed{};
    float rest = 1.0f;
    float calm = 1.0f;
    float started = 0.0f;
    float seal = 0.0f;
  };
  [[nodiscard]] const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  void rest_in_silence(const GraphFrame& graph, const ScriptFrame& script, float amount,
                       Frame* frame);
  // How far the lips are sealed now, 0 to 1.
  float advance_seal(const GraphFrame& graph, const ScriptFrame& script, const KnobValues& knobs);
  static void seal_lips(float seal, Frame* frame);

  Span<const std::size_t> channels_;
  double seconds_;
  State state_;
};

}  // namespace talkface
