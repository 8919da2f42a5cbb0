// The proving side of a worker process: at most one child at a time, outcomes to the worker's mailbox.
#pragma once
#include <functional>
#include <memory>
#include <optional>

#include "cluster/proving/proof_process.hpp"

namespace asterism::cluster {

class LocalProver {
 public:
  LocalProver(ProofProcessOptions options, std::function<void(messages::ProofOutcome)> deliver)
      : options_(std::move(options)), deliver_(std::move(deliver)) {}

  // Starts with a witness, stops without. Called from the worker's thread only.
  void prove(std::uint64_t span, std::uint32_t attempt, std::optional<core::Bytes> witness) {
    if (witness) {
      child_ = std::make_unique<ProofProcess>(options_, span, attempt, std::move(*witness), deliver_);
    } else if (child_) {
      child_->kill();
    }
  }

 private:
  ProofProcessOptions options_;
  std::function<void(messages::ProofOutcome)> deliver_;
  std::unique_ptr<ProofProcess> child_;
};

}  // namespace asterism::cluster
