#!/bin/bash
# completion_bash.sh <systol> <source folder> <work folder>
# What bash offers, in a folder with few files. The last of the words is what was typed so far.
set -eu
systol=$1
work=$3

rm -rf "$work"
mkdir -p "$work/folder"
cd "$work"
touch model.onnx "two words.yaml"
"$systol" completion bash >script
# shellcheck source=/dev/null
. ./script

# completes LINE EXPECTED, the words of LINE between blanks and equal signs, as bash cuts it
completes() {
  local line=$1 expected=$2
  line=${line//=/ = }
  read -ra COMP_WORDS <<<"$line"
  case $line in *' ') COMP_WORDS+=('') ;; esac
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  COMPREPLY=()
  _systol
  local found
  found=$(printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort | tr '\n' ' ')
  [ "$found" = "$expected " ] || {
    echo "completion_bash.sh: '$1' gives '$found' instead of '$expected'" >&2
    exit 1
  }
}

completes 'systol desc' 'describe'
completes 'systol rtl ' 'build clean list'
completes 'systol rtl cl' 'clean'
completes 'systol help comp' 'compare compile completion'
completes 'systol completion ' 'bash zsh'
completes 'systol run --engine ' 'fast rtl systemc'
completes 'systol run --engine=f' 'fast'
completes 'systol run model.onnx --pow' '--power --power-window'
completes 'systol completion -' '--help -h'
completes 'systol run mod' 'model.onnx'
completes 'systol run x -c two' 'two words.yaml'
completes 'systol run x --save-tensors ' 'folder'
completes 'systol run x --json rtl cl' ''
completes 'systol run x --limit ' ''
completes 'systol validate tpu-v1 --js' '--json'
