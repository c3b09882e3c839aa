#include <string>

#include "anim/style.h"
#include "check.h"

using namespace talkface;

namespace {

const std::vector<std::string> kNames = {"ada", "ben"};

std::string style_with(const std::string& members) {
  return "{\"talkface_style\": 1" + (members.empty() ? "" : ", " + members) + "}";
}

bool refused(const std::string& text, const std::string& words,
             const std::vector<std::string>& names = kNames) {
  Style style;
  style.expression = 0.25f;
  const Status status = Style::parse(text, names, &style);
  const bool good = !status.ok() && status.message().find(words) != std::string::npos &&
                    style.expression == 0.25f;
  if (!good) std::fprintf(stderr, "  got: %s\n", status.message().c_str());
  return good;
}

}  // namespace

TEST(a_good_style_is_read) {
  Style style;
  const std::string text = style_with(
      R"("name": "a voice", "identities": {"ben": 0.75, "ada": 0.25}, "gain": {"jawOpen": 1.5},
         "rest": {"mouthSmileLeft": 0.05}, "expression": 0.5)");
  CHECK(Style::parse(text, kNames, &style).ok());
  CHECK_NEAR(style.identity[0], 0.25f, 1e-6f);
  CHECK_NEAR(style.identity[1], 0.75f, 1e-6f);
  CHECK(style.gain[kJawOpen] == 1.5f && style.gain[kMouthPucker] == 1.0f);
  CHECK(style.rest[23] == 0.05f && style.expression == 0.5f && style.sha256.size() == 64);
  CHECK(Style::parse("", kNames, &style).ok());
  CHECK(style.identity.empty() && style.expression == 1.0f && style.sha256.empty());
  CHECK(Style::parse(style_with(""), {}, &style).ok());
}

TEST(every_bad_style_is_refused_with_a_reason) {
  CHECK(refused("[]", "not an object"));
  CHECK(refused("{", "style: "));
  CHECK(refused("{}", "is missing"));
  CHECK(refused(R"({"talkface_style": "1"})", "is missing"));
  CHECK(refused(R"({"talkface_style": 2})", "update TalkFace"));
  CHECK(refused(style_with("\"colour\": 1"), "unknown key \"colour\""));
  CHECK(refused(style_with("\"name\": 1"), "name must be"));
  CHECK(refused(style_with("\"name\": \"" + std::string(300, 'x') + "\""), "name must be"));
  CHECK(refused(style_with("\"expression\": 2.5"), "expression must be 0 to 2.0"));
  CHECK(refused(style_with("\"expression\": -1"), "expression must be 0"));
  CHECK(refused(style_with("\"expression\": \"much\""), "must be a number"));
  CHECK(refused(style_with("\"gain\": []"), "gain must be an object"));
  CHECK(refused(style_with("\"gain\": {\"jawopen\": 1}"), "no ARKit blendshape"));
  CHECK(refused(style_with("\"gain\": {\"jawOpen\": 5}"), "0 to 4.0"));
  CHECK(refused(style_with("\"gain\": {\"jawOpen\": -1}"), "0 to 4.0"));
  CHECK(refused(style_with("\"gain\": {\"jawOpen\": 1e999}"), "style: "));
  CHECK(refused(style_with("\"rest\": {\"mouthSmileLeft\": 0.7}"), "0 to 0.6"));
  for (const char* name : {"jawOpen", "mouthClose", "tongueOut", "eyeBlinkLeft", "eyeBlinkRight",
                           "eyeLookUpLeft", "eyeLookInRight", "eyeLookDownLeft"}) {
    CHECK(refused(style_with("\"rest\": {\"" + std::string(name) + "\": 0.1}"), "must not hold"));
  }
  CHECK(refused(style_with("\"identities\": {\"cho\": 1}"), "no identity \"cho\""));
  CHECK(refused(style_with("\"identities\": {\"ada\": 0.5}"), "sum to 1"));
  CHECK(refused(style_with("\"identities\": {\"ada\": 1.5, \"ben\": -0.5}"), "0 to 1.0"));
  CHECK(refused(style_with("\"identities\": {}"), "sum to 1"));
  CHECK(refused(style_with("\"identities\": 1"), "must be an object"));
  CHECK(refused(style_with("\"identities\": {\"ada\": 1}"), "has no identities", {}));
  CHECK(refused(style_with("\"name\": \"" + std::string(70000, 'x') + "\""), "64 KiB"));
}
