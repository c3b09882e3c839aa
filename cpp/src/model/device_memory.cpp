#include "model/device_memory.h"

namespace talkface {

Status DeviceTwin::create(std::shared_ptr<DeviceMemory> device, Span<float> host,
                          std::unique_ptr<DeviceTwin>* out) {
  std::unique_ptr<DeviceTwin> twin(new DeviceTwin(std::move(device), host));
  void* memory = nullptr;
  Status status = twin->device_->allocate(host.size * sizeof(float), &memory);
  if (!status.ok()) return status;
  twin->twin_ = static_cast<float*>(memory);
  twin->device_->pin(host.data, host.size * sizeof(float));
  *out = std::move(twin);
  return {};
}

DeviceTwin::~DeviceTwin() {
  if (twin_ == nullptr) return;
  device_->unpin(host_.data);
  device_->release(twin_);
}

}  // namespace talkface
