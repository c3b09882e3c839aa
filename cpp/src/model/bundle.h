// Files of a bundle, from a folder or through a host's callbacks, checked against the manifest.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/manifest.h"

namespace talkface {

class FileSource {
 public:
  virtual ~FileSource() = default;
  virtual Status read(const std::string& name, std::uint64_t max_bytes, std::string* out) = 0;
};

class FolderSource : public FileSource {
 public:
  // `folder` is UTF-8.
  explicit FolderSource(std::string folder) : folder_(std::move(folder)) {}
  Status read(const std::string& name, std::uint64_t max_bytes, std::string* out) override;

 private:
  std::string folder_;
};

struct Bundle {
  std::string manifest_text;
  std::string manifest_sha256;
  Manifest manifest;
  std::string graph;         // ONNX bytes
  std::string articulation;  // JSON text, empty when there is none

  // Reads manifest.json and every file it lists, and compares sizes and hashes.
  static Status open(FileSource* source, Bundle* out);
};

}  // namespace talkface
