// What every function of the C ABI shares: handles, struct-size rules and the catch-all guard.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include "base/text.h"
#include "model/model.h"
#include "stream/stream.h"
#include "talkface/talkface.h"

struct talkface_model {
  std::shared_ptr<const talkface::Model> model;
};

struct talkface_stream {
  std::shared_ptr<talkface::Stream> stream;
};

namespace talkface::api {

// Allocates nothing.
inline talkface_status report(Code code, std::string_view message, talkface_error* error) noexcept {
  const auto status = static_cast<talkface_status>(code);
  constexpr std::size_t kHead = offsetof(talkface_error, message);
  if (error != nullptr && error->struct_size > kHead) {
    error->status = status;
    copy_text(message, error->message,
              std::min<std::size_t>(error->struct_size - kHead, sizeof(error->message)));
  }
  return status;
}

inline talkface_status report(const Status& status, talkface_error* error) noexcept {
  return report(status.code(), status.message(), error);
}

// Runs a body that returns Status; nothing escapes.
template <typename Body>
talkface_status guarded(talkface_error* error, Body&& body) noexcept {
  try {
    return report(body(), error);
  } catch (const std::bad_alloc&) {
    return report(Code::kOutOfMemory, "out of memory", error);
  } catch (const std::exception& exception) {
    return report(Code::kInternal, exception.what(), error);
  } catch (...) {
    return report(Code::kInternal, "a callback threw what is no std::exception", error);
  }
}

inline Status invalid(const char* what) { return {Code::kInvalidArgument, what}; }

// Copies a caller's struct over defaults: fields past its struct_size keep theirs.
template <typename T>
bool take_options(const T* given, T* out) {
  if (given == nullptr) return true;
  if (given->struct_size < sizeof(std::uint32_t)) return false;
  std::memcpy(out, given, std::min<std::size_t>(given->struct_size, sizeof(T)));
  out->struct_size = sizeof(T);
  return true;
}

// Copies a full struct into a caller's, as far as its struct_size allows.
template <typename T>
talkface_status give(const T& full, T* out) noexcept {
  if (out == nullptr || out->struct_size < sizeof(std::uint32_t)) {
    return TALKFACE_ERROR_INVALID_ARGUMENT;
  }
  const std::uint32_t size = out->struct_size;
  std::memcpy(out, &full, std::min<std::size_t>(size, sizeof(T)));
  out->struct_size = size;
  return TALKFACE_OK;
}

}  // namespace talkface::api
