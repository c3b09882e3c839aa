// A view of contiguous values (std::span is C++20).
#pragma once

#include <cstddef>

namespace talkface {

template <typename T>
struct Span {
  T* data = nullptr;
  std::size_t size = 0;

  T& operator[](std::size_t index) const { return data[index]; }
  T* begin() const { return data; }
  T* end() const { return data + size; }
};

}  // namespace talkface
