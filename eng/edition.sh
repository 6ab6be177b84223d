#!/usr/bin/env bash
# Asks the package feed once whether it holds what the cluster edition needs, and writes the answer to artifacts/edition.props.
# EDITION=Cluster or EDITION=SingleNode in the environment decides without asking.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p artifacts

write() {
  printf '<Project>\n  <PropertyGroup>\n    <Edition>%s</Edition>\n  </PropertyGroup>\n</Project>\n' "$1" > artifacts/edition.props
  echo "Edition: $1${2:+ ($2)}"
}

if [ -n "${EDITION:-}" ]; then
  write "$EDITION" "as EDITION says"
elif [ -s artifacts/edition.props ] && [ artifacts/edition.props -nt Directory.Packages.props ]; then
  echo "Edition: $(sed -n 's/.*<Edition>\(.*\)<.*/\1/p' artifacts/edition.props) (artifacts/edition.props; delete it to ask the feed again)"
elif dotnet restore src/Silo/Silo.csproj -p:Edition=Cluster > artifacts/edition.log 2>&1; then
  write Cluster "the feed holds every package"
else
  missing=$(grep -oE "Unable to find (a stable )?package [A-Za-z0-9._-]+" artifacts/edition.log | awk '{print $NF}' | sort -u | head -3 | paste -sd' ')
  write SingleNode "the feed lacks ${missing:-something; see artifacts/edition.log}"
fi
