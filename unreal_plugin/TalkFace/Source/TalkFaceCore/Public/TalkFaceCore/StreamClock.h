// Positions of pushed audio on the clock of its stream.
#pragma once

#include <atomic>
#include <cstdint>

namespace TalkFaceCore {

// An interrupt drops audio that never reaches the stream, so from there on the stream's clock lies
// behind the positions. One thread writes, any may read.
class StreamClock {
 public:
  // [writer] The audio from Position on lies at Index of the stream.
  void Rebase(int64_t Position, int64_t Index) {
    const int64_t NewOffset = Index - Position;
    const uint32_t Turn = Sequence.load(std::memory_order_relaxed);
    Sequence.store(Turn + 1, std::memory_order_seq_cst);
    Before.store(After.load(std::memory_order_relaxed), std::memory_order_seq_cst);
    After.store(NewOffset, std::memory_order_seq_cst);
    From.store(Position, std::memory_order_seq_cst);
    Sequence.store(Turn + 2, std::memory_order_seq_cst);
  }

  // Index in the stream of a position. Positions before the last interrupt keep the clock that they
  // had, so that a face goes on easing from where it was.
  int64_t IndexOf(int64_t Position) const {
    for (;;) {
      const uint32_t Turn = Sequence.load(std::memory_order_seq_cst);
      const int64_t Offset = Position < From.load(std::memory_order_seq_cst)
                                 ? Before.load(std::memory_order_seq_cst)
                                 : After.load(std::memory_order_seq_cst);
      if (Turn % 2 == 0 && Sequence.load(std::memory_order_seq_cst) == Turn) {
        return Position + Offset;
      }
    }
  }

 private:
  std::atomic<uint32_t> Sequence{0};
  std::atomic<int64_t> From{0};
  std::atomic<int64_t> Before{0};
  std::atomic<int64_t> After{0};
};

}  // namespace TalkFaceCore
