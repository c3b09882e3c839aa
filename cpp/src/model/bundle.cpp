#include "model/bundle.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include "base/sha256.h"

namespace talkface {
namespace {

constexpr std::uint64_t kMaxManifestBytes = 4u << 20;

}  // namespace

Status FolderSource::read(const std::string& name, std::uint64_t max_bytes, std::string* out) {
  std::filesystem::path path;
  try {
    path = std::filesystem::u8path(folder_) / std::filesystem::u8path(name);
  } catch (const std::system_error&) {  // Windows translates names, argv's code page is not ours
    return {Code::kNotFound, "the path of the bundle is not UTF-8"};
  }
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return {Code::kNotFound, "cannot find " + path.u8string()};
  if (size > max_bytes) return {Code::kBadBundle, path.u8string() + " is larger than it may be"};
  std::ifstream file(path, std::ios::binary);
  out->resize(static_cast<std::size_t>(size));
  if (!file.read(out->data(), static_cast<std::streamsize>(size))) {
    return {Code::kIo, "cannot read " + path.u8string()};
  }
  return {};
}

Status Bundle::open(FileSource* source, Bundle* out) {
  Status status = source->read("manifest.json", kMaxManifestBytes, &out->manifest_text);
  if (!status.ok()) {
    return {status.code(), status.message() + "; a bundle is a folder with a manifest.json"};
  }
  out->manifest_sha256 = sha256_hex(out->manifest_text.data(), out->manifest_text.size());
  status = Manifest::parse(out->manifest_text, &out->manifest);
  if (!status.ok()) return status;
  for (const BundleFile& file : out->manifest.files) {
    std::string bytes;
    status = source->read(file.name, file.bytes, &bytes);
    if (!status.ok()) return status;
    if (bytes.size() != file.bytes || sha256_hex(bytes.data(), bytes.size()) != file.sha256) {
      return {Code::kHashMismatch,
              file.name +
                  " does not match its SHA-256 in manifest.json: the bundle is damaged or "
                  "was changed; export or copy it again"};
    }
    if (file.name == out->manifest.articulation) out->articulation = bytes;
    if (file.name == out->manifest.graph) out->graph = std::move(bytes);
  }
  return {};
}

}  // namespace talkface
