#!/bin/bash
# completion_zsh.sh <systol> <source folder> <work folder>
# Types into a zsh at a terminal of its own, and looks at what it completes.
set -eu
systol=$1
work=$3

command -v zsh >/dev/null || {
  echo "there is no zsh here"
  exit 77
}
rm -rf "$work"
mkdir -p "$work/functions"
cd "$work"
touch model.onnx
"$systol" completion zsh >functions/_systol

cat >type.zsh <<'END'
zmodload zsh/zpty
zpty shell zsh -f -i
send() { zpty -w -n shell "$1"; }
# Reads until $1 is there.
expect() {
  local seen= part
  repeat 200; do
    if zpty -r -t shell part; then seen+=$part; [[ $seen == *$1* ]] && return; else sleep 0.05; fi
  done
  print -r -- "completion_zsh.sh: no '$1' in: $seen" >&2
  exit 1
}
send $'PS1= ; unsetopt zle_bracketed_paste; fpath=($PWD/functions $fpath)\n'
send $'autoload -U compinit && compinit -u -D && print rea""dy\n'
expect ready
# Ctrl-A and echo turn a completed line into text that can be read.
complete() { send "$1"$'\t'; sleep 0.3; send $'\001print -r -- got: \n'; expect "got: $2"; }
complete 'systol desc' 'systol describe'
complete 'systol rtl cl' 'systol rtl clean'
complete 'systol run --power-w' 'systol run --power-window'
complete 'systol run --engine sys' 'systol run --engine systemc'
complete 'systol run mod' 'systol run model.onnx'
complete 'systol help describ' 'systol help describe'
zpty -d shell
END
zsh -f type.zsh
