#!/bin/sh
# run_page.sh <systol> <source folder> <page> <work folder>
# Runs the page's commands, which are its lines indented by four blanks, in a folder of their own. A
# text block after them must be lines that they have printed, errors among them.
set -eu
systol=$1
source=$2
page=$3
work=$4

rm -rf "$work"
mkdir -p "$work/bin" "$work/here/traces"
ln -s "$systol" "$work/bin/systol"
ln -s "$source/configs" "$work/here/configs"
awk -v commands="$work/commands" -v shown="$work/shown" '
  /^```/ { block = block == "" ? substr($0, 4) " block" : ""; next }
  block == "text block" && $0 != "" { print >shown }
  block == "" && sub(/^    /, "") { print >commands }
' "$page"
count=$(wc -l <"$work/commands")
[ "$count" -ge 5 ] || {
  echo "run_page.sh: only $count commands in $page" >&2
  exit 1
}

cd "$work/here"
PATH=$work/bin:$PATH
export PATH
sh -eux "$work/commands" >"$work/out" 2>"$work/err" || {
  tail -n 3 "$work/err" >&2
  exit 1
}

while IFS= read -r line; do
  grep -qxF -- "$line" "$work/out" "$work/err" || {
    echo "run_page.sh: no command of $page prints: $line" >&2
    exit 1
  }
done <"$work/shown"
