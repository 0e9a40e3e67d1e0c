# Sourced by the other scripts, from the root of the repository: the right Node, and the packages of the lockfile.
node --eval 'const [major, minor, patch] = process.versions.node.split(".").map(Number); process.exit((major - 20) * 1e6 + (minor - 18) * 1e3 + (patch - 1) >= 0 ? 0 : 1)' 2>/dev/null || {
  echo "Sallyport needs Node 20.18.1 or newer, and finds $(node --version 2>/dev/null || echo none)." >&2
  exit 1
}
stamp=node_modules/.installed-lockfile
if ! cmp -s package-lock.json "$stamp"; then
  echo "Installing packages …" >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json "$stamp"
fi

# Compiles what the servers need, when it is not there or older than its sources.
buildWhenStale() {
  if [ ! -f dist/main.js ] || [ -n "$(find src tsconfig.json tsconfig.build.json package-lock.json -newer dist/main.js -print -quit)" ]; then
    echo 'Building …' >&2
    rm -rf dist
    npm run --silent build
  fi
}
