# Builds the report page, then the program with the page in it, and runs it without the tools of either.
#   docker build -t curie .
#   docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/data" curie report runs/chi --out report.html
FROM node:22-slim AS page
WORKDIR /source/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web .
RUN npm run build

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS program
WORKDIR /source
COPY . .
COPY --from=page /source/web/dist/index.html web/dist/index.html
# The page lies there already; what is skipped is making it with a Node.js that this image lacks.
RUN dotnet publish src/Curie.Cli -c Release -o /app -p:SkipReportPage=true

FROM mcr.microsoft.com/dotnet/runtime:10.0
COPY --from=program /app /app
# Files are read and written in the folder that is mounted at /data, by a user without rights.
WORKDIR /data
RUN chown "$APP_UID" /data
USER $APP_UID
ENTRYPOINT ["/app/curie"]
