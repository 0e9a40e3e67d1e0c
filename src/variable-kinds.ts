/** The kinds of values that variables have: what each looks like, and what to say where it does not. */
import { readFileSync } from 'node:fs'
import { hasCertificates } from './pem.ts'
import { parseStoreUrl, type StoreUrl } from './store-url.ts'

export interface Declaration<T> {
  /** As it would be written in the environment; missing where there is no default. */
  readonly default?: string
  /** Whether it may also come as `NAME_FILE`, the path of a file that holds it. */
  readonly isSecret?: true
  /** The value, or `undefined` where the text is not of the expected form. */
  readonly parse: (text: string) => T | undefined
  /** Completes the sentence "NAME must be …". */
  readonly expected: string
}

export interface WithDefault<T> extends Declaration<T> {
  readonly default: string
}

/** What is started with an environment. Each is asked only for what it reads: no server learns the secrets of another. */
export type Program = string

export type Variable<T> = Declaration<T> & { readonly readers: readonly Program[] }

/** Environment variables by their names. The core has one, and each capability may have its own. */
export type VariableTable = Readonly<Record<string, Variable<unknown>>>

type ValueOf<V> = V extends Declaration<infer T> ? T : never

/** What was read. Where there was a problem, the value is missing. */
export type ValuesOf<T extends VariableTable> = {
  readonly [K in keyof T]: ValueOf<T[K]> | undefined
}

/** What was read without a problem: all but the variables that have no default are there. */
export type SoundValuesOf<T extends VariableTable> = {
  readonly [K in keyof T]: T[K] extends WithDefault<unknown>
    ? ValueOf<T[K]>
    : ValueOf<T[K]> | undefined
}

export const readBy =
  (...readers: readonly Program[]) =>
  <D extends Declaration<unknown>>(declaration: D) => ({ ...declaration, readers })

export const host = (byDefault: string): WithDefault<string> => ({
  default: byDefault,
  parse: (value) => (/^[\w.:%-]+$/.test(value) ? value : undefined),
  expected: 'a host name or an IP address',
})

export const integer = (byDefault: number, least: number, most: number): WithDefault<number> => ({
  default: String(byDefault),
  parse: (value) =>
    /^\d{1,15}$/.test(value) && Number(value) >= least && Number(value) <= most
      ? Number(value)
      : undefined,
  expected: `a whole number from ${least} to ${most}`,
})

export const choice = <const T extends string>(
  byDefault: T,
  choices: readonly T[],
): WithDefault<T> => ({
  default: byDefault,
  parse: (value) => choices.find((one) => one === value),
  expected: `one of ${choices.join(', ')}`,
})

export const flag = (byDefault: boolean): WithDefault<boolean> => ({
  default: String(byDefault),
  // Anything else could be taken for either: "0" has been read as true.
  parse: (value) => (value === 'true' ? true : value === 'false' ? false : undefined),
  expected: 'true or false',
})

export const origins = (byDefault: string): WithDefault<readonly [string, ...string[]]> => ({
  default: byDefault,
  parse(value) {
    const texts = value.split(',')
    const [first, ...others] = texts.map(parseOrigin).filter((one) => one !== undefined)
    if (first === undefined) return undefined
    const differing = new Set([first, ...others])
    const schemes = new Set([...differing].map((one) => new URL(one).protocol))
    return differing.size === texts.length && schemes.size === 1 ? [first, ...others] : undefined
  },
  expected:
    'an http or https address without path, query or credentials, or several of one scheme with commas between them',
})

function parseOrigin(text: string): string | undefined {
  return URL.canParse(text) && /^https?:\/\/[^/?#@\s]+\/?$/.test(text)
    ? new URL(text).origin
    : undefined
}

/** Exactly as browsers write them in `Origin`: anything else would never be one. */
export const browserOrigins = (): Declaration<readonly string[]> => ({
  parse(value) {
    const texts = value.split(',')
    // A host may have a star in it, but here none stands for others.
    const areExact = texts.every((one) => parseOrigin(one) === one && !one.includes('*'))
    return areExact && new Set(texts).size === texts.length ? texts : undefined
  },
  expected:
    'an http or https origin, in lower case, without a slash at its end and without the port that its scheme has anyway, or several with commas between them',
})

/** Like another, and in memory where nothing is said. */
export const inMemory = <T>(declaration: Declaration<T>): WithDefault<T> => ({
  ...declaration,
  default: 'memory:',
})

/** A secret, because it may hold a password. */
export const store = <const K extends StoreUrl['kind']>(
  kinds: readonly K[],
  expected: string,
): Declaration<Extract<StoreUrl, { readonly kind: K }>> => ({
  isSecret: true,
  parse(value) {
    const url = parseStoreUrl(value)
    const isOfKind = (one: StoreUrl): one is Extract<StoreUrl, { readonly kind: K }> =>
      kinds.some((kind) => kind === one.kind)
    return url !== undefined && isOfKind(url) ? url : undefined
  },
  expected,
})

export const fileContent = (): Declaration<string> => ({
  parse: (path) => readText(path),
  expected: 'the path of a readable file',
})

export const authorities = (): Declaration<string> => ({
  parse(path) {
    const pem = readText(path)
    return pem !== undefined && hasCertificates(pem) ? pem : undefined
  },
  expected: 'the path of a file with certificates in PEM',
})

/** How long it must be is for whoever makes the user. */
export const password = (): Declaration<string> => ({
  isSecret: true,
  parse: (value) => value,
  expected: 'a password, or left out',
})

export const clientId = (byDefault: string): WithDefault<string> => ({
  default: byDefault,
  parse: (value) => (/^[\w.-]{1,64}$/.test(value) ? value : undefined),
  expected: '1 to 64 letters, digits, dots, hyphens and underscores',
})

/** Known to everyone, so only good for a demo. */
export const demoClientSecret = 'demo-client-secret-known-to-everyone'

export const clientSecret = (): Declaration<string> => ({
  isSecret: true,
  parse: (value) => (/^[\x21-\x7e]{32,256}$/.test(value) ? value : undefined),
  expected: '32 to 256 printable ASCII characters without spaces',
})

export const seconds = (byDefault: number, least: number, most = 31_536_000) =>
  integer(byDefault, least, most)

/** The content of a file; `undefined` where it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
