#pragma once

#include "CoreMinimal.h"

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/IPersistentEvaluationData
struct IPersistentEvaluationData {
  virtual ~IPersistentEvaluationData();
};

// Docs: https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/MovieScene/FPersistentEvaluationData
struct FPersistentEvaluationData {
  template <typename T>
  requires std::is_base_of_v<IPersistentEvaluationData, T> T& GetOrAddSectionData() {
    static T Made;
    return Made;
  }
  template <typename T>
  requires std::is_base_of_v<IPersistentEvaluationData, T> T* FindSectionData() const {
    return nullptr;
  }
};
