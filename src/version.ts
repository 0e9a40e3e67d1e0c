import { readFileSync } from 'node:fs'

/** Of this program: of the nearest `package.json` above this file, compiled or not. */
export function readVersion(): string {
  let folder = new URL('.', import.meta.url)
  for (;;) {
    const text = readText(new URL('package.json', folder))
    if (text !== undefined) return String((JSON.parse(text) as { version?: unknown }).version) // ours has one
    const parent = new URL('..', folder)
    if (parent.href === folder.href) throw new Error('There is no package.json above the program.')
    folder = parent
  }
}

function readText(file: URL): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
