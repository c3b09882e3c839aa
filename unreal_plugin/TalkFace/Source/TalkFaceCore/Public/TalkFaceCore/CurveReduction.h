// Fewer keys for a baked curve.
#pragma once

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace TalkFaceCore {

// Keys to keep, by index and in order, so that straight lines between them stay within Tolerance of
// every value. Times grow. The first and the last key stay; a curve that stays within Tolerance of
// its first value keeps that one alone.
inline std::vector<std::size_t> ReduceKeys(const std::vector<double>& Times,
                                           const std::vector<float>& Values, double Tolerance) {
  const std::size_t Count = Values.size();
  if (Count == 0) return {};
  bool bFlat = true;
  for (const float Value : Values) {
    bFlat = bFlat && std::fabs(static_cast<double>(Value - Values[0])) <= Tolerance;
  }
  if (bFlat) return {0};
  std::vector<bool> Kept(Count, false);
  Kept.front() = Kept.back() = true;
  std::vector<std::pair<std::size_t, std::size_t>> Spans = {{0, Count - 1}};
  while (!Spans.empty()) {
    const auto [First, Last] = Spans.back();
    Spans.pop_back();
    const double Start = static_cast<double>(Values[First]);
    const double Slope = (static_cast<double>(Values[Last]) - Start) / (Times[Last] - Times[First]);
    double Worst = Tolerance;
    std::size_t At = First;
    for (std::size_t I = First + 1; I < Last; ++I) {
      const double Line = Start + Slope * (Times[I] - Times[First]);
      const double Off = std::fabs(static_cast<double>(Values[I]) - Line);
      if (Off > Worst) {
        Worst = Off;
        At = I;
      }
    }
    if (At == First) continue;
    Kept[At] = true;
    Spans.push_back({First, At});
    Spans.push_back({At, Last});
  }
  std::vector<std::size_t> Indices;
  for (std::size_t I = 0; I < Count; ++I) {
    if (Kept[I]) Indices.push_back(I);
  }
  return Indices;
}

}  // namespace TalkFaceCore
