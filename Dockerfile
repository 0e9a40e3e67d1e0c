# Both servers, an image each from the same layers: docker build --target auth, or --target business.

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
RUN npm run build

# What the servers need at run time, as locked: no tools, but the drivers of the stores, which are optional elsewhere.
FROM node:20-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm pkg delete devDependencies peerDependenciesMeta && npm ci --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim AS base
WORKDIR /app
COPY LICENSE package.json ./
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY deploy/healthcheck.mjs deploy/
# Everything above belongs to root, so the servers cannot change it, and they write no file of their own.
USER node

FROM base AS auth
EXPOSE 4000
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["node", "deploy/healthcheck.mjs", "auth"]
CMD ["node", "dist/auth/main.js"]

FROM base AS business
EXPOSE 4001
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["node", "deploy/healthcheck.mjs", "business"]
CMD ["node", "dist/business/main.js"]
