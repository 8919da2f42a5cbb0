#include "core/state/state_view_overlay.hpp"

#include <algorithm>

namespace asterism::core {

Felt StateOverlay::load(const CellKey& key) const {
  switch (key.kind) {
    case CellKind::kNonce:
      return view_.nonce(key.address);
    case CellKind::kClass:
      return view_.class_hash(key.address);
    case CellKind::kStorage:
      return view_.storage(key.address, key.key);
  }
  return Felt();
}

StateOverlay::Cell& StateOverlay::cell(const CellKey& key) {
  const auto found = cells_.find(key);
  if (found != cells_.end()) return found->second;
  const Felt value = load(key);
  reads_.push_back(key);
  return cells_.emplace(key, Cell{value, value}).first->second;
}

void StateOverlay::write(const CellKey& key, const Felt& value) {
  Cell& target = cell(key);
  if (target.value == value) return;
  writes_.push_back({&target, target.value});
  target.value = value;
}

void StateOverlay::undo(Mark mark) {
  while (writes_.size() > mark.writes) {
    writes_.back().cell->value = writes_.back().before;
    writes_.pop_back();
  }
}

void StateOverlay::forget(Mark mark) {
  undo(mark);
  while (reads_.size() > mark.reads) {
    cells_.erase(reads_.back());
    reads_.pop_back();
  }
}

StateDiff StateOverlay::difference() const {
  struct Change {
    CellKind kind;
    U256 address, key;
    Felt value;
  };
  std::vector<Change> changes;
  changes.reserve(cells_.size());
  for (const auto& [key, value] : cells_) {
    if (value.value != value.original) {
      changes.push_back({key.kind, key.address.to_u256(), key.key.to_u256(), value.value});
    }
  }
  // Sorted as plain numbers first: the maps' own order converts both sides at each comparison.
  std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    return a.address != b.address ? a.address < b.address : a.key < b.key;
  });
  StateDiff out;
  std::map<Felt, Felt>* contract = nullptr;
  U256 contract_address;
  for (const Change& change : changes) {
    const Felt address = Felt::reduce(change.address);
    if (change.kind == CellKind::kNonce) out.nonces.emplace_hint(out.nonces.end(), address, change.value);
    if (change.kind == CellKind::kClass) out.deployed.emplace_hint(out.deployed.end(), address, change.value);
    if (change.kind != CellKind::kStorage) continue;
    if (contract == nullptr || contract_address != change.address) {
      contract = &out.storage.emplace_hint(out.storage.end(), address, std::map<Felt, Felt>())->second;
      contract_address = change.address;
    }
    contract->emplace_hint(contract->end(), Felt::reduce(change.key), change.value);
  }
  return out;
}

TouchedState StateOverlay::touched() const {
  std::vector<std::pair<U256, U256>> cells;
  std::vector<U256> contracts;
  for (const auto& [key, value] : cells_) {
    contracts.push_back(key.address.to_u256());
    if (key.kind == CellKind::kStorage) cells.emplace_back(contracts.back(), key.key.to_u256());
  }
  std::sort(cells.begin(), cells.end());
  std::sort(contracts.begin(), contracts.end());
  contracts.erase(std::unique(contracts.begin(), contracts.end()), contracts.end());
  TouchedState out;
  out.contracts.reserve(contracts.size());
  for (const U256& contract : contracts) out.contracts.push_back(Felt::reduce(contract));
  out.cells.reserve(cells.size());
  for (const auto& [address, key] : cells) out.cells.emplace_back(Felt::reduce(address), Felt::reduce(key));
  return out;
}

}  // namespace asterism::core
