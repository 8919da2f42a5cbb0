// The pool against a model of a few lines that searches everything each time, and its promises on bounds and fairness.
#include "actors/mempool/pool.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <random>

namespace asterism::actors::mempool {
namespace {

using core::Felt;

Pooled make(std::uint64_t account, std::uint64_t nonce, std::uint64_t tip = 0, std::uint64_t salt = 0,
            core::Uint128 price = 100) {
  Pooled out;
  core::InvokeTransaction invoke;
  invoke.calldata.resize(6);
  out.transaction = std::make_shared<const core::Transaction>(invoke);
  out.hash = Felt(1'000'000'007 * account + 1'000'003 * nonce + 7'919 * tip + salt + 1);
  out.word = out.hash.to_be();
  out.sender = Felt(account);
  out.nonce = nonce;
  out.tip = tip;
  out.max_price = price;
  out.memory = memory_of(*out.transaction);
  out.size = 500;
  return out;
}

// All transactions as a list; every question is answered by going through it.
struct Model {
  PoolLimits limits;
  std::map<std::uint64_t, std::uint64_t> nonces;  // of accounts
  std::vector<Pooled> all;

  std::uint64_t next(std::uint64_t account) const {
    std::uint64_t nonce = nonces.contains(account) ? nonces.at(account) : 0;
    while (at(account, nonce) != nullptr) ++nonce;
    return nonce;
  }
  const Pooled* at(std::uint64_t account, std::uint64_t nonce) const {
    for (const auto& pooled : all) {
      if (pooled.sender == Felt(account) && pooled.nonce == nonce) return &pooled;
    }
    return nullptr;
  }
  void erase(const Felt& hash) {
    std::erase_if(all, [&](const Pooled& pooled) { return pooled.hash == hash; });
  }
  std::optional<PoolError> refuse(const Pooled& newcomer, std::uint64_t account) const {
    for (const auto& pooled : all) {
      if (pooled.hash == newcomer.hash) return PoolError::kDuplicate;
    }
    const std::uint64_t nonce = nonces.contains(account) ? nonces.at(account) : 0;
    if (newcomer.nonce < nonce) return PoolError::kOldNonce;
    if (newcomer.nonce > next(account) + limits.max_nonce_gap) return PoolError::kNonceTooFar;
    if (const auto* rival = at(account, newcomer.nonce)) {
      const auto enough = [](core::Uint128 now, core::Uint128 before) { return now * 10 >= before * 11; };
      if (!enough(newcomer.tip, rival->tip) || !enough(newcomer.max_price, rival->max_price)) {
        return PoolError::kUnderpriced;
      }
      return std::nullopt;
    }
    const auto count = std::ranges::count_if(all, [&](const auto& pooled) { return pooled.sender == Felt(account); });
    if (static_cast<std::size_t>(count) >= limits.max_per_account) return PoolError::kAccountFull;
    return std::nullopt;
  }
  // Again and again the best of what can run next.
  std::vector<Felt> best(std::size_t most) const {
    std::vector<Felt> out;
    auto next_of = nonces;
    for (std::uint64_t account = 0; account < 6; ++account) next_of.try_emplace(account, 0);
    while (out.size() < most) {
      const Pooled* found = nullptr;
      std::uint64_t of = 0;
      for (const auto& [account, nonce] : next_of) {
        const auto* candidate = at(account, nonce);
        if (candidate == nullptr) continue;
        if (found == nullptr || candidate->tip > found->tip ||
            (candidate->tip == found->tip && candidate->word < found->word)) {
          found = candidate;
          of = account;
        }
      }
      if (found == nullptr) break;
      out.push_back(found->hash);
      ++next_of[of];
    }
    return out;
  }
};

TEST(Pool, BehavesAsTheModelWhileItIsNotFull) {
  rc::check("pool and model", [] {
    const PoolLimits limits{.max_transactions = 1000, .max_bytes = 1 << 30, .max_per_account = 8, .max_nonce_gap = 4};
    Pool pool(limits);
    Model model{limits, {}, {}};
    const int steps = *rc::gen::inRange(1, 80);
    for (int i = 0; i < steps; ++i) {
      const auto account = *rc::gen::inRange<std::uint64_t>(0, 5);
      const auto nonce = model.nonces.contains(account) ? model.nonces[account] : 0;
      const int action = *rc::gen::inRange(0, 10);
      if (action < 7) {
        const auto tip = *rc::gen::inRange<std::uint64_t>(0, 30);
        const auto newcomer = make(account, *rc::gen::inRange<std::uint64_t>(0, nonce + 12), tip,
                                   *rc::gen::inRange<std::uint64_t>(0, 3), *rc::gen::inRange<std::uint64_t>(90, 130));
        const auto expected = model.refuse(newcomer, account);
        const auto added = pool.add(newcomer, nonce);
        RC_ASSERT(added.error == expected);
        if (!expected) {
          if (const auto* rival = model.at(account, newcomer.nonce)) {
            RC_ASSERT(added.departed.size() == 1U);
            RC_ASSERT(added.departed[0].why == Departure::kReplaced);
            RC_ASSERT(added.departed[0].by == newcomer.word);
            model.erase(Felt(rival->hash));
          }
          model.all.push_back(newcomer);
        }
      } else if (action < 9) {
        const auto to = nonce + *rc::gen::inRange<std::uint64_t>(0, 3);
        pool.advance(Felt(account), to);
        model.nonces[account] = to;
        std::erase_if(model.all,
                      [&](const auto& pooled) { return pooled.sender == Felt(account) && pooled.nonce < to; });
      } else if (!model.all.empty()) {
        const auto hash = model.all[*rc::gen::inRange<std::size_t>(0, model.all.size())].hash;
        RC_ASSERT(pool.remove(hash).has_value());
        model.erase(hash);
      }
      RC_ASSERT(pool.size() == model.all.size());
      std::vector<Felt> best;
      for (const auto* pooled : pool.best(100, 1 << 30)) best.push_back(pooled->hash);
      RC_ASSERT(best == model.best(100));
      RC_ASSERT(pool.anything_ready() == !best.empty());
      RC_ASSERT(pool.next_nonce(Felt(account), 0) >= (model.at(account, 0) != nullptr ? 1U : 0U));
    }
  });
}

TEST(Pool, HundredThousandTransactionsOfTenThousandAccountsStayInBounds) {
  const PoolLimits limits{.max_transactions = 60'000, .max_bytes = 80U << 20};
  Pool pool(limits);
  std::mt19937_64 random(20261121);
  std::size_t departed = 0, accepted = 0, full = 0;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const auto added = pool.add(make(i % 10'000, i / 10'000, random() % 1000), 0);
    departed += added.departed.size();
    (added.error ? full : accepted) += 1;
    ASSERT_EQ(added.error.value_or(PoolError::kFull), PoolError::kFull);
    ASSERT_LE(pool.size(), limits.max_transactions);
    ASSERT_LE(pool.memory(), limits.max_bytes);
  }
  EXPECT_EQ(pool.size(), accepted - departed);
  EXPECT_GT(full, 0U);
  EXPECT_GT(departed, 0U);
  EXPECT_EQ(pool.gapped_accounts(), 0U);  // evicting from the end of queues makes no gaps
  EXPECT_EQ(pool.best(200'000, 1ULL << 40).size(), pool.size());
}

TEST(Pool, SpamWithGapsTakesNobodysPlaceAndIsTheFirstToGo) {
  const PoolLimits limits{.max_transactions = 1000, .max_bytes = 1 << 30};
  Pool pool(limits);
  for (std::uint64_t account = 0; account < 500; ++account) ASSERT_FALSE(pool.add(make(account, 0), 0).error);
  std::uint64_t in = 0;
  for (std::uint64_t i = 0; i < 5000; ++i) {  // spam with high tips, from 50 accounts, never the next nonce
    if (!pool.add(make(10'000 + i % 50, 1 + i / 50, 1'000'000), 0).error) ++in;
  }
  EXPECT_EQ(pool.size(), 1000U);
  EXPECT_EQ(pool.ready_accounts(), 500U);
  for (std::uint64_t account = 500; account < 1000; ++account) {  // honest ones with no tip at all
    const auto added = pool.add(make(account, 0), 0);
    ASSERT_FALSE(added.error) << account;
    ASSERT_EQ(added.departed.size(), 1U);
    ASSERT_EQ(added.departed[0].why, Departure::kEvicted);
    ASSERT_GE(added.departed[0].transaction.tip, 1'000'000U);
  }
  EXPECT_EQ(pool.gapped_accounts(), 0U);
  EXPECT_EQ(pool.ready_accounts(), 1000U);
  EXPECT_EQ(pool.add(make(70'000, 5, 1'000'000), 0).error, PoolError::kFull);
}

TEST(Pool, AmongGappedAccountsTheOneWithTheLongestRestGivesWay) {
  Pool pool({.max_transactions = 10, .max_bytes = 1 << 30});
  for (std::uint64_t nonce = 1; nonce <= 8; ++nonce) ASSERT_FALSE(pool.add(make(1, nonce), 0).error);
  for (std::uint64_t nonce = 1; nonce <= 2; ++nonce) ASSERT_FALSE(pool.add(make(2, nonce), 0).error);
  const auto added = pool.add(make(3, 1), 0);
  ASSERT_FALSE(added.error);
  ASSERT_EQ(added.departed.size(), 1U);
  EXPECT_EQ(added.departed[0].transaction.sender, Felt(1));
  EXPECT_EQ(added.departed[0].transaction.nonce, 8U);
  EXPECT_EQ(pool.add(make(1, 9), 0).error, PoolError::kFull);  // no place for itself from others that have less
}

TEST(Pool, InAFullPoolAHigherTipTakesTheLowestLastOne) {
  Pool pool({.max_transactions = 3, .max_bytes = 1 << 30});
  ASSERT_FALSE(pool.add(make(1, 0, 10), 0).error);
  ASSERT_FALSE(pool.add(make(2, 0, 20), 0).error);
  ASSERT_FALSE(pool.add(make(3, 0, 30), 0).error);
  EXPECT_EQ(pool.add(make(4, 0, 10), 0).error, PoolError::kFull);
  const auto added = pool.add(make(4, 0, 11), 0);
  ASSERT_FALSE(added.error);
  EXPECT_EQ(added.departed[0].transaction.sender, Felt(1));
  // An account does not push out what its newcomer needs before it.
  EXPECT_EQ(pool.add(make(4, 1, 12), 0).error, PoolError::kFull);
}

TEST(Pool, ReplacementNeedsTenPercentRoundedUpOfTipAndPrice) {
  EXPECT_EQ(replacement_price(0), core::Uint128{0});
  EXPECT_EQ(replacement_price(1), core::Uint128{2});
  EXPECT_EQ(replacement_price(10), core::Uint128{11});
  EXPECT_EQ(replacement_price(11), core::Uint128{13});
  EXPECT_EQ(replacement_price(~core::Uint128{0}), ~core::Uint128{0});
  Pool pool({});
  ASSERT_FALSE(pool.add(make(1, 0, 101, 0, 1001), 0).error);
  EXPECT_EQ(pool.add(make(1, 0, 111, 1, 1102), 0).error, PoolError::kUnderpriced);
  EXPECT_EQ(pool.add(make(1, 0, 112, 1, 1101), 0).error, PoolError::kUnderpriced);
  EXPECT_FALSE(pool.add(make(1, 0, 112, 1, 1102), 0).error);
  EXPECT_EQ(pool.size(), 1U);
}

TEST(Pool, ExpiryTakesTheOldOnesAndMakesTheirFollowersWait) {
  Pool pool({});
  for (std::uint64_t nonce = 0; nonce < 4; ++nonce) {
    auto pooled = make(1, nonce);
    pooled.arrived = Millis(nonce == 1 ? 10 : 100);
    ASSERT_FALSE(pool.add(pooled, 0).error);
  }
  EXPECT_EQ(pool.best(10, 1 << 20).size(), 4U);
  const auto departed = pool.expire(Millis(50));
  ASSERT_EQ(departed.size(), 1U);
  EXPECT_EQ(departed[0].why, Departure::kExpired);
  EXPECT_EQ(pool.best(10, 1 << 20).size(), 1U);
  EXPECT_EQ(pool.gapped_accounts(), 1U);
  EXPECT_EQ(pool.next_nonce(Felt(1), 0), 1U);
}

TEST(Pool, ABlockIsFilledUpToItsBytes) {
  Pool pool({});
  auto large = make(1, 0, 100);
  large.size = 10'000;
  ASSERT_FALSE(pool.add(large, 0).error);
  ASSERT_FALSE(pool.add(make(1, 1, 100), 0).error);
  ASSERT_FALSE(pool.add(make(2, 0, 1), 0).error);
  const auto best = pool.best(10, 5'000);
  ASSERT_EQ(best.size(), 1U);  // neither the large one nor what follows it
  EXPECT_EQ(best[0]->sender, Felt(2));
}

}  // namespace
}  // namespace asterism::actors::mempool
