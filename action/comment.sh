#!/usr/bin/env bash
# Writes the review into the pull request: one comment, which is updated.
# Its first line is a marker with the name of the configuration.
set -euo pipefail

api() { curl -fsS -H "Authorization: Bearer $GITHUB_TOKEN" -H "Accept: application/vnd.github+json" "$@"; }
comments=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues
marker=$(head -n 1 "$REVIEW")
work=$(mktemp -d)
jq -n --rawfile body "$REVIEW" '{body: $body}' > "$work/comment.json"
id=
for page in $(seq 10); do
  api "$comments/$PULL_REQUEST/comments?per_page=100&page=$page" > "$work/comments.json"
  id=$(jq -r --arg marker "$marker" 'map(select(.body | startswith($marker)))[0].id // empty' "$work/comments.json")
  if [ -n "$id" ] || [ "$(jq length "$work/comments.json")" -lt 100 ]; then break; fi
done
if [ -n "$id" ]; then
  api -X PATCH "$comments/comments/$id" --data @"$work/comment.json" > /dev/null
else
  api -X POST "$comments/$PULL_REQUEST/comments" --data @"$work/comment.json" > /dev/null
fi
