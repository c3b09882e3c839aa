#include "model/onnx_scan.h"

#include <cstdint>

namespace talkface {
namespace {

// Messages of onnx.proto that can hold a tensor, and the fields that lead to one.
enum class Kind {
  kModel,
  kGraph,
  kNode,
  kAttribute,
  kTensor,
  kSparse,
  kFunction,
  kTraining,
  kNone
};

Kind field_kind(Kind kind, std::uint64_t field) {
  switch (kind) {
    case Kind::kModel:
      return field == 7    ? Kind::kGraph
             : field == 20 ? Kind::kTraining
             : field == 25 ? Kind::kFunction
                           : Kind::kNone;
    case Kind::kGraph:
      return field == 1    ? Kind::kNode
             : field == 5  ? Kind::kTensor
             : field == 15 ? Kind::kSparse
                           : Kind::kNone;
    case Kind::kNode: return field == 5 ? Kind::kAttribute : Kind::kNone;
    case Kind::kAttribute:
      return field == 5 || field == 10    ? Kind::kTensor
             : field == 6 || field == 11  ? Kind::kGraph
             : field == 22 || field == 23 ? Kind::kSparse
                                          : Kind::kNone;
    case Kind::kSparse: return field == 1 || field == 2 ? Kind::kTensor : Kind::kNone;
    case Kind::kFunction:
      return field == 7 ? Kind::kNode : field == 11 ? Kind::kAttribute : Kind::kNone;
    case Kind::kTraining: return field == 1 || field == 2 ? Kind::kGraph : Kind::kNone;
    default: return Kind::kNone;
  }
}

class Scanner {
 public:
  bool message(std::string_view bytes, Kind kind, int depth) {
    if (depth > kMaxDepth) return fail("is nested too deeply");
    std::size_t at = 0;
    while (at < bytes.size()) {
      std::uint64_t key = 0;
      std::uint64_t value = 0;
      if (!varint(bytes, &at, &key)) return fail("is not an ONNX file");
      const std::uint64_t field = key >> 3;
      switch (key & 7) {
        case 0:
          if (!varint(bytes, &at, &value)) return fail("is not an ONNX file");
          if (kind == Kind::kTensor && field == kDataLocation && value != 0) return external();
          break;
        case 1:
        case 5:
          at += (key & 7) == 1 ? 8 : 4;
          if (at > bytes.size()) return fail("is not an ONNX file");
          break;
        case 2: {
          if (!varint(bytes, &at, &value) || value > bytes.size() - at) {
            return fail("is not an ONNX file");
          }
          if (kind == Kind::kTensor && field == kExternalData) return external();
          const Kind inner = field_kind(kind, field);
          const std::string_view part = bytes.substr(at, static_cast<std::size_t>(value));
          if (inner != Kind::kNone && !message(part, inner, depth + 1)) return false;
          at += static_cast<std::size_t>(value);
          break;
        }
        default: return fail("is not an ONNX file");
      }
    }
    return true;
  }

  [[nodiscard]] const char* reason() const { return reason_; }

 private:
  static constexpr int kMaxDepth = 64;
  static constexpr std::uint64_t kExternalData = 13;
  static constexpr std::uint64_t kDataLocation = 14;

  bool fail(const char* reason) {
    reason_ = reason;
    return false;
  }
  bool external() { return fail("keeps tensors in other files, which a bundle must not"); }

  static bool varint(std::string_view bytes, std::size_t* at, std::uint64_t* out) {
    *out = 0;
    for (int shift = 0; shift < 64 && *at < bytes.size(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes[(*at)++]);
      *out |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  const char* reason_ = "";
};

}  // namespace

Status refuse_external_data(std::string_view onnx) {
  Scanner scanner;
  if (scanner.message(onnx, Kind::kModel, 0)) return {};
  return {Code::kBadBundle, std::string("the graph ") + scanner.reason()};
}

}  // namespace talkface
