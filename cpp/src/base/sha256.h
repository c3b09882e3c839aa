// SHA-256 (FIPS 180-4), for bundle files.
#pragma once

#include <cstddef>
#include <string>

namespace talkface {

// Lower-case hex digest.
std::string sha256_hex(const void* data, std::size_t size);

}  // namespace talkface
