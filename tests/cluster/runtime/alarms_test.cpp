#include "cluster/alarms.hpp"

#include <gtest/gtest.h>

#include "storage/keys.hpp"
#include "storage/memory_store.hpp"

namespace asterism::cluster {
namespace {

TEST(Alarms, ARestartRemembersThemAndPassesOverWhatIsNone) {
  storage::MemoryStore store;
  storage::WriteBatch broken;
  broken.put(storage::number_key("A/", 1), R"({"role":7})");
  broken.put(storage::number_key("A/", 2), "[");
  ASSERT_TRUE(store.write(broken, true));
  {
    Alarms alarms(store);
    EXPECT_TRUE(alarms.all().empty());
    EXPECT_TRUE(alarms.raise("l1", {"frozen", "", "text", "advice"}, 5));
  }
  const Alarms again(store);
  ASSERT_EQ(again.all().size(), 1U);
  EXPECT_EQ(again.all()[0].code, "frozen");
  EXPECT_EQ(again.all()[0].id, 3U);
}

}  // namespace
}  // namespace asterism::cluster
