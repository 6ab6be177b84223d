#!/usr/bin/env bash
# Builds everything, runs every test project, and ends with one line that counts: "N passed, N failed[, N skipped]".
set -uo pipefail
cd "$(dirname "$0")/.."

results=artifacts/test
rm -rf "$results"
mkdir -p "$results"

eng/edition.sh

# The cluster's tests need a real Redis. Where it can't be installed they are skipped, and say why.
if grep -q '>Cluster<' artifacts/edition.props && ! command -v redis-server > /dev/null && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
  (apt-get update && apt-get install -y --no-install-recommends redis-server) > artifacts/apt.log 2>&1 || echo "redis-server could not be installed; see artifacts/apt.log"
fi

# The pages' tests need a real browser, likewise.
if ! command -v chromium > /dev/null && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
  (apt-get update && apt-get install -y --no-install-recommends chromium) > artifacts/apt-chromium.log 2>&1 \
    || echo "chromium could not be installed; see artifacts/apt-chromium.log"
fi

dotnet build Personalization.sln -c Release || exit 1

status=0
for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  echo "== $name"
  # Skipped tests print their reason; passed ones are only counted.
  dotnet test "$project" -c Release --no-build --results-directory "$results" --logger "trx;LogFileName=$name.trx" || status=1
done

passed=0 failed=0 skipped=0
echo "== web"
if command -v npm > /dev/null; then
  (cd tests/web && npm ci --no-audit --no-fund --loglevel=error && node --test --test-concurrency=1 --test-reporter=tap *.test.mjs) > "$results/web.tap" || status=1
  grep -E '^ *not ok|# SKIP' "$results/web.tap"
  tap() { grep -o "^# $1 [0-9]*" "$results/web.tap" | grep -o '[0-9]*' || echo 0; }
  passed=$(tap pass) failed=$(tap fail) skipped=$(tap skipped)
  if [ $((passed + skipped)) = 0 ]; then
    echo "The tests of the pages left no results; see $results/web.tap." >&2
    status=1
  fi
else
  echo "Skipped: the tests of the pages need Node.js with npm."
  skipped=1
fi

for file in "$results"/*.trx; do
  counters=$(grep -o '<Counters [^>]*>' "$file")
  value() { grep -o " $1=\"[0-9]*\"" <<<"$counters" | grep -o '[0-9]*'; }
  passed=$((passed + $(value passed)))
  failed=$((failed + $(value failed)))
  skipped=$((skipped + $(value total) - $(value passed) - $(value failed)))
done

# A test host that died wrote no counters, and must not pass for green.
for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  if [ ! -s "$results/$name.trx" ]; then
    echo "$name left no results." >&2
    status=1
  fi
done

if [ "$skipped" -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
exit $status
