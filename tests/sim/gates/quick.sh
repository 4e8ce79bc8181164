#!/bin/sh
# scripts/characterise on a small case:
#   quick.sh <source folder> <build folder> <table>
# The gates must be those of the RTL, and the fit within the errors that docs/energy.md states.
set -eu
source=$1
table=$3
rm -f "$table"
SYSTOL_BUILD=$2 "$source/scripts/characterise" quick "$table"
awk '/mean:/ {
       ++sets
       gsub(/[^0-9. ]/, "")
       if ($2 > 6 || $3 > 15) { print "an error is too large: " $0; exit 1 }
     }
     END { if (sets != 4) { print "found " sets " errors, expected 4"; exit 1 } }' "$table"
