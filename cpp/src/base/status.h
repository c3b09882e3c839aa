// Result of an operation that can fail: a code of talkface_status and a readable message.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace talkface {

// Values equal talkface_status; the C ABI casts.
enum class Code : std::int32_t {
  kOk = 0,
  kFull = 1,
  kInvalidArgument = -1,
  kNotFound = -2,
  kIo = -3,
  kBadBundle = -4,
  kHashMismatch = -5,
  kUnsupported = -6,
  kRuntimeMissing = -7,
  kRuntimeFailed = -8,
  kOutOfMemory = -9,
  kBusy = -10,
  kBadState = -11,
  kBufferTooSmall = -12,
  kInternal = -13,
};

class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Code code, std::string message) : code_(code), message_(std::move(message)) {}
  explicit Status(Code code) : code_(code) {}

  [[nodiscard]] bool ok() const { return code_ == Code::kOk; }
  [[nodiscard]] Code code() const { return code_; }
  [[nodiscard]] const std::string& message() const { return message_; }

 private:
  Code code_ = Code::kOk;
  std::string message_;
};

}  // namespace talkface
