FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /out/connectmock ./cmd/connectmock && mkdir /out/data

FROM scratch
COPY --from=build /out/connectmock /connectmock
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=2s --start-period=2s CMD ["/connectmock", "ping", "http://127.0.0.1:8080"]
ENTRYPOINT ["/connectmock"]
CMD ["serve", "--addr", "0.0.0.0:8080", "--store", "/data/connectmock.db"]
