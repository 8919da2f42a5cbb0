// A state view with changes on top that can be taken back: what one block's execution works on.
// Every cell that was ever read or written is held once, with the value that the view gave and the present one, so the
// overlay also knows what the block touched (for the witness) and what it really changed (for the difference).
#pragma once
#include <cstddef>
#include <unordered_map>
#include <vector>

#include "core/state/transition.hpp"

namespace asterism::core {

class StateOverlay {
 public:
  explicit StateOverlay(const StateView& view) : view_(view) {}

  Felt nonce(const Felt& address) { return cell({CellKind::kNonce, address, Felt()}).value; }
  Felt class_hash(const Felt& address) { return cell({CellKind::kClass, address, Felt()}).value; }
  Felt storage(const Felt& address, const Felt& key) { return cell({CellKind::kStorage, address, key}).value; }
  void set_nonce(const Felt& address, const Felt& value) { write({CellKind::kNonce, address, Felt()}, value); }
  void set_class_hash(const Felt& address, const Felt& value) { write({CellKind::kClass, address, Felt()}, value); }
  void set_storage(const Felt& address, const Felt& key, const Felt& value) {
    write({CellKind::kStorage, address, key}, value);
  }

  struct Mark {
    std::size_t writes = 0, reads = 0;
  };
  Mark mark() const { return {writes_.size(), reads_.size()}; }
  // Values go back to what they were; what was read stays read.
  void undo(Mark mark);
  // As if nothing had been tried since: not even read.
  void forget(Mark mark);

  StateDiff difference() const;
  TouchedState touched() const;

 private:
  enum class CellKind : std::uint8_t { kNonce, kClass, kStorage };
  struct CellKey {
    CellKind kind;
    Felt address, key;
    bool operator==(const CellKey&) const = default;
  };
  struct CellKeyHash {
    std::size_t operator()(const CellKey& cell) const noexcept {
      const std::hash<Felt> hash;
      return hash(cell.address) * 0x9e3779b97f4a7c15ULL + hash(cell.key) + static_cast<std::size_t>(cell.kind);
    }
  };
  struct Cell {
    Felt original, value;
  };
  struct Write {
    Cell* cell;  // nodes of the map do not move
    Felt before;
  };

  Cell& cell(const CellKey& key);
  void write(const CellKey& key, const Felt& value);
  Felt load(const CellKey& key) const;

  const StateView& view_;
  std::unordered_map<CellKey, Cell, CellKeyHash> cells_;
  std::vector<Write> writes_;
  std::vector<CellKey> reads_;
};

}  // namespace asterism::core
