// Raw float32 on standard input at argv[1] Hz to raw float32 at 16 kHz on standard output, in
// chunks of argv[2] samples.
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "dsp/resampler.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const talkface::ResamplerTable table(static_cast<std::uint32_t>(std::atoi(argv[1])), 16000);
  talkface::Resampler resampler(table);
  resampler.begin(0);
  std::vector<float> in(static_cast<std::size_t>(std::atoi(argv[2])));
  std::vector<float> out(4096);
  std::size_t count = 0;
  while ((count = std::fread(in.data(), sizeof(float), in.size(), stdin)) > 0) {
    for (std::size_t at = 0; at < count;) {
      std::size_t consumed = 0;
      const std::size_t made =
          resampler.process(in.data() + at, count - at, &consumed, out.data(), out.size());
      if (std::fwrite(out.data(), sizeof(float), made, stdout) != made) return 1;
      at += consumed;
    }
  }
  return 0;
}
