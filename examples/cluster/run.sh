#!/usr/bin/env bash
# A study in shards, from nothing to merged results: run.sh FOLDER [OPTION...]
# Further options are those of `curie submit susceptibility`; without any, the shards are processes of this machine.
# CURIE names another curie or curie.dll than this repository's, which is built if need be.
set -euo pipefail

[ $# -ge 1 ] || { echo "name the folder to work in: run.sh FOLDER [OPTION...]" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
program=${CURIE:-$here/../../src/Curie.Cli/bin/Release/net10.0/curie.dll}
[ -e "$program" ] || dotnet build -c Release "$here/../../src/Curie.Cli"
curie() {
  case $program in
    *.dll) dotnet "$program" "$@" ;;
    *) "$program" "$@" ;;
  esac
}

mkdir -p "$1"
cp "$here/train.yaml" "$here/experiment.yaml" "$1"
cd "$1"
shift

# The model and the text, on this machine.
if [ ! -e model/checkpoint-500 ]; then
  curie corpus build --source arithmetic --limit 300K --out corpus --overwrite
  curie tokenizer train --data corpus/train.jsonl --vocab 384 --out tokenizer.json --overwrite
  curie pack --tokenizer tokenizer.json --data corpus/train.jsonl --n-ctx 64 --out train.npy --overwrite
  curie pack --tokenizer tokenizer.json --data corpus/heldout.jsonl --n-ctx 64 --out arithmetic.npy --overwrite
  curie pack --tokenizer tokenizer.json --repeats 32 --n-ctx 64 --out repeats.npy --overwrite
  curie train --config train.yaml --resume
fi

# The study. Given again, this submits the shards that are not done.
[ $# -gt 0 ] || set -- --engine local --jobs 2 --cpus 1
curie submit susceptibility --config experiment.yaml --out study --shards 6 --resume "$@"
curie status study
[ ! -e study/merged.json ] || curie structure study
