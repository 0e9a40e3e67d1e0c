# Sourced by the other scripts, from the root of the repository: the right Node, and the packages of the lockfile.
node --eval 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 18) ? 0 : 1)' 2>/dev/null || {
  echo "Sallyport needs Node 20.18 or newer, and finds $(node --version 2>/dev/null || echo none)." >&2
  exit 1
}
stamp=node_modules/.installed-lockfile
if ! cmp -s package-lock.json "$stamp"; then
  echo "Installing packages …" >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json "$stamp"
fi
