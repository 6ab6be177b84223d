# syntax=docker/dockerfile:1.7
# The engine in one process. Build from the repository's root:
#   docker build -f deploy/docker/node.Dockerfile -t personalization-node:0.1.0 .
#
# Without keys configured the server listens on loopback only, in a container too, so a published port reaches nothing. Run it in
# the host's network, or in a pod beside a reverse proxy that checks its callers:
#   docker run --network host --read-only --tmpfs /tmp --stop-timeout 60 -v personalization:/data personalization-node:0.1.0

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
COPY src/Node/Node.csproj src/Node/
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages \
    dotnet restore src/Node/Node.csproj -p:Edition=SingleNode

COPY .editorconfig ./
# Built above: where its sources are absent the build takes it as it is.
COPY --from=sdk /sdk/dist/sdk.js web/sdk/dist/sdk.js
COPY src/Core/ src/Core/
COPY src/Api/ src/Api/
COPY src/Node/ src/Node/
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages \
    dotnet publish src/Node/Node.csproj -c Release -p:Edition=SingleNode --no-restore -o /app \
    && mkdir /data

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS runtime
WORKDIR /app
COPY --from=build /app .
# A new volume takes over the owner of the folder it covers; there is no shell here to chown it later.
COPY --from=build --chown=$APP_UID:$APP_UID /data /data
VOLUME /data

EXPOSE 8080

# Only /data is written. The root file system may be read-only; .NET only wants a writable /tmp for its diagnostics socket.
USER $APP_UID

# A chiseled image has no shell and no curl that a check inside the container could run. Ask /healthz and /readyz from outside.
HEALTHCHECK NONE

STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "Personalization.Node.dll"]
CMD ["--urls", "http://127.0.0.1:8080", "--data", "/data"]
