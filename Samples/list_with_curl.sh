#!/usr/bin/env bash
# List the jobs of the workspace with nothing but curl: a token from the managed-identity endpoint, then the API itself.
#
#     eval "$(lazuli env)"
#     Samples/list_with_curl.sh <subscription> <resource group> <workspace>
set -euo pipefail

get() { curl --silent --show-error --fail-with-body --cacert "$SSL_CERT_FILE" "$@"; }
field() { python3 -c "import json, sys; print(json.load(sys.stdin)['$1'])"; }

api=${ARM_CLOUD_METADATA_URL%/metadata/*}
token=$(get -H "X-IDENTITY-HEADER: $IDENTITY_HEADER" \
    "$IDENTITY_ENDPOINT?api-version=2019-08-01&resource=$api/" | field access_token)
workspace="/subscriptions/$1/resourceGroups/$2/providers/Microsoft.MachineLearningServices/workspaces/$3"
get -H "Authorization: Bearer $token" "$api$workspace/jobs?api-version=2024-04-01"
echo
