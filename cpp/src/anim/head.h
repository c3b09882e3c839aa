// Head motion that a graph gives: read, limited by its user, let go of smoothly where there is
// none.
#pragma once

#include <array>
#include <cstdint>

#include "base/span.h"

namespace talkface {

// Vector part of a unit quaternion whose real part is not negative, and a translation in metres.
struct HeadPose {
  std::array<float, 3> v{};
  std::array<float, 3> translation{};
};

constexpr std::size_t kHeadValues = 9;

// A graph's head: the first two columns of a rotation matrix, made orthonormal, then a translation.
// Nothing that can be made one is the identity.
HeadPose head_from_graph(Span<const float> values);

// The same times `strength`, turned by at most 20 degrees.
HeadPose limited(const HeadPose& pose, float strength);

// Real part of the quaternion with this vector part.
float real_part(const std::array<float, 3>& v);

class HeadMotion {
 public:
  struct State {
    HeadPose pose;
    HeadPose offset;  // what is left of where the head was when its source changed
    std::uint32_t follows = 0;
    std::uint32_t begun = 0;
  };

  // `seconds`: time between frames.
  explicit HeadMotion(double seconds);

  void reset() { state_ = State(); }
  // Frames lie `seconds` apart from now on.
  void set_pace(double seconds);
  // The next frame may come from elsewhere than the last.
  void let_go() { state_.follows = 0; }
  // Go to the next frame: towards the graph's pose, or to rest without one.
  void advance(const HeadPose* graph);
  [[nodiscard]] const HeadPose& pose() const { return state_.pose; }

  [[nodiscard]] const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  float kept_ = 0.0f;
  State state_;
};

// Whether a state from outside may be restored.
[[nodiscard]] bool sound(const HeadMotion::State& state);

}  // namespace talkface
