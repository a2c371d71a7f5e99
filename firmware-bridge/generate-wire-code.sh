#!/bin/sh
# Regenerates src/protocol/generated from proto/. The generators run through npx, so that they are no part of `npm ci`.
set -eu
cd "$(dirname "$0")"
exec npx --yes -p @bufbuild/buf@1.70.0 -p @bufbuild/protoc-gen-es@2.17.0 -c 'buf lint && buf generate'
