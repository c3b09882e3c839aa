#include "base/json.h"

#include <charconv>
#include <cstdint>

#include "base/number.h"

namespace talkface {

const Json* Json::find(std::string_view key) const {
  for (const auto& [name, value] : members_) {
    if (name == key) return &value;
  }
  return nullptr;
}

namespace {

// RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF.
bool valid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4) return false;
    const std::size_t more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    if (i + more >= text.size()) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    }
    const auto second = more > 0 ? static_cast<unsigned char>(text[i + 1]) : 0;
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
        (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f)) {
      return false;
    }
    i += more + 1;
  }
  return true;
}

}  // namespace

class JsonParser {
 public:
  explicit JsonParser(std::string_view text) : text_(text) {}

  Status document(Json* out) {
    if (!value(out, 0)) return failure();
    space();
    if (at_ != text_.size()) return (fail("text after the end of the document"), failure());
    return {};
  }

 private:
  static constexpr int kMaxDepth = 32;
  static constexpr std::size_t kMaxMembers = 4096;

  bool fail(const char* what) {
    if (error_ == nullptr) error_ = what;
    return false;
  }

  [[nodiscard]] Status failure() const {
    return {Code::kBadBundle, "JSON: " + std::string(error_ ? error_ : "unexpected end") +
                                  " at byte " + std::to_string(at_)};
  }

  void space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
  }

  bool take(char c) {
    space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool word(std::string_view literal) {
    if (text_.substr(at_, literal.size()) != literal) return fail("unknown literal");
    at_ += literal.size();
    return true;
  }

  bool value(Json* out, int depth) {
    if (depth > kMaxDepth) return fail("nested too deeply");
    space();
    if (at_ >= text_.size()) return fail("unexpected end");
    switch (text_[at_]) {
      case '{': return object(out, depth);
      case '[': return array(out, depth);
      case '"': out->kind_ = Json::Kind::kString; return string(&out->string_);
      case 't':
        out->kind_ = Json::Kind::kBool;
        out->number_ = 1.0;
        return word("true");
      case 'f': out->kind_ = Json::Kind::kBool; return word("false");
      case 'n': return word("null");
      default: return number(out);
    }
  }

  bool object(Json* out, int depth) {
    out->kind_ = Json::Kind::kObject;
    ++at_;
    if (take('}')) return true;
    do {
      space();
      std::string key;
      if (at_ >= text_.size() || text_[at_] != '"') return fail("expected a key");
      if (!string(&key)) return false;
      if (out->members_.size() >= kMaxMembers) return fail("too many members");
      if (out->find(key) != nullptr) return fail("duplicate key");
      if (!take(':')) return fail("expected ':'");
      out->members_.emplace_back(std::move(key), Json());
      if (!value(&out->members_.back().second, depth + 1)) return false;
    } while (take(','));
    return take('}') || fail("expected ',' or '}'");
  }

  bool array(Json* out, int depth) {
    out->kind_ = Json::Kind::kArray;
    ++at_;
    if (take(']')) return true;
    do {
      out->items_.emplace_back();
      if (!value(&out->items_.back(), depth + 1)) return false;
    } while (take(','));
    return take(']') || fail("expected ',' or ']'");
  }

  bool number(Json* out) {
    out->kind_ = Json::Kind::kNumber;
    const char* begin = text_.data() + at_;
    const char* end = text_.data() + text_.size();
    if (*begin != '-' && (*begin < '0' || *begin > '9')) return fail("unexpected character");
    const char* stop = parse_double(begin, end, &out->number_);
    if (stop == nullptr || out->number_ - out->number_ != 0.0) return fail("bad number");
    at_ += static_cast<std::size_t>(stop - begin);
    return true;
  }

  bool hex4(std::uint32_t* out) {
    if (at_ + 4 > text_.size()) return fail("short \\u escape");
    const char* begin = text_.data() + at_;
    const auto [stop, error] = std::from_chars(begin, begin + 4, *out, 16);
    if (error != std::errc() || stop != begin + 4) return fail("bad \\u escape");
    at_ += 4;
    return true;
  }

  static void append_utf8(std::uint32_t code, std::string* out) {
    const auto byte = [out](std::uint32_t b) { out->push_back(static_cast<char>(b)); };
    if (code < 0x80) {
      byte(code);
    } else if (code < 0x800) {
      byte(0xc0 | code >> 6);
      byte(0x80 | (code & 63));
    } else if (code < 0x10000) {
      byte(0xe0 | code >> 12);
      byte(0x80 | (code >> 6 & 63));
      byte(0x80 | (code & 63));
    } else {
      byte(0xf0 | code >> 18);
      byte(0x80 | (code >> 12 & 63));
      byte(0x80 | (code >> 6 & 63));
      byte(0x80 | (code & 63));
    }
  }

  bool escape(std::string* out) {
    if (at_ >= text_.size()) return fail("unexpected end");
    const char c = text_[at_++];
    switch (c) {
      case '"':
      case '\\':
      case '/': out->push_back(c); return true;
      case 'b': out->push_back('\b'); return true;
      case 'f': out->push_back('\f'); return true;
      case 'n': out->push_back('\n'); return true;
      case 'r': out->push_back('\r'); return true;
      case 't': out->push_back('\t'); return true;
      case 'u': break;
      default: return fail("unknown escape");
    }
    std::uint32_t code = 0;
    if (!hex4(&code)) return false;
    if (code >= 0xd800 && code < 0xdc00) {
      std::uint32_t low = 0;
      if (text_.substr(at_, 2) != "\\u") return fail("lone surrogate");
      at_ += 2;
      if (!hex4(&low)) return false;
      if (low < 0xdc00 || low > 0xdfff) return fail("lone surrogate");
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    } else if (code >= 0xdc00 && code <= 0xdfff) {
      return fail("lone surrogate");
    }
    append_utf8(code, out);
    return true;
  }

  bool string(std::string* out) {
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') return valid_utf8(*out) || fail("a string is not UTF-8");
      if (static_cast<unsigned char>(c) < 0x20) return fail("control character in a string");
      if (c != '\\') {
        out->push_back(c);
      } else if (!escape(out)) {
        return false;
      }
    }
    return fail("unterminated string");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  const char* error_ = nullptr;
};

Status Json::parse(std::string_view text, Json* out) {
  *out = Json();
  return JsonParser(text).document(out);
}

}  // namespace talkface
