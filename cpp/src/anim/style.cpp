#include "anim/style.h"

#include <algorithm>

#include "base/json.h"
#include "base/math.h"
#include "base/sha256.h"

namespace talkface {
namespace {

constexpr double kMostGain = 4.0;
constexpr double kMostRest = 0.6;
constexpr double kMostExpression = 2.0;
constexpr double kSumSlack = 1e-3;
constexpr std::size_t kMaxName = 256;

Status bad(const std::string& what) { return {Code::kInvalidArgument, "style: " + what}; }

// Quoted, and no longer than a line.
std::string quoted(const std::string& name) {
  return '"' + (name.size() > 64 ? name.substr(0, 61) + "..." : name) + '"';
}

Status read_number(const Json& value, const std::string& name, double high, double* out) {
  if (!value.is(Json::Kind::kNumber)) return bad(name + " must be a number");
  *out = value.number();
  if (*out >= 0.0 && *out <= high) return {};
  return bad(name + " must be 0 to " + std::to_string(high).substr(0, 3));
}

bool may_rest(std::size_t channel) {
  const bool blinks = channel == kEyeBlinkLeft || channel == kEyeBlinkRight;
  const bool looks = (channel >= kEyeLookDownLeft && channel <= kEyeLookUpLeft) ||
                     (channel >= kEyeLookDownRight && channel <= kEyeLookUpRight);
  return !blinks && !looks && channel != kJawOpen && channel != kMouthClose &&
         channel != kTongueOut;
}

Status read_channels(const Json& object, const std::string& key, double high, bool rest,
                     std::array<float, kChannelCount>* out) {
  if (!object.is(Json::Kind::kObject)) return bad(key + " must be an object");
  for (const auto& [name, value] : object.members()) {
    const int channel = channel_index(name);
    if (channel < 0) return bad(key + " names " + quoted(name) + ", which is no ARKit blendshape");
    const auto index = static_cast<std::size_t>(channel);
    if (rest && !may_rest(index)) return bad(key + " must not hold " + name);
    double number = 0.0;
    const Status status = read_number(value, key + "." + name, high, &number);
    if (!status.ok()) return status;
    (*out)[index] = static_cast<float>(number);
  }
  return {};
}

Status read_identities(const Json& object, const std::vector<std::string>& identities,
                       std::vector<float>* out) {
  if (!object.is(Json::Kind::kObject)) return bad("identities must be an object");
  if (identities.empty()) return bad("this bundle has no identities");
  std::vector<double> weights(identities.size(), 0.0);
  double sum = 0.0;
  for (const auto& [name, value] : object.members()) {
    const auto found = std::find(identities.begin(), identities.end(), name);
    if (found == identities.end()) return bad("this bundle has no identity " + quoted(name));
    double& weight = weights[static_cast<std::size_t>(found - identities.begin())];
    const Status status = read_number(value, "identities." + name, 1.0, &weight);
    if (!status.ok()) return status;
    sum += weight;
  }
  if (!(sum >= 1.0 - kSumSlack && sum <= 1.0 + kSumSlack)) {
    return bad("the weights of identities must sum to 1");
  }
  for (const double weight : weights) out->push_back(static_cast<float>(weight / sum));
  return {};
}

}  // namespace

Status Style::parse(std::string_view json, const std::vector<std::string>& identities, Style* out) {
  Style style;
  if (json.empty()) {
    *out = style;
    return {};
  }
  if (json.size() > kMaxBytes) return bad("is larger than 64 KiB");
  Json root;
  Status status = Json::parse(json, &root);
  if (!status.ok()) return bad(status.message());
  if (!root.is(Json::Kind::kObject)) return bad("is not an object");
  const Json* version = root.find("talkface_style");
  if (version == nullptr || !version->is(Json::Kind::kNumber)) {
    return bad("\"talkface_style\": 1 is missing; is this a style file?");
  }
  if (version->number() != 1.0) {
    return {Code::kUnsupported, "style: its version is not 1; update TalkFace"};
  }
  for (const auto& [key, value] : root.members()) {
    if (key == "talkface_style") continue;
    if (key == "name") {
      if (!value.is(Json::Kind::kString) || value.string().size() > kMaxName) {
        status = bad("name must be a string of at most 256 bytes");
      }
    } else if (key == "identities") {
      status = read_identities(value, identities, &style.identity);
    } else if (key == "gain") {
      status = read_channels(value, key, kMostGain, false, &style.gain);
    } else if (key == "rest") {
      status = read_channels(value, key, kMostRest, true, &style.rest);
    } else if (key == "expression") {
      double number = 1.0;
      status = read_number(value, key, kMostExpression, &number);
      style.expression = static_cast<float>(number);
    } else {
      status = bad("unknown key " + quoted(key));
    }
    if (!status.ok()) return status;
  }
  style.sha256 = sha256_hex(json.data(), json.size());
  *out = std::move(style);
  return {};
}

}  // namespace talkface
