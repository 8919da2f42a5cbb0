// The proof explained message by message, in Stone's words: who said what, at which bytes, under which heading.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/felt/felt.hpp"
#include "core/stark/hashes.hpp"

namespace asterism::core::stark {

class Annotations {
 public:
  explicit Annotations(bool enabled = false) : enabled_(enabled) {}
  bool enabled() const { return enabled_; }

  void enter(std::string_view heading) { headings_.emplace_back(heading); }
  void leave() { headings_.pop_back(); }

  void commitment(std::string_view label, HashKind kind, const Word& hash);
  void node(std::string_view label, HashKind kind, const Word& hash);
  void felt_sent(std::string_view label, const Felt& value);
  void felts_sent(std::string_view label, std::span<const Felt> values);
  void data(std::string_view label, ByteView bytes);
  void felt_drawn(std::string_view label, const Felt& value);
  void number_drawn(std::string_view label, std::uint64_t value);

  // The lines, with title and statistics, as Stone's output file has them.
  std::vector<std::string> lines() const;

 private:
  void sent(std::string_view label, std::string value, std::size_t bytes);
  void drawn(std::string_view label, std::string value);
  std::string prefix() const;

  bool enabled_;
  std::vector<std::string> headings_;
  std::vector<std::string> messages_;
  std::string title_;
  std::size_t bytes_ = 0, hashes_ = 0, commitments_ = 0, felts_ = 0, data_ = 0;
};

// A heading for as long as it lives.
class Heading {
 public:
  Heading(Annotations& annotations, std::string_view heading) : annotations_(annotations) {
    annotations_.enter(heading);
  }
  ~Heading() { annotations_.leave(); }
  Heading(const Heading&) = delete;
  Heading& operator=(const Heading&) = delete;

 private:
  Annotations& annotations_;
};

}  // namespace asterism::core::stark
