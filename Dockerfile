# docker build -t connectmock .
# docker-bake.hcl builds it for other processors: the compiler runs on the builder's, not emulated.
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ARG TARGETOS TARGETARCH
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags='-s -w' -o /out/usr/local/bin/connectmock ./cmd/connectmock
# Folders keep their mode when they are copied from within a folder. /data can be
# written by group 0, so by any user: docker run --user 1234 and OpenShift put
# users without a group of their own into it.
RUN mkdir -p /out/etc/ssl/certs /out/data /out/tmp && chmod 0775 /out/data && chmod 1777 /out/tmp \
 && cp /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/

FROM scratch
COPY --from=build /out/ /
USER 65532:0
WORKDIR /data
VOLUME /data
ENV CONNECTMOCK_ADDR=0.0.0.0 CONNECTMOCK_STORE=/data/connectmock.db
# 8443 is the port with TLS.
EXPOSE 8080 8443
HEALTHCHECK --interval=10s --timeout=2s --start-period=2s CMD ["connectmock", "ping"]
# Flags alone, or nothing, are those of serve; anything else is a subcommand.
ENTRYPOINT ["connectmock", "container"]
