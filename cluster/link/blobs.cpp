#include "cluster/link/blobs.hpp"

namespace asterism::cluster {
namespace {

std::unexpected<LinkFault> violation(std::string text) {
  return std::unexpected(LinkFault{LinkError::kBlobViolation, std::move(text)});
}

}  // namespace

std::expected<void, LinkFault> BlobReader::start(const messages::BlobStart& start, const messages::KindInfo& kind) {
  if (start.size > kind.cap) {
    return std::unexpected(LinkFault{
        LinkError::kKindTooLarge, "blob of " + std::to_string(start.size) + " bytes, cap " + std::to_string(kind.cap)});
  }
  if (start.size < kChunkBytes) return violation("a blob that fits one frame");
  for (const auto& [id, open] : open_) {
    if (id == start.id || open.priority == kind.priority) return violation("a second blob of one priority");
  }
  open_.emplace(start.id, Open{start.kind, kind.priority, start.size, kCreditChunks, 0, {}});
  return {};
}

std::expected<BlobReader::Progress, LinkFault> BlobReader::chunk(const messages::BlobChunk& chunk) {
  const auto found = open_.find(chunk.id);
  if (found == open_.end()) return violation("a chunk without start");
  Open& blob = found->second;
  if (blob.credit == 0) return violation("beyond credit");
  if (chunk.bytes.empty() || chunk.bytes.size() > kChunkBytes) return violation("chunk size");
  if (blob.bytes.size() + chunk.bytes.size() > blob.size) return violation("more than announced");
  blob.bytes.insert(blob.bytes.end(), chunk.bytes.begin(), chunk.bytes.end());
  --blob.credit;
  Progress out;
  if (blob.bytes.size() == blob.size) {
    out.whole = WholeBlob{blob.kind, std::move(blob.bytes)};
    open_.erase(found);
    return out;
  }
  if (++blob.unacknowledged == kCreditStep) {
    out.grant = kCreditStep;
    blob.credit += kCreditStep;
    blob.unacknowledged = 0;
  }
  return out;
}

}  // namespace asterism::cluster
