// Proofs, statements and parameters changed at random, by class of bytes: the verifier accepts none of them.
//
// ASTERISM_MUTATIONS and ASTERISM_SEED choose how many and which; both are printed.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iostream>
#include <map>
#include <random>

#include "core/stark/prover.hpp"
#include "tests/core/stark/vectors.hpp"

namespace asterism::core::stark {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::stoull(text) : otherwise;
}

enum class Part : std::uint8_t { root, sample, fri_root, last_layer, nonce, cell, node };
constexpr std::array<const char*, 7> kPartNames{"root", "sample", "fri_root", "last_layer", "nonce", "cell", "node"};

struct Message {
  std::size_t begin = 0;
  std::size_t end = 0;
  Part part{};
};

// What a line "P->V[begin:end]: /heading/...: label: value" is about.
std::optional<Message> message_of(std::string_view line) {
  constexpr std::string_view kSent = "P->V[";
  if (!line.starts_with(kSent)) return std::nullopt;
  Message out;
  const char* end = line.data() + line.size();
  const auto begin_end = std::from_chars(line.data() + kSent.size(), end, out.begin).ptr;
  std::from_chars(begin_end + 1, end, out.end);
  const auto has = [&](const char* words) { return line.find(words) != std::string_view::npos; };
  out.part = has("/Decommitment")    ? (has(": Row ") ? Part::cell : Part::node)
             : has("/Proof of Work") ? Part::nonce
             : has("/Last Layer")    ? Part::last_layer
             : has("/FRI")           ? Part::fri_root
             : has("/OODS values")   ? Part::sample
                                     : Part::root;
  return out;
}

// A valid run, its proof taken apart, and the proof of a false statement under the same parameters.
struct Subject {
  std::string name;
  StoneRun run;
  std::vector<Message> messages;
  std::array<std::vector<Message>, kPartNames.size()> by_part;
  Bytes forced;
};

Bytes forced_proof(const StoneRun& run) {
  const Layout& layout = *find_layout(run.input.layout);
  Trace trace = generate_trace(layout, run.input, run.secret).value();
  const VirtualColumn res = layout.at("cpu/operands/res");
  trace.set(res, 7, trace.columns()[res.column][res.row(7)] + Felt::one());
  return prove_trace(Air(layout, run.input.n_steps), std::move(trace), run.input, run.parameters, {.force = true},
                     false)
      .value()
      .bytes;
}

std::optional<Subject> load_subject(const std::string& name) {
  auto run = load_run(name);
  if (!run) return std::nullopt;
  Subject out{name, std::move(*run), {}, {}, {}};
  const Verdict verdict = verify(out.run.proof, out.run.parameters, out.run.input, true).value();
  for (const std::string& line : verdict.annotations) {
    if (const auto message = message_of(line)) {
      out.messages.push_back(*message);
      out.by_part[static_cast<std::size_t>(message->part)].push_back(*message);
    }
  }
  out.forced = forced_proof(out.run);
  return out;
}

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return random_() % bound; }
  const auto& one_of(const auto& list) { return list[below(list.size())]; }

  // One change of the proof within the messages of `part`.
  void change(const Subject& subject, Part part, Bytes& proof) {
    const auto& messages = subject.by_part[static_cast<std::size_t>(part)];
    if (messages.empty()) return;
    const Message at = one_of(messages);
    const auto bytes = std::span(proof).subspan(at.begin, at.end - at.begin);
    switch (below(7)) {
      case 0:
        bytes[below(bytes.size())] ^= static_cast<std::uint8_t>(1U << below(8));
        break;
      case 1:
        for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random_());
        break;
      case 2:
        std::ranges::fill(bytes, one_of(std::array<std::uint8_t, 2>{0, 0xff}));
        break;
      case 3:
        add_modulus(bytes.first(std::min<std::size_t>(32, bytes.size())));
        break;
      case 4: {  // another message of this class
        const Message other = one_of(messages);
        std::copy_n(subject.run.proof.begin() + static_cast<std::ptrdiff_t>(other.begin),
                    std::min(bytes.size(), other.end - other.begin), bytes.begin());
        break;
      }
      case 5:  // the same message of a proof of something false
        if (at.end <= subject.forced.size()) {
          std::copy(subject.forced.begin() + static_cast<std::ptrdiff_t>(at.begin),
                    subject.forced.begin() + static_cast<std::ptrdiff_t>(at.end), bytes.begin());
        }
        break;
      default: {  // all of this class from there
        for (const Message& each : messages) {
          if (each.end <= subject.forced.size()) {
            std::copy(subject.forced.begin() + static_cast<std::ptrdiff_t>(each.begin),
                      subject.forced.begin() + static_cast<std::ptrdiff_t>(each.end),
                      proof.begin() + static_cast<std::ptrdiff_t>(each.begin));
          }
        }
      }
    }
  }

  // One change of which bytes there are, and where.
  void reshape(const Subject& subject, Bytes& proof) {
    const Message at = one_of(subject.messages);
    const Message other = one_of(subject.messages);
    const auto position = [&](std::size_t offset) { return proof.begin() + static_cast<std::ptrdiff_t>(offset); };
    switch (below(8)) {
      case 0:
        proof.resize(below(proof.size()));
        break;
      case 1:
        proof.resize(at.begin);
        break;
      case 2:
        proof.resize(proof.size() + 1 + below(96));
        break;
      case 3: {  // says something twice
        const Bytes again(position(at.begin), position(at.end));
        proof.insert(position(at.end), again.begin(), again.end());
        break;
      }
      case 4:
        proof.erase(position(at.begin), position(at.end));
        break;
      case 5:
        if (at.end - at.begin == other.end - other.begin) {
          std::swap_ranges(position(at.begin), position(at.end), position(other.begin));
        }
        break;
      case 6:
        if (at.begin != other.begin) {
          const auto [low, high] = std::minmax(at.begin, other.begin);
          std::rotate(position(low), position(high), proof.end());
        }
        break;
      default:  // the head of this proof, the tail of another
        if (at.begin < subject.forced.size()) {
          proof.resize(at.begin);
          proof.insert(proof.end(), subject.forced.begin() + static_cast<std::ptrdiff_t>(at.begin),
                       subject.forced.end());
        }
    }
  }

  void change(PublicInput& input) {
    auto& memory = input.memory;
    const std::size_t at = below(memory.size());
    auto segment = std::next(input.segments.begin(), static_cast<std::ptrdiff_t>(below(input.segments.size())));
    switch (below(10)) {
      case 0:
        memory[at].value += Felt(1 + below(1000));
        break;
      case 1:
        memory[at].address += 1 + below(3);
        break;
      case 2:
        memory[at].page += 1;
        break;
      case 3:
        std::swap(memory[at], memory[below(memory.size())]);
        break;
      case 4:
        memory.erase(memory.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 5:
        memory.insert(memory.begin() + static_cast<std::ptrdiff_t>(at), memory[below(memory.size())]);
        break;
      case 6:
        segment->second.stop_ptr += below(2) == 0 ? 1 : std::size_t{0} - 1;
        break;
      case 7:
        segment->second.begin_addr += below(2) == 0 ? 1 : std::size_t{0} - 1;
        break;
      case 8:
        (below(2) == 0 ? input.rc_min : input.rc_max) += below(2) == 0 ? 1 : std::size_t{0} - 1;
        break;
      default:
        input.n_steps = below(2) == 0 ? input.n_steps * 2 : input.n_steps / 2;
    }
  }

  // Only what the proof depends on: the kind of a hash that nothing uses may be any.
  void change(Parameters& parameters) {
    auto& fri = parameters.fri;
    constexpr std::array kHashes{
        HashKind::keccak256, HashKind::keccak256_masked160_msb, HashKind::keccak256_masked160_lsb,
        HashKind::blake256,  HashKind::blake256_masked160_msb,  HashKind::blake256_masked248_lsb,
        HashKind::poseidon3};
    switch (below(9)) {
      case 0:
        fri.n_queries += below(2) == 0 ? 1U : ~0U;
        break;
      case 1:
        fri.proof_of_work_bits += 1;
        break;
      case 2:
        parameters.log_n_cosets += below(2) == 0 ? 1U : ~0U;
        break;
      case 3:
        std::ranges::shuffle(fri.step_list, random_);
        break;
      case 4:  // one layer less, at the same sum
        if (fri.step_list.size() > 2) {
          const unsigned last = fri.step_list.back();
          fri.step_list.pop_back();
          fri.step_list.back() += last;
        }
        break;
      case 5:
        fri.last_layer_degree_bound <<= 1;
        fri.step_list.back() -= 1;
        break;
      case 6:  // unused where all layers are the friendly ones
        (parameters.n_friendly_layers > 64 ? parameters.friendly_hash : parameters.commitment_hash) = one_of(kHashes);
        break;
      case 7:
        parameters.channel_hash = one_of(kHashes);
        break;
      default:
        parameters.n_friendly_layers += 1 + below(3);
    }
  }

 private:
  // The same felt written in another way, where it fits.
  static void add_modulus(std::span<std::uint8_t> bytes) {
    const Word modulus = [] {
      Word out = (Felt() - Felt::one()).to_be();
      out[31] += 1;  // p - 1 ends in 0
      return out;
    }();
    unsigned carry = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const std::size_t at = bytes.size() - 1 - i;
      carry += static_cast<unsigned>(bytes[at]) + modulus[31 - i];
      bytes[at] = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
  }

  std::mt19937_64 random_;
};

bool same(const Parameters& a, const Parameters& b) {
  return a.log_n_cosets == b.log_n_cosets && a.fri.step_list == b.fri.step_list &&
         a.fri.last_layer_degree_bound == b.fri.last_layer_degree_bound && a.fri.n_queries == b.fri.n_queries &&
         a.fri.proof_of_work_bits == b.fri.proof_of_work_bits && a.channel_hash == b.channel_hash &&
         a.commitment_hash == b.commitment_hash && a.friendly_hash == b.friendly_hash &&
         a.n_friendly_layers == b.n_friendly_layers;
}

TEST(Mutations, AreRefused) {
  std::vector<Subject> subjects;
  for (const char* name :
       {"plain-512-keccak", "plain-512-blake", "plain-512-poseidon-channel", "small-512-builtins", "small-512-pages"}) {
    auto subject = load_subject(name);
    ASTERISM_REQUIRE_VECTOR(subject);
    ASSERT_FALSE(verify(subject->forced, subject->run.parameters, subject->run.input));
    subjects.push_back(std::move(*subject));
  }
  const std::uint64_t count = from_environment("ASTERISM_MUTATIONS", 1000);
  const std::uint64_t seed = from_environment("ASTERISM_SEED", 20240916);
  Mutator mutator(seed);
  constexpr std::size_t kShape = kPartNames.size(), kStatement = kShape + 1, kParameters = kShape + 2;
  std::array<std::uint64_t, kParameters + 1> refused{};
  std::map<Error, std::uint64_t> reasons;
  for (std::uint64_t i = 0; i < count; ++i) {
    const Subject& subject = mutator.one_of(subjects);
    const std::size_t kind = i % refused.size();
    Bytes proof = subject.run.proof;
    PublicInput input = subject.run.input;
    Parameters parameters = subject.run.parameters;
    const std::size_t times = mutator.below(4) == 0 ? 1 + mutator.below(4) : 1;
    for (std::size_t k = 0; k < times; ++k) {
      if (kind < kShape) mutator.change(subject, static_cast<Part>(kind), proof);
      if (kind == kShape && k == 0) mutator.reshape(subject, proof);
      if (kind == kStatement) mutator.change(input);
      if (kind == kParameters && k == 0) mutator.change(parameters);
    }
    if (proof == subject.run.proof && input == subject.run.input && same(parameters, subject.run.parameters)) continue;
    const auto verdict = verify(proof, parameters, input);
    ASSERT_FALSE(verdict) << subject.name << ": mutation " << i << " of seed " << seed << " was accepted";
    ++refused[kind];
    ++reasons[verdict.error().error];
  }
  std::cout << "seed=" << seed << " mutations=" << count << " refused:";
  for (std::size_t i = 0; i < kShape; ++i) std::cout << ' ' << kPartNames[i] << '=' << refused[i];
  std::cout << " shape=" << refused[kShape] << " statement=" << refused[kStatement]
            << " parameters=" << refused[kParameters] << "\nreasons:";
  for (const auto& [error, times] : reasons) std::cout << ' ' << describe(error) << '=' << times;
  std::cout << '\n';
  // Nothing of a class may be left out silently: each has mutations that changed something.
  if (count >= 1000) {
    for (const std::uint64_t each : refused) EXPECT_GT(each, 0U);
  }
}

// Stone's verifier reads 8 of the 32 bytes and absorbs all: other queries could be drawn without new work.
TEST(Mutations, ThePaddingOfANonceIsZero) {
  const auto subject = load_subject("plain-512-poseidon-channel");
  ASTERISM_REQUIRE_VECTOR(subject);
  const auto& nonces = subject->by_part[static_cast<std::size_t>(Part::nonce)];
  ASSERT_EQ(nonces.size(), 1U);
  ASSERT_EQ(nonces.front().end - nonces.front().begin, 32U);
  Bytes proof = subject->run.proof;
  proof[nonces.front().begin + 23] = 1;
  const auto verdict = verify(proof, subject->run.parameters, subject->run.input);
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().error, Error::proof_of_work);
}

}  // namespace
}  // namespace asterism::core::stark
