// The search for the smallest nonce of a proof of work.
#pragma once
#include <atomic>
#include <optional>

#include "core/stark/fri.hpp"
#include "core/stark/thread_pool.hpp"

namespace asterism::core::stark {

// nullopt when cancelled.
std::optional<std::uint64_t> grind(ThreadPool& pool, const ProofOfWork& work, const std::atomic<bool>* cancel);

}  // namespace asterism::core::stark
