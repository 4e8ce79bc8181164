#!/bin/sh
# scripts/characterise on a small case:
#   quick.sh <source folder> <build folder> <table>
# The gates must be those of the RTL, and the fits within the errors that docs/energy.md states. The
# one layer that the PE whose sums stay is tested on is the worst that it knows.
set -eu
source=$1
build=$2
table=$3

check() {
  kind=$1
  most=$2
  rm -f "$table"
  SYSTOL_BUILD=$build "$source/scripts/characterise" "$kind" "$table"
  awk -v most="$most" '
    /mean:/ {
       ++sets
       tested = /tested/
       gsub(/[^0-9. ]/, "")
       if ($2 > (tested ? most : 6) || $3 > 15) { print "an error is too large: " $0; exit 1 }
     }
     END { if (sets != 4) { print "found " sets " errors, expected 4"; exit 1 } }' "$table"
}

check quick 6
check quick_in_place 15
