#!/usr/bin/env bash
# Builds the published modules, or those given (telemetry-api,telemetry-netty), twice, in two folders with different
# names, and fails unless every jar has the same bytes. Takes what is committed; needs a few minutes and no tests.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
modules=${1:-$(ls -- */src/main/java/module-info.java | cut -d/ -f1 | paste -sd,)}

build() {
  git clone -q . "$work/$1"
  (cd "$work/$1" && mvn -B -ntp -q -DskipTests -Dspotless.check.skip -pl "$modules" -am verify)
  (cd "$work/$1" && find . -path '*/target/*' -name '*.jar' ! -path '*/target/*/*' -print0 |
    sort -z | xargs -0 sha256sum) > "$work/$1.sums"
}

build first
build second-with-a-longer-name
diff "$work/first.sums" "$work/second-with-a-longer-name.sums"
echo "$(wc -l < "$work/first.sums") jars have the same bytes."
