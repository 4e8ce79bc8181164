#!/bin/sh
# What the linter does not look at: style.sh <source folder>
# No tabs, no trailing blanks, at most 100 columns, one module of the file's name per file.
set -eu
cd "$1/hw/rtl"
status=0
complain() {
  echo "$1" >&2
  status=1
}
for file in *.sv; do
  name=${file%.sv}
  if grep -nP '\t|\s$' "$file"; then complain "$file: tab or trailing blank"; fi
  if grep -nP '^.{101,}' "$file"; then complain "$file: line of more than 100 columns"; fi
  head -n 1 "$file" | grep -q 'SPDX-License-Identifier' || complain "$file: no licence line"
  [ "$(grep -cE '^(module|package) ' "$file")" = 1 ] || complain "$file: not one module"
  grep -qE "^(module|package) $name\b" "$file" || complain "$file: the module is not $name"
done
exit $status
