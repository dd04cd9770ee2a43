#!/usr/bin/env bash
# Calls the endpoint of Samples/serve with nothing but curl, as a program elsewhere would: its address and a key.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

uri=$(lazuli online-endpoint show --name flats --query scoring_uri -o tsv)
key=$(lazuli online-endpoint get-credentials --name flats --query primaryKey -o tsv)
curl --fail-with-body --silent --show-error --header "Authorization: Bearer $key" \
    --header "Content-Type: application/json" --data "@$here/serve/request.json" "$uri"
echo
