// A known floating-point mode around inference: round to nearest, denormals flushed. Game hosts run
// with and without flushing; results must not depend on it.
#pragma once

#include <cstdint>

#if defined(__x86_64__) || defined(_M_X64) || defined(__i386__)
#include <xmmintrin.h>
#define TALKFACE_FP_X86 1
#endif

namespace talkface {

// WebAssembly has one mode: to nearest, denormals kept.
class [[maybe_unused]] FpModeGuard {
 public:
#if defined(TALKFACE_FP_X86)
  FpModeGuard() : saved_(_mm_getcsr()) { _mm_setcsr(kMaskAll | kFlushToZero | kDenormalsAreZero); }
  ~FpModeGuard() { _mm_setcsr(saved_); }
#elif defined(__aarch64__)
  FpModeGuard() {
    asm volatile("mrs %0, fpcr" : "=r"(saved_));
    const std::uint64_t flush = std::uint64_t{1} << 24;
    asm volatile("msr fpcr, %0" : : "r"(flush));
  }
  ~FpModeGuard() { asm volatile("msr fpcr, %0" : : "r"(saved_)); }
#else
  FpModeGuard() = default;
#endif
  FpModeGuard(const FpModeGuard&) = delete;
  FpModeGuard& operator=(const FpModeGuard&) = delete;

 private:
#if defined(TALKFACE_FP_X86)
  static constexpr unsigned kMaskAll = 0x1f80;
  static constexpr unsigned kFlushToZero = 0x8000;
  static constexpr unsigned kDenormalsAreZero = 0x0040;
  unsigned saved_;
#elif defined(__aarch64__)
  std::uint64_t saved_;
#endif
};

}  // namespace talkface
