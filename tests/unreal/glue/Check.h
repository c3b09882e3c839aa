// A check, and how many failed. Each program includes this once.
#pragma once

#include <cstdio>

inline int Failures = 0;

inline void Expect(bool bTrue, const char* What) {
  if (!bTrue) {
    std::printf("FAIL %s\n", What);
    ++Failures;
  }
}
