#!/bin/sh
# Makes a kind cluster with the mock in it, from the sources in this folder's repository, and reads its vaults.
# It needs docker, kind, kubectl and curl. `kind delete cluster --name connectmock` removes everything.
set -eu
cd "$(dirname "$0")/../.."

docker build -t ghcr.io/connectmock/connectmock:0.2.0 .
kind create cluster --config deploy/kind/kind.yaml --wait 2m
kind load docker-image --name connectmock ghcr.io/connectmock/connectmock:0.2.0
kubectl --context kind-connectmock apply -k deploy/kubernetes
kubectl --context kind-connectmock apply -f deploy/kind/node-port.yaml
kubectl --context kind-connectmock rollout status deployment/onepassword-connect --timeout 2m
curl -fsS -H 'Authorization: Bearer any-word-you-like' http://127.0.0.1:8080/v1/vaults
