/** The Postman collection and its environment, as far as tests look at them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'

interface Variable {
  readonly key: string
  readonly value: string
}

interface Described {
  readonly name: string
  readonly description?: string
}

export interface CollectionRequest extends Described {
  readonly event: readonly { readonly listen: string; readonly script: { exec: string[] } }[]
  readonly request: {
    readonly method: string
    readonly description?: string
    readonly url: { readonly host: readonly string[]; readonly path: readonly string[] }
  }
}

interface Folder extends Described {
  readonly item: readonly CollectionRequest[]
}

function read(name: string): string {
  return readFileSync(join(root, 'postman', `sallyport.postman_${name}.json`), 'utf8')
}

export const collectionText = read('collection')

// What their tools write.
export const collection = JSON.parse(collectionText) as {
  readonly item: readonly Folder[]
  readonly variable: readonly Variable[]
}
export const environment = JSON.parse(read('environment')) as {
  readonly values: readonly Variable[]
}

export const requests = collection.item.flatMap(({ item }) => item)
