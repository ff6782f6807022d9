# The image for more than one processor: docker buildx bake --set '*.tags=registry.example.com/connectmock:1' --push
variable "TAG" {
  default = "dev"
}

group "default" {
  targets = ["connectmock"]
}

target "connectmock" {
  context   = "."
  platforms = ["linux/amd64", "linux/arm64"]
  tags      = ["ghcr.io/connectmock/connectmock:${TAG}"]
  attest    = ["type=provenance,mode=max", "type=sbom"]
}
