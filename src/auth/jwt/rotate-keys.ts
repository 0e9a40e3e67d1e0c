/** Puts a fresh key into the line: behind the one that signs now, or, where that one is compromised, in the place of all. */
import { rotationTimes } from './key-times.ts'
import { type KeyLine, type NewSigningKey, type SigningKeys, stateOf } from './signing-keys.ts'

export interface RotateKeysDependencies {
  readonly keys: SigningKeys
  readonly makeKey: () => Promise<NewSigningKey>
}

export interface Rotation {
  /** Missing where nothing was changed. */
  readonly filed?: string
  /** Those that are good for nothing from now on. */
  readonly removed: readonly string[]
  /** For whoever asked, a line each. */
  readonly sentences: readonly string[]
}

/** Where there is a next key already, nothing is changed. */
export async function rotateKeys({ keys, makeKey }: RotateKeysDependencies): Promise<Rotation> {
  const key = await makeKey()
  const isFiled = await keys.rotate(key, rotationTimes)
  const sentences = describeLine(await keys.read())
  if (isFiled) return { filed: key.kid, removed: [], sentences }
  return { removed: [], sentences: ['There is a next key already.', ...sentences] }
}

/** Whoever holds tokens must fetch others: none that was signed before is good any more. */
export async function replaceKeys({ keys, makeKey }: RotateKeysDependencies): Promise<Rotation> {
  const known = (await keys.read()).keys.map(({ kid }) => kid)
  const key = await makeKey()
  const isFiled = await keys.replaceAll(known.at(-1) ?? '', key)
  const sentences = describeLine(await keys.read())
  if (isFiled) return { filed: key.kid, removed: known, sentences }
  const refused = 'Nothing was replaced: somebody else has changed the keys at this moment.'
  return { removed: [], sentences: [refused, ...sentences] }
}

export function describeLine({ keys, judgedAt }: KeyLine): readonly string[] {
  return keys.map((key) => {
    switch (stateOf(key, judgedAt)) {
      case 'next':
        return `${key.kid} is next: it signs from ${instant(key.currentAt)} on.`
      case 'current':
        return key.retiredAt === undefined
          ? `${key.kid} is current.`
          : `${key.kid} is current until ${instant(key.retiredAt)}.`
      default:
        return `${key.kid} is retired: it is published until ${instant(key.removedAt)}.`
    }
  })
}

function instant(at: number | undefined): string {
  return new Date(Number(at)).toISOString()
}
