#!/bin/sh
# Builds everything for release, measures it against the budgets, and writes the table to bench/results/.
# Usage: bench/run.sh [--quick] [measurement]…
set -eu
cd "$(dirname "$0")/.."
eng/edition.sh
dotnet build bench/Bench -c Release -v quiet -nologo -clp:NoSummary
exec bench/Bench/bin/Release/net10.0/Personalization.Bench "$@"
