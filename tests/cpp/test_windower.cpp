#include <vector>

#include "check.h"
#include "dsp/windower.h"

using namespace talkface;

namespace {

void write(Windower* windower, float* next, std::size_t count) {
  while (count > 0) {
    std::size_t capacity = 0;
    float* room = windower->room(&capacity);
    const std::size_t part = std::min(capacity, count);
    for (std::size_t i = 0; i < part; ++i) room[i] = (*next)++;
    windower->wrote(part);
    count -= part;
    if (part == 0) return;
  }
}

}  // namespace

TEST(windows_cover_the_promised_samples) {
  const WindowShape shape{640, 720, 880};
  Windower windower(shape, 64);
  windower.begin(0);
  CHECK(windower.step() == -2);
  float next = 1.0f;  // sample n has the value n + 1, silence is 0
  for (std::int64_t k = -2; k < 20; ++k) {
    while (!windower.ready()) write(&windower, &next, 100);
    std::vector<float> window(880);
    windower.take(window.data());
    for (std::int64_t i = 0; i < 880; i += 7) {
      const std::int64_t sample = k * 640 + 720 + i;
      CHECK(window[static_cast<std::size_t>(i)] ==
            (sample < 0 ? 0.0f : static_cast<float>(sample + 1)));
    }
  }
}

TEST(a_later_utterance_hears_nothing_before_itself) {
  const WindowShape shape{320, -240, 640};
  Windower windower(shape, 64);
  windower.begin(1000);
  float next = 5.0f;
  write(&windower, &next, 400);
  std::vector<float> window(640);
  const std::int64_t step = windower.step();
  CHECK(step == shape.first_step(1000));
  CHECK(step * 320 + 400 > 1000 && (step - 1) * 320 + 400 <= 1000);
  CHECK(windower.ready());
  windower.take(window.data());
  for (std::int64_t i = 0; i < 640; ++i) {
    const std::int64_t sample = step * 320 - 240 + i;
    const float expected = sample < 1000 ? 0.0f : static_cast<float>(sample - 1000 + 5);
    CHECK(window[static_cast<std::size_t>(i)] == expected);
  }
}

TEST(padding_reaches_a_position_and_no_further) {
  Windower windower({640, 720, 880}, 200);
  windower.begin(0);
  windower.pad_to(500);
  CHECK(windower.end() == 500);
  windower.pad_to(100);
  CHECK(windower.end() == 500);
}

TEST(without_look_ahead_a_step_hears_only_what_lies_before_its_frames) {
  const WindowShape shape{640, -880, 880, 320};
  CHECK(shape.first_step(0) == 0);
  CHECK(shape.first_step(639) == 0);
  CHECK(shape.first_step(640) == 1);
  Windower windower(shape, 64);
  windower.begin(0);
  CHECK(!windower.ready());  // the second frame lies past all audio
  float next = 1.0f;
  write(&windower, &next, 321);
  CHECK(windower.ready());
  std::vector<float> window(880, 1.0f);
  windower.take(window.data());
  for (const float value : window) CHECK(value == 0.0f);
  CHECK(!windower.ready());
  write(&windower, &next, 640);
  CHECK(windower.ready());
  windower.take(window.data());
  CHECK(window[239] == 0.0f && window[240] == 1.0f && window[879] == 640.0f);
}
