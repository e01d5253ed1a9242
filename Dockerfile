# syntax=docker/dockerfile:1.7

# Whoever releases an image pins both by digest: --build-arg RUNTIME=gcr.io/distroless/nodejs24-debian12@sha256:…
ARG BUILDER=node:24.11.1-bookworm-slim
ARG RUNTIME=gcr.io/distroless/nodejs24-debian12:nonroot

FROM ${BUILDER} AS builder
WORKDIR /build
COPY package.json package-lock.json ./
# No package runs a script of its own; nothing that the bundle needs is native, so one bundle serves amd64 and arm64.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY bundle.mjs notices.mjs tsconfig.json ./
COPY src src
COPY policies policies
COPY sim sim
COPY data data
COPY fakes fakes
COPY report report
COPY check check
COPY cli cli
RUN npm run bundle -- /app \
 && mkdir -p /app/node_modules \
 && cp -R node_modules/jiti /app/node_modules/jiti

FROM ${RUNTIME}
LABEL org.opencontainers.image.title="Spot Keeper" \
      org.opencontainers.image.description="Keeps a pool of fixed-duration EC2 instances for CI jobs on Kubernetes" \
      org.opencontainers.image.licenses="MIT"
# Owned by root and written by nobody: the keeper runs as another.
COPY --from=builder --chown=0:0 /app /app
COPY --chown=0:0 LICENSE /app/LICENSE
ENV NODE_ENV=production
USER 65532:65532
WORKDIR /tmp
EXPOSE 8080
# No native parts, and no way to reach a prototype through foreign JSON.
ENTRYPOINT ["/nodejs/bin/node", "--no-addons", "--disable-proto=delete", "/app/cli/main.js"]
CMD ["--help"]
