// Text for fixed buffers.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace talkface {

// Copies `text` into `out` of `room` bytes (at least 1), terminated, never cutting a UTF-8
// character.
inline void copy_text(std::string_view text, char* out, std::size_t room) {
  std::size_t count = text.size() < room ? text.size() : room - 1;
  while (count > 0 && count < text.size() &&
         (static_cast<unsigned char>(text[count]) & 0xc0) == 0x80) {
    --count;
  }
  std::memcpy(out, text.data(), count);
  out[count] = '\0';
}

}  // namespace talkface
