# syntax=docker/dockerfile:1.7
# The cluster's executable. Build from the repository's root:
#   docker build -f deploy/docker/silo.Dockerfile -t personalization-silo:0.1.0 .

FROM node:22-slim AS sdk
WORKDIR /sdk
COPY web/sdk/package.json web/sdk/package-lock.json ./
RUN --mount=type=cache,id=npm,target=/root/.npm npm ci --no-audit --no-fund
COPY web/sdk/ ./
RUN npm run --silent build

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source

# What decides the restore, and nothing else: this layer lives until a package or a reference changes.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY src/Core/Core.csproj src/Core/
COPY src/Api/Api.csproj src/Api/
COPY src/Grains/Grains.csproj src/Grains/
COPY src/Streaming.Kafka/Streaming.Kafka.csproj src/Streaming.Kafka/
COPY src/Silo/Silo.csproj src/Silo/
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages \
    dotnet restore src/Silo/Silo.csproj -p:Edition=Cluster

COPY .editorconfig ./
# Built above: where its sources are absent the build takes it as it is.
COPY --from=sdk /sdk/dist/sdk.js web/sdk/dist/sdk.js
COPY src/Core/ src/Core/
COPY src/Api/ src/Api/
COPY src/Grains/ src/Grains/
COPY src/Streaming.Kafka/ src/Streaming.Kafka/
COPY src/Silo/ src/Silo/
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages \
    dotnet publish src/Silo/Silo.csproj -c Release -p:Edition=Cluster --no-restore -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS runtime
WORKDIR /app
COPY --from=build /app .

# 8080 REST and probes, 8081 gRPC (HTTP/2 without TLS), 11111 between silos, 30000 for Orleans clients outside the cluster.
EXPOSE 8080 8081 11111 30000

# Nothing is written below /app. The root file system may be read-only; .NET only wants a writable /tmp for its diagnostics socket.
USER $APP_UID

# A chiseled image has no shell and no curl that a check inside the container could run. Whoever runs the container asks
# /healthz and /readyz from outside: the kubelet does, and so does Prometheus in deploy/compose.yaml.
HEALTHCHECK NONE

# Draining takes up to 120 s after SIGTERM: stop with a longer timeout than Docker's 10 s.
STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "Personalization.Silo.dll"]
