// Decimal text to a double: correctly rounded, whatever the locale.
#pragma once

#include <charconv>
#include <locale>
#include <sstream>
#include <string>
#include <system_error>

namespace talkface {

// End of the longest number at `begin` (digits, fraction, exponent), or `begin` when there is none.
inline const char* number_end(const char* begin, const char* end) {
  const auto digits = [end](const char* at) {
    while (at != end && *at >= '0' && *at <= '9') ++at;
    return at;
  };
  const char* whole = begin != end && *begin == '-' ? begin + 1 : begin;
  const char* at = digits(whole);
  bool any = at != whole;
  if (at != end && *at == '.') {
    const char* fraction = digits(at + 1);
    any = any || fraction != at + 1;
    at = fraction;
  }
  if (!any) return begin;
  if (at == end || (*at != 'e' && *at != 'E')) return at;
  const char* power = at + 1;
  if (power != end && (*power == '+' || *power == '-')) ++power;
  const char* stop = digits(power);
  return stop != power ? stop : at;
}

// For C++ libraries without from_chars of doubles: LLVM's before 20, so Apple's and Android's.
// Returns the end of the number, or null.
inline const char* parse_double_by_stream(const char* begin, const char* end, double* out) {
  const char* stop = number_end(begin, end);
  if (stop == begin) return nullptr;
  std::istringstream stream(std::string(begin, stop));
  stream.imbue(std::locale::classic());
  return stream >> *out ? stop : nullptr;
}

// Returns the end of the number, or null when there is none or it is out of range.
inline const char* parse_double(const char* begin, const char* end, double* out) {
#if defined(__cpp_lib_to_chars) || defined(_MSC_VER)
  const auto [stop, error] = std::from_chars(begin, end, *out);
  return error == std::errc() ? stop : nullptr;
#else
  return parse_double_by_stream(begin, end, out);
#endif
}

}  // namespace talkface
