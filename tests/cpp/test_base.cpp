#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "base/fp_mode.h"
#include "base/json.h"
#include "base/math.h"
#include "base/number.h"
#include "base/prng.h"
#include "base/ring.h"
#include "base/sha256.h"
#include "base/text.h"
#include "check.h"

using namespace talkface;

namespace {

bool parses(const std::string& text) {
  Json json;
  return Json::parse(text, &json).ok();
}

}  // namespace

TEST(sha256_matches_the_standard_vectors) {
  CHECK(sha256_hex("", 0) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc", 3) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const std::string million(1000000, 'a');
  CHECK(sha256_hex(million.data(), million.size()) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  for (std::size_t n = 50; n < 70; ++n) CHECK(sha256_hex(million.data(), n).size() == 64);
}

TEST(json_reads_every_kind) {
  Json json;
  const Status status = Json::parse(
      R"({"a": [1, -2.5e3, true, false, null], "b": {"c": "x\u00e9\n\ud83d\ude00"}})", &json);
  CHECK(status.ok());
  CHECK(json.find("a")->items().size() == 5);
  CHECK(json.find("a")->items()[1].number() == -2500.0);
  CHECK(json.find("a")->items()[2].boolean());
  CHECK(json.find("b")->find("c")->string() == "x\xc3\xa9\n\xf0\x9f\x98\x80");
  CHECK(json.find("z") == nullptr);
}

TEST(numbers_are_read_alike_without_from_chars) {
  for (const std::string text : {"0",
                                 "-0",
                                 "1",
                                 "-2.5e3",
                                 "0.1",
                                 "1e-5",
                                 "6.02E+23",
                                 "123456789.987654321",
                                 "3.14,",
                                 "1e",
                                 "2e+]",
                                 "17.",
                                 "0.30000000000000004",
                                 "2.2250738585072014e-308",
                                 "1.7976931348623157e308",
                                 "-",
                                 "x",
                                 "",
                                 "1e999",
                                 "-1e999",
                                 "9007199254740993"}) {
    const char* begin = text.data();
    const char* end = begin + text.size();
    double a = 0.0;
    double b = 0.0;
    const char* stop = parse_double(begin, end, &a);
    CHECK(parse_double_by_stream(begin, end, &b) == stop);
    if (stop != nullptr) CHECK(std::memcmp(&a, &b, sizeof(a)) == 0);
  }
}

TEST(json_refuses_what_is_not_json) {
  for (const char* text : {"", "{", "}", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "nul", "+1",
                           "01x", "1e999", "\"\\x\"", "\"\\ud800\"", "\"\\udc00\"", "\"a", "[1] 2",
                           "{\"a\":1,\"a\":2}", "\"\x01\"", "NaN"}) {
    CHECK(!parses(text));
  }
  for (const char* text : {"\"\x80\"", "\"\xc0\xaf\"", "\"\xe0\x80\x80\"", "\"\xed\xa0\x80\"",
                           "\"\xf4\x90\x80\x80\"", "\"\xe2\x82\""}) {
    CHECK(!parses(text));
  }
  CHECK(parses("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""));
  std::string wide = "{";
  for (int i = 0; i < 5000; ++i) wide += "\"" + std::to_string(i) + "\":0,";
  CHECK(!parses(wide + "\"end\":0}"));
  CHECK(!parses(std::string(100, '[') + std::string(100, ']')));
  CHECK(parses(std::string(30, '[') + std::string(30, ']')));
}

TEST(text_is_never_cut_inside_a_character) {
  char out[8];
  copy_text("abc", out, sizeof(out));
  CHECK(std::string(out) == "abc");
  copy_text("abcdefghij", out, sizeof(out));
  CHECK(std::string(out) == "abcdefg");
  copy_text("abcdef\xc3\xa9", out, sizeof(out));
  CHECK(std::string(out) == "abcdef");
  copy_text("abcde\xc3\xa9", out, sizeof(out));
  CHECK(std::string(out) == "abcde\xc3\xa9");
  copy_text("\xf0\x9f\x98\x80", out, 3);
  CHECK(std::string(out).empty());
}

TEST(sine_and_powers_are_accurate) {
  for (int i = -4000; i < 4000; ++i) {
    const double turns = i / 997.0;
    CHECK_NEAR(sin_turns(turns), std::sin(2 * 3.141592653589793 * turns), 1e-10);
    CHECK_NEAR(cos_turns(turns), std::cos(2 * 3.141592653589793 * turns), 1e-10);
  }
  for (int i = 0; i < 3000; ++i)
    CHECK_NEAR(exp_negative(i / 97.0) * std::exp(i / 97.0), 1.0, 1e-12);
  CHECK(exp_negative(0.0) == 1.0 && exp_negative(1e6) == 0.0 && exp_negative(699.0) > 0.0);
  for (int i = 0; i < 300; ++i) CHECK_NEAR(exp2_negative(i / 7.0), std::exp2(-i / 7.0), 1e-12);
}

TEST(finite_tells_nan_and_infinity) {
  CHECK(is_finite(0.0f) && is_finite(-1e38f) && is_finite(1e-45f));
  CHECK(!is_finite(std::numeric_limits<float>::infinity()));
  CHECK(!is_finite(-std::numeric_limits<float>::infinity()));
  CHECK(!is_finite(std::numeric_limits<float>::quiet_NaN()));
}

TEST(random_numbers_are_uniform_and_keyed) {
  double sum = 0.0;
  for (std::uint64_t i = 0; i < 10000; ++i) {
    const double x = uniform_at(1, 2, i);
    CHECK(x >= 0.0 && x < 1.0);
    sum += x;
  }
  CHECK_NEAR(sum / 10000, 0.5, 0.02);
  CHECK(uniform_at(1, 2, 3) == uniform_at(1, 2, 3));
  CHECK(uniform_at(1, 2, 3) != uniform_at(2, 2, 3));
  CHECK(uniform_at(1, 2, 3) != uniform_at(1, 3, 3));
}

TEST(ring_wraps_and_keeps_order) {
  AudioRing ring(7);
  float next_in = 0.0f;
  float next_out = 0.0f;
  for (int round = 0; round < 50; ++round) {
    for (int part = 0; part < 2; ++part) {
      const Span<float> span = ring.free_span(5);
      for (float& x : span) x = next_in++;
      ring.commit(span.size);
    }
    float out[4];
    const std::size_t got = ring.read(out, 4);
    for (std::size_t i = 0; i < got; ++i) CHECK(out[i] == next_out++);
  }
  CHECK(ring.written() - ring.consumed() <= 7);
  ring.drop_before(ring.written() + 100);
  CHECK(ring.consumed() == ring.written());
}

#if defined(TALKFACE_FP_X86)
TEST(the_floating_point_mode_is_set_and_restored) {
  const unsigned before = _mm_getcsr();
  {
    const FpModeGuard guard;
    volatile float tiny = 1e-38f;
    CHECK(tiny * 1e-5f == 0.0f);
  }
  CHECK(_mm_getcsr() == before);
}
#endif
