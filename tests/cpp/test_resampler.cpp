#include <cstdint>
#include <vector>

#include "check.h"
#include "dsp/resampler.h"

using namespace talkface;

namespace {

std::vector<float> resample(std::uint32_t rate, const std::vector<float>& input, std::size_t chunk,
                            std::int64_t start = 0) {
  const ResamplerTable table(rate, 16000);
  Resampler resampler(table);
  resampler.begin(start);
  std::vector<float> output;
  std::vector<float> room(97);
  for (std::size_t at = 0; at < input.size();) {
    const std::size_t count = std::min(chunk, input.size() - at);
    std::size_t consumed = 0;
    const std::size_t made =
        resampler.process(input.data() + at, count, &consumed, room.data(), room.size());
    output.insert(output.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(made));
    at += consumed;
  }
  return output;
}

std::vector<float> sine(std::uint32_t rate, double hertz, std::size_t count) {
  std::vector<float> samples(count);
  for (std::size_t i = 0; i < count; ++i) {
    samples[i] =
        static_cast<float>(std::sin(2 * 3.141592653589793 * hertz * static_cast<double>(i) / rate));
  }
  return samples;
}

double peak(const std::vector<float>& samples, std::size_t skip) {
  double most = 0.0;
  for (std::size_t i = skip; i + skip < samples.size(); ++i) {
    most = std::max(most, std::fabs(static_cast<double>(samples[i])));
  }
  return most;
}

constexpr std::uint32_t kRates[] = {8000,  11025, 22050, 24000, 32000,
                                    44100, 47999, 48000, 96000, 192000};

}  // namespace

TEST(chunks_do_not_change_the_output) {
  for (const std::uint32_t rate : kRates) {
    const std::vector<float> input = sine(rate, 700.0, rate / 4);
    const std::vector<float> whole = resample(rate, input, input.size());
    CHECK(whole.size() > 3000);
    CHECK(resample(rate, input, 1) == whole);
    CHECK(resample(rate, input, 441) == whole);
  }
}

TEST(output_is_aligned_with_the_input) {
  for (const std::uint32_t rate : kRates) {
    const std::vector<float> out = resample(rate, sine(rate, 440.0, rate / 2), 1000);
    double worst = 0.0;
    for (std::size_t i = 400; i + 400 < out.size(); ++i) {
      const double expected =
          std::sin(2 * 3.141592653589793 * 440.0 * static_cast<double>(i) / 16000);
      worst = std::max(worst, std::fabs(static_cast<double>(out[i]) - expected));
    }
    CHECK(worst < 2e-4);
  }
}

TEST(a_constant_stays_a_constant) {
  for (const std::uint32_t rate : kRates) {
    const std::vector<float> out = resample(rate, std::vector<float>(rate / 4, 0.5f), 777);
    for (std::size_t i = 400; i + 400 < out.size(); ++i) CHECK_NEAR(out[i], 0.5f, 1e-5f);
  }
}

TEST(what_would_alias_is_gone) {
  for (const std::uint32_t rate : {44100u, 48000u, 96000u, 192000u}) {
    for (const double hertz : {8200.0, 9000.0, 12000.0, 15000.0, 20000.0}) {
      if (hertz < rate / 2.0)
        CHECK(peak(resample(rate, sine(rate, hertz, rate / 2), 512), 400) < 1e-4);
    }
    CHECK(peak(resample(rate, sine(rate, 6000.0, rate / 2), 512), 400) > 0.99);
  }
}

TEST(odd_rates_keep_a_small_table) {
  const ResamplerTable table(47999, 16000);
  CHECK(table.half() < 200);
  CHECK(table.delay() <= 34);
}

TEST(equal_rates_pass_through) {
  const std::vector<float> input = sine(16000, 440.0, 1000);
  CHECK(resample(16000, input, 33) == input);
  CHECK(ResamplerTable(16000, 16000).delay() == 0);
}

TEST(a_later_start_keeps_the_clock) {
  const ResamplerTable table(48000, 16000);
  Resampler resampler(table);
  CHECK(resampler.begin(0) == 0);
  CHECK(resampler.begin(1) == 1);
  CHECK(resampler.begin(3) == 1);
  CHECK(resampler.begin(4) == 2);
  const std::vector<float> tail = resample(48000, std::vector<float>(4800, 0.25f), 100, 48000);
  CHECK(tail.size() == 1600 - table.delay());
}

TEST(input_counts_are_exact) {
  for (const std::uint32_t rate : kRates) {
    const ResamplerTable table(rate, 16000);
    Resampler resampler(table);
    resampler.begin(0);
    float room[4];
    std::size_t consumed = 0;
    const std::int64_t needed = resampler.inputs_needed(0);
    const std::vector<float> zeros(static_cast<std::size_t>(needed), 0.0f);
    CHECK(resampler.process(zeros.data(), zeros.size() - 1, &consumed, room, 1) == 0);
    CHECK(resampler.inputs_needed(0) == 1);
    CHECK(resampler.process(zeros.data(), 1, &consumed, room, 1) == 1);
  }
}
