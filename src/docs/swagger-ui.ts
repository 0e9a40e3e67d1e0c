/** The package that shows the document, where it is installed. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Content } from '../http/content.ts'

/** All that is shown of it, by name. */
const types = {
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'favicon-32x32.png': 'image/png',
} as const

/** Its files by their names; `undefined` where it is not installed. Each is read once. */
export async function readSwaggerUi(): Promise<ReadonlyMap<string, Content> | undefined> {
  const { resolve } = createRequire(import.meta.url)
  try {
    const files = Object.entries(types).map(async ([name, type]) => {
      const bytes = await readFile(resolve(`swagger-ui-dist/${name}`))
      return [name, new Content(type, bytes)] as const
    })
    return new Map(await Promise.all(files))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined // missing fields are fine
    throw error
  }
}
