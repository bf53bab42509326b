# syntax=docker/dockerfile:1
# A static binary on an image without a shell: about the size of the binary itself.

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /out/socia . && mkdir /out/data

# Certificates and time zones come with it; its user is nonroot (65532).
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/socia /socia
COPY --from=build --chown=65532:65532 /out/data /data
COPY LICENSE /LICENSE

# The only place that is written to; the rest of the file system may be read-only.
VOLUME /data
ENV SOCIA_DATABASE_URL=sqlite:/data/socia.db
USER 65532:65532
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 CMD ["/socia", "health"]
ENTRYPOINT ["/socia"]
CMD ["serve", "--listen", "0.0.0.0:3000"]
